from __future__ import annotations

from decimal import Decimal

import pytest

from app.kit import ids
from app.kit.database import Caller, Database, driver
from app.kit.problems import Problem
from app.kit.transactions import CommandIdReused
from app.ledger.movements import Movement
from app.ledger.problems import (
    AlreadyReversed,
    InsufficientOnHand,
    LotOfAnotherItem,
    PlaceOfAnotherStore,
    QuantityNotPositive,
    ReversalNotReversible,
    SerialInStock,
)
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import (
    PostMoves,
    ReverseMove,
    issue,
    post_moves,
    receive,
    reverse_move,
    shelve,
)

pytestmark = [pytest.mark.ledger, pytest.mark.usefixtures("verified")]


def scalar(database: Database, text: str) -> object:
    with database.reading(Caller(stores="*")) as session:
        return driver(session).execute(text).fetchone()[0]


def pool(database: Database) -> tuple[Decimal, Decimal]:
    with database.reading(Caller(stores="*")) as session:
        return driver(session).execute("select quantity, value from cost_pool").fetchone()


def test_a_receipt_changes_stock_value_and_facts(run: Runner, company, database) -> None:
    [posted] = run(post_moves, PostMoves([receive(company, "bread", "10", "33.33")]))
    assert posted.amount == Decimal("33.33")
    assert scalar(database, "select sum(on_hand) from balance") == 10
    assert pool(database) == (10, Decimal("33.33"))
    assert scalar(database, "select count(*) from command where outcome = 'done'") == 1


def test_issues_take_the_average_and_the_last_takes_the_rest(run, company, database) -> None:
    run(post_moves, PostMoves([receive(company, "bread", "3", "10.00")]))
    amounts = [
        run(post_moves, PostMoves([issue(company, "bread", "1")]))[0].amount for _ in range(3)
    ]
    assert amounts == [Decimal("-3.33"), Decimal("-3.34"), Decimal("-3.33")]
    assert pool(database) == (0, 0)


def test_a_move_inside_the_store_keeps_value(run, company, database) -> None:
    run(post_moves, PostMoves([receive(company, "bread", "3", "10.00")]))
    [posted] = run(post_moves, PostMoves([shelve(company, "bread", "2")]))
    assert posted.amount == 0
    assert pool(database) == (3, Decimal("10.00"))


def test_more_than_there_is_is_refused_with_numbers(run, company, database) -> None:
    run(post_moves, PostMoves([receive(company, "bread", "3", "10.00")]))
    with pytest.raises(InsufficientOnHand) as refused:
        run(post_moves, PostMoves([issue(company, "bread", "4")]))
    assert refused.value.data | {"location": "A-DOCK", "on_hand": "3", "wanted": "4"} == (
        refused.value.data
    )
    assert scalar(database, "select count(*) from stock_move") == 1


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_moves_without_a_quantity(run, company, quantity) -> None:
    with pytest.raises(QuantityNotPositive):
        run(post_moves, PostMoves([receive(company, "bread", quantity, "1")]))


def test_a_lot_of_another_item_is_refused(run, company) -> None:
    with pytest.raises(LotOfAnotherItem):
        run(
            post_moves,
            PostMoves([receive(company, "bread", "1", "1", lot_id=company.lots["milk"])]),
        )


def test_a_place_of_another_store_is_refused(run, company) -> None:
    movement = receive(company, "bread", "1", "1")
    wrong = Movement(**{**movement.__dict__, "store_id": company.b.store_id})
    with pytest.raises(PlaceOfAnotherStore):
        run(post_moves, PostMoves([wrong]))


def test_a_serial_exists_once_and_may_move(run, company, database) -> None:
    serial = _serial(database, company)
    run(post_moves, PostMoves([receive(company, "oven", "1", "999", lot_id=serial)]))
    run(post_moves, PostMoves([shelve(company, "oven", "1", lot_id=serial)]))
    with pytest.raises(SerialInStock):
        run(post_moves, PostMoves([receive(company, "oven", "1", "999", lot_id=serial)]))


def _serial(database: Database, company: SampleCompany) -> int:
    with database.session(Caller(stores="*")) as session:
        connection = driver(session)
        row = connection.execute(
            "insert into lot (item_id, code) values (%s, 'SN1') returning id",
            [company.items["oven"]],
        ).fetchone()
        connection.commit()
        return row[0]


def test_reversal_restores_stock_and_value_once(run, company, database) -> None:
    run(post_moves, PostMoves([receive(company, "bread", "3", "10.00")]))
    [posted] = run(post_moves, PostMoves([issue(company, "bread", "1")]))
    back = run(reverse_move, ReverseMove(posted.move_id))
    assert back.amount == Decimal("3.33")
    assert pool(database) == (3, Decimal("10.00"))
    with pytest.raises(AlreadyReversed):
        run(reverse_move, ReverseMove(posted.move_id))
    with pytest.raises(ReversalNotReversible):
        run(reverse_move, ReverseMove(back.move_id))


def test_reversing_a_receipt_whose_value_has_left_books_the_difference(
    run, company, database
) -> None:
    [dear] = run(post_moves, PostMoves([receive(company, "bread", "10", "100.00")]))
    run(post_moves, PostMoves([receive(company, "bread", "10", "10.00")]))
    run(post_moves, PostMoves([issue(company, "bread", "10")]))
    run(reverse_move, ReverseMove(dear.move_id))
    assert pool(database) == (0, 0)
    assert scalar(database, "select amount from cost_entry where pool_id is null") == (
        Decimal("-45.00")
    )


def test_the_same_command_id_applies_once(run, company, database) -> None:
    command, command_id = PostMoves([receive(company, "bread", "3", "10.00")]), ids.new_id()
    first = run(post_moves, command, command_id=command_id)
    assert run(post_moves, command, command_id=command_id) == first
    assert scalar(database, "select sum(on_hand) from balance") == 3
    with pytest.raises(CommandIdReused):
        run(post_moves, PostMoves([receive(company, "bread", "4", "10.00")]), command_id=command_id)


def test_a_refusal_is_stored_and_repeated(run, company, database) -> None:
    command, command_id = PostMoves([issue(company, "bread", "1")]), ids.new_id()
    with pytest.raises(InsufficientOnHand) as first:
        run(post_moves, command, command_id=command_id)
    run(post_moves, PostMoves([receive(company, "bread", "3", "10.00")]))
    with pytest.raises(Problem) as again:
        run(post_moves, command, command_id=command_id)
    assert (again.value.code, again.value.data) == (first.value.code, first.value.data)
    assert scalar(database, "select outcome from command order by recorded_at limit 1") == (
        "refused"
    )
