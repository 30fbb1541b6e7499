"""Each line of bad input that touches receiving: a clear refusal, nothing half-done."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.access.problems import CapabilityMissing
from app.catalog.problems import InvalidInput, LotDatesDiffer
from app.kit import clock
from app.kit.i18n import speaking
from app.kit.problems import Gone, Problem
from app.ledger.problems import QuantityNotPositive, SerialInStock
from app.receiving import commands, order_problems, problems
from app.receiving.commands import (
    CancelPurchaseOrder,
    CancelReceipt,
    CloseReceipt,
    CreatePurchaseOrder,
    EnterExpiry,
    EnterLot,
    OrderLine,
    RecordDamaged,
    RecordShort,
    TakeOverReceipt,
)
from tests.receiving.conftest import BREAD, FLOUR, MILK, OVEN, Dock

GOOD = clock.today() + timedelta(days=20)


@pytest.fixture
def open_dock(dock: Dock) -> Dock:
    dock.open(
        dock.order(
            OrderLine("BREAD", Decimal(10), Decimal(1), over_receipt_tolerance=Decimal("0.2")),
            OrderLine("MILK", Decimal(10), Decimal(2)),
            OrderLine("FLOUR", Decimal(10), Decimal(5)),
            OrderLine("OVEN", Decimal(2), Decimal(999)),
        )
    )
    return dock


def refused(dock: Dock, problem: type[Problem], code: str) -> Problem:
    """The refusal, after which nothing has changed."""
    before = dock.rows("select step, version from receipt")
    moves = dock.one("select count(*) from stock_move")
    with pytest.raises(problem) as caught:
        dock.scan(code)
    assert dock.rows("select step, version from receipt") == before
    assert dock.one("select count(*) from stock_move") == moves
    with speaking("en"):
        assert caught.value.message
        assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("6901234567893", problems.UnreadableCode),  # wrong check digit
        ("4006381333931", problems.UnknownBarcodeAsk),  # no such product
        ("nothing like this", problems.UnknownBarcodeAsk),
        ("]C101069012345678931012", problems.UnreadableCode),
        ("(01)06901234567892(17)270231", problems.UnreadableCode),  # the 31st of February
        ("(01)06901234567892(10)" + "L" * 21, problems.UnreadableCode),  # lot over 20
        ("", problems.EmptyScan),
        ("   ", problems.EmptyScan),
        ("\x00", problems.UnknownBarcodeAsk),
        ("x" * 9000, problems.CodeTooLong),
        ("A-SHELF1", problems.LocationNotNow),
        ("B-SHELF1", problems.UnknownBarcodeAsk),  # another store's: not even its name
        ("S1", problems.NotGoods),
        ("SK:Bsomeone", problems.BadgeNotHere),
        ("SK:XNONSENSE", problems.CommandNotHere),
        ("SK:D404", problems.UnknownCode),
        ("(00)106141412345678908", problems.LogisticUnitNotHere),
        ("SK:XUNDO", problems.NothingToUndo),
        ("SK:X+5", problems.NothingToCorrect),
        ("SK:XPUTAWAY", problems.NothingOnDock),
    ],
)
def test_codes_that_cannot_be_booked(open_dock: Dock, code: str, problem: type[Problem]) -> None:
    refused(open_dock, problem, code)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0", QuantityNotPositive),
        ("-1", QuantityNotPositive),
        ("abc", problems.NotANumber),
        ("", problems.NotANumber),
        ("1,5", problems.NotANumber),
        ("1.5", problems.QuantityTooFine),
        ("6901234567892", problems.QuantityAbsurd),
        ("101", problems.QuantityAbsurd),
        ("13", problems.OverReceipt),
        ("9" * 60, problems.QuantityAbsurd),
        ("0." + "0" * 40 + "1", problems.QuantityTooFine),
    ],
)
def test_quantities_that_cannot_be(open_dock: Dock, typed: str, problem: type[Problem]) -> None:
    open_dock.scan(BREAD)
    with pytest.raises(problem):
        open_dock.type(typed)
    assert open_dock.on_hand("bread") == 1


def test_over_receipt_within_the_tolerance_is_confirmed_by_the_same_code(open_dock: Dock) -> None:
    open_dock.scan(BREAD)
    open_dock.type("10")
    assert open_dock.scan(BREAD).step == "confirm_deviation"
    assert open_dock.on_hand("bread") == 10
    assert open_dock.scan(BREAD).tone == "accepted"
    assert open_dock.on_hand("bread") == 11
    assert "more than ordered" in open_dock.one(
        "select reason from receipt_line order by id desc limit 1"
    )


def test_what_was_typed_at_the_wrong_step_is_named(open_dock: Dock) -> None:
    for handler, command, given in (
        (commands.enter_lot, EnterLot(open_dock.receipt_id, "L-9"), "L-9"),
        (commands.enter_expiry, EnterExpiry(open_dock.receipt_id, f"{GOOD}"), f"{GOOD}"),
    ):
        with pytest.raises(problems.TypedNotHere) as caught:
            open_dock.do(handler, command)
        assert given in caught.value.message


def test_lots(open_dock: Dock) -> None:
    open_dock.scan(MILK)
    refused(open_dock, problems.LotWanted, MILK)
    refused(open_dock, problems.OtherItemInHand, BREAD)
    refused(open_dock, problems.NotALot, "4006381333931")
    for lot in ("", "L" * 51):
        with pytest.raises(problems.LotUnusable):
            open_dock.do(commands.enter_lot, EnterLot(open_dock.receipt_id, lot))
    assert open_dock.press("UNDO").step == "scan_item"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("2020-01-01", problems.ExpiryInPast),
        ("2027-02-31", problems.NotADate),
        ("abc", problems.NotADate),
        ("", problems.NotADate),
        ("2099-01-01", problems.ExpiryImplausible),
    ],
)
def test_dates(open_dock: Dock, typed: str, problem: type[Problem]) -> None:
    open_dock.scan(MILK)
    open_dock.scan("L5")
    with pytest.raises(problem):
        open_dock.do(commands.enter_expiry, EnterExpiry(open_dock.receipt_id, typed))
    assert open_dock.on_hand("milk") == 0


def test_a_known_lot_with_other_dates(open_dock: Dock) -> None:
    open_dock.scan(f"(01){MILK}(17){GOOD:%y%m%d}(10)L6")
    refused(open_dock, LotDatesDiffer, f"(01){MILK}(17){GOOD + timedelta(days=1):%y%m%d}(10)L6")


def test_short_shelf_life_is_for_the_supervisor(open_dock: Dock) -> None:
    open_dock.change_item("milk", minimum_days_on_receipt=25)
    code = f"(01){MILK}(17){GOOD:%y%m%d}(10)L7"
    refused(open_dock, problems.ShelfLifeTooShort, code)
    supervisor = open_dock.as_("supervisor_a")
    holder = open_dock.caller.user_id
    supervisor.do(commands.take_over_receipt, TakeOverReceipt(open_dock.receipt_id, holder))
    assert supervisor.scan(code).step == "confirm_deviation"
    assert supervisor.scan(code).tone == "accepted"


def test_an_item_that_was_not_ordered_is_confirmed_or_refused_by_policy(dock: Dock) -> None:
    dock.open(dock.order(OrderLine("BREAD", Decimal(1), Decimal(1))))
    assert dock.scan(f"01{FLOUR}3103001250").step == "confirm_deviation"
    assert dock.scan("SK:XOK").tone == "accepted"
    with dock.database.session(dock.company.callers["administrator"]) as session:
        from app.kit.database import driver

        driver(session).execute("update company set receive_without_order = false")
        session.commit()
    refused(dock, problems.UnexpectedItem, FLOUR)
    with pytest.raises(problems.OrderWanted):
        dock.open(None)


def test_a_serial_is_received_once(open_dock: Dock) -> None:
    open_dock.scan(f"(01){OVEN}(21)S1X")
    refused(open_dock, SerialInStock, f"(01){OVEN}(21)S1X")
    with pytest.raises(problems.SerialsComeSingly):
        open_dock.type("2")


def test_an_order_cancelled_meanwhile(open_dock: Dock) -> None:
    open_dock.scan(BREAD)
    order_id = open_dock.one("select order_id from receipt")
    open_dock.run(commands.cancel_purchase_order, CancelPurchaseOrder(order_id))
    assert refused(open_dock, problems.OrderCancelledMeanwhile, BREAD).data["order"]
    assert open_dock.on_hand("bread") == 1
    done = open_dock.do(commands.close_receipt, CloseReceipt(open_dock.receipt_id))
    assert done.state == "done"
    assert open_dock.one("select state from purchase_order") == "cancelled"
    with pytest.raises(order_problems.OrderNotOpen):
        open_dock.open(order_id)


def test_two_people_on_one_receipt(open_dock: Dock) -> None:
    open_dock.scan(BREAD)
    order_id = open_dock.one("select order_id from receipt")
    second = open_dock.as_("supervisor_a")
    joined = second.do(commands.open_receipt, commands.OpenReceipt(order_id))
    assert joined.held_by_other
    refusal = refused(second, problems.HeldByOther, BREAD)
    assert refusal.data["holder"] == "operator_a"
    with pytest.raises(problems.NotConfirmedTakeOver):
        second.do(commands.take_over_receipt, TakeOverReceipt(open_dock.receipt_id, 999))
    second.do(
        commands.take_over_receipt, TakeOverReceipt(open_dock.receipt_id, refusal.data["holder_id"])
    )
    second.scan(BREAD)
    assert refused(open_dock, problems.TakenOver, BREAD).data["holder"] == "supervisor_a"
    assert open_dock.on_hand("bread") == 2


def test_paused_closed_and_cancelled_receipts(open_dock: Dock) -> None:
    assert open_dock.press("PAUSE").tone == "attention"
    refused(open_dock, problems.ReceiptPaused, BREAD)
    open_dock.do(commands.resume_receipt, commands.ResumeReceipt(open_dock.receipt_id))
    open_dock.scan(BREAD)
    with pytest.raises(problems.ReceiptNotEmpty):
        open_dock.do(commands.cancel_receipt, CancelReceipt(open_dock.receipt_id))
    open_dock.press("UNDO")
    open_dock.do(commands.cancel_receipt, CancelReceipt(open_dock.receipt_id))
    refused(open_dock, problems.ReceiptCancelled, BREAD)
    assert open_dock.one("select state from purchase_order") == "confirmed"
    open_dock.open(open_dock.one("select id from purchase_order"))
    open_dock.scan(BREAD)
    open_dock.do(commands.close_receipt, CloseReceipt(open_dock.receipt_id))
    with pytest.raises(problems.ReceiptClosed):
        open_dock.scan(BREAD)
    # Closed, but its goods can still be put away and that can be taken back.
    open_dock.press("PUTAWAY")
    open_dock.scan(BREAD)
    open_dock.scan("A-SHELF1")
    open_dock.press("UNDO")
    with pytest.raises(problems.ReceiptClosed):
        open_dock.press("UNDO")


def test_damaged_and_short_goods(open_dock: Dock) -> None:
    open_dock.scan(BREAD)
    open_dock.scan(BREAD)
    open_dock.scan(BREAD)
    bread = open_dock.company.items["bread"]
    damaged = RecordDamaged(open_dock.receipt_id, bread, "2", "broken")
    open_dock.do(commands.record_damaged, damaged)
    assert open_dock.on_hand("bread") == 1
    assert open_dock.on_hand("bread", status="damaged") == 2
    for command, problem in (
        (RecordDamaged(open_dock.receipt_id, bread, "2", "broken"), problems.NotThatMuchHere),
        (RecordDamaged(open_dock.receipt_id, bread, "1", " "), problems.ReasonWanted),
        (RecordDamaged(open_dock.receipt_id, bread, "0", "wet"), QuantityNotPositive),
        (RecordDamaged(open_dock.receipt_id, 999, "1", "wet"), problems.NothingToCorrect),
    ):
        with pytest.raises(problem):
            open_dock.do(commands.record_damaged, command)
    open_dock.press("UNDO")
    assert open_dock.on_hand("bread") == 3
    line = open_dock.one("select id from purchase_order_line where position = 1")
    short = RecordShort(open_dock.receipt_id, line, "not_delivered")
    open_dock.do(commands.record_short, short)
    with pytest.raises(CapabilityMissing):
        open_dock.do(
            commands.close_receipt, CloseReceipt(open_dock.receipt_id, "short", "not_delivered")
        )
    open_dock.do(commands.close_receipt, CloseReceipt(open_dock.receipt_id))
    assert open_dock.one("select state from purchase_order") == "in_progress"


def test_goods_that_were_put_away_are_not_taken_back(open_dock: Dock) -> None:
    open_dock.scan(BREAD)
    open_dock.press("PUTAWAY")
    open_dock.scan(BREAD)
    open_dock.scan("A-SHELF1")
    open_dock.press("CANCEL")
    with pytest.raises(problems.AlreadyMovedOn):
        open_dock.type("5")


def test_goods_that_left_otherwise_are_not_taken_back(open_dock: Dock) -> None:
    from dataclasses import dataclass

    from app.ledger.movements import Movement, Place, Posted
    from app.ledger.posting import post

    @dataclass(frozen=True)
    class Ship:
        pass

    a = open_dock.company.a

    def ship(session, command, envelope) -> list[Posted]:
        return post(
            session,
            envelope,
            [
                Movement(
                    a.store_id,
                    open_dock.company.items["bread"],
                    Decimal(1),
                    Place(a.locations["dock"], "available"),
                    Place(a.locations["customer"]),
                    "shipping",
                    kind="issue",
                )
            ],
        )

    ship.__module__ = "app.receiving.test"
    open_dock.scan(BREAD)
    open_dock.run(ship, Ship())
    with pytest.raises(problems.StockMovedOn):
        open_dock.press("UNDO")


def test_other_stores_see_nothing(open_dock: Dock) -> None:
    other = open_dock.as_("operator_b")
    with pytest.raises(Gone):
        other.scan(BREAD)
    with pytest.raises(order_problems.NoSuchOrder):
        other.do(commands.open_receipt, commands.OpenReceipt(1))


def test_an_order_names_every_wrong_line_at_once(dock: Dock) -> None:
    command = CreatePurchaseOrder(
        dock.company.a.store_id,
        "nobody",
        [
            OrderLine("NOPE", Decimal(1)),
            OrderLine("BREAD", Decimal(0)),
            OrderLine("BREAD", Decimal("1.5")),
        ],
    )
    with pytest.raises(InvalidInput) as refusal:
        dock.run(commands.create_purchase_order, command)
    assert list(refusal.value.marks) == [
        "supplier",
        "lines.1.item",
        "lines.2.quantity",
        "lines.3.quantity",
    ]
    with pytest.raises(CapabilityMissing):
        dock.do(commands.create_purchase_order, CreatePurchaseOrder(dock.company.a.store_id, "S1"))
