"""A voucher over so many lines that a job posts it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.kit import jobs
from app.kit.database import SYSTEM, driver
from app.landing import tasks
from app.landing.posting import AT_ONCE, PostVoucher, ReverseVoucher, post_voucher, reverse_voucher
from app.landing.queries import head
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from tests.buying import Buyer
from tests.landing.test_vouchers import freight, written

LINES = AT_ONCE + 20


@pytest.fixture
def many(buyer: Buyer) -> str:
    """A closed receipt of that many lines of bread, one each at 2.00; its number."""
    return receipt_of(buyer, ["bread"], LINES)


def receipt_of(buyer: Buyer, items: list[str], count: int) -> str:
    order = buyer.order(("bread", "1", "2"))
    opened = buyer.receive(order, ("bread", "1"))
    place = buyer.company.a

    def come(session: Any, command: tuple[int, ...], envelope: Any) -> int:
        moves = [
            Movement(
                store_id=place.store_id, item_id=buyer.company.items[items[number % len(items)]],
                quantity=Decimal(1), source=Place(place.locations["supplier"]),
                target=Place(place.locations["dock"], "available"), biz_step="receiving",
                kind="receipt", amount=Decimal(2),
            )
            for number in range(command[0])
        ]  # fmt: skip
        posted = post(session, envelope, moves)
        driver(session).cursor().executemany(
            "insert into receipt_line (receipt_id, store_id, item_id, entered_quantity, quantity,"
            " net_amount, move_id, command_id, created_by)"
            " values (%s, %s, %s, 1, 1, 2, %s, %s, %s)",
            [
                (opened.receipt_id, place.store_id, move.item_id, done.move_id,
                 envelope.command_id, buyer.company.users["operator_a"])
                for move, done in zip(moves, posted, strict=True)
            ],
        )  # fmt: skip
        return len(moves)

    buyer.run(come, (count - 1,))
    return opened.number


def work(buyer: Buyer) -> None:
    """What the worker does, here and now: the job that is queued."""
    [(job_args,)] = buyer.rows(
        "select args from procrastinate_jobs where task_name = 'landing.carry_out'"
        " order by id desc limit 1"
    )
    job = jobs.Job(buyer.database, buyer.manager)
    tasks.carry_out_task(job, **job_args["ids"])
    tasks.carry_out_task(job, **job_args["ids"])  # a job may run twice


def test_a_job_posts_and_reverses_it(buyer: Buyer, many: str) -> None:
    buyer.sell("bread", str(LINES // 2))
    voucher = written(buyer, many, charges=[freight("104")])
    assert buyer.manage(post_voucher, PostVoucher(voucher)).state == "posting"
    work(buyer)
    with buyer.database.reading(SYSTEM) as session:
        assert head(session, voucher).state == "posted"
        found = jobs.progress(session, tasks.progress_key(voucher))
    assert (found.done, found.total) == (LINES, LINES)
    assert buyer.value("bread") == LINES + 52
    buyer.manage(reverse_voucher, ReverseVoucher(voucher, "wrong receipt"))
    work(buyer)
    assert buyer.value("bread") == LINES


def test_what_stops_the_job_is_shown(buyer: Buyer, many: str) -> None:
    voucher = written(buyer, many, charges=[freight("104")])
    buyer.manage(post_voucher, PostVoucher(voucher))
    with buyer.database.session(SYSTEM) as session:
        driver(session).execute("update landing_charge set basis = 'by_weight'")
        session.commit()
    work(buyer)
    with buyer.database.reading(SYSTEM) as session:
        found = head(session, voucher)
    assert found.state == "draft"
    assert found.refusal is not None
    assert found.refusal.code == "landing_basis_unknown"
