"""Vouchers on real receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.catalog.currencies import CurrencyWithoutRate, SetRate, set_rate
from app.catalog.problems import InvalidInput
from app.landing import problems
from app.landing.estimates import EstimateCharges, ExpectedCharge, estimate_charges
from app.landing.posting import (
    PostVoucher,
    ReverseVoucher,
    post_voucher,
    preview_voucher,
    reverse_voucher,
)
from app.landing.writing import (
    CancelVoucher,
    CreateVoucher,
    HandShare,
    VoucherCharge,
    cancel_voucher,
    create_voucher,
)
from app.ledger.problems import PeriodClosed
from tests.buying import Buyer, Received


def written(buyer: Buyer, *receipts: str, charges: list[VoucherCharge], **more: Any) -> int:
    fields = {"store_id": buyer.company.a.store_id, **more}
    command = CreateVoucher(receipts=list(receipts), charges=charges, **fields)
    return buyer.manage(create_voucher, command).voucher_id


def freight(amount: str, basis: Any = "by_value", **more: Any) -> VoucherCharge:
    return VoucherCharge("freight", Decimal(amount), basis, **more)


def posted(buyer: Buyer, voucher_id: int, **more: Any) -> str:
    return buyer.manage(post_voucher, PostVoucher(voucher_id, **more)).state


def results(buyer: Buyer, voucher_id: int) -> list[tuple[Decimal, ...]]:
    return buyer.rows(
        "select value, estimate, to_stock, to_cogs from landing_target where voucher_id = %s"
        " order by receipt_line_id",
        voucher_id,
    )


@pytest.fixture
def bought(buyer: Buyer) -> Received:
    """10 bread at 6 and 5 kg of flour at 8: 60 and 40."""
    return buyer.buy(("bread", "10", "6"), ("flour", "5", "8"))


def test_what_is_sold_takes_its_share(buyer: Buyer, bought: Received) -> None:
    buyer.sell("bread", "4")
    voucher = written(buyer, bought.number, charges=[freight("10")])
    with buyer.database.reading(buyer.manager) as session:
        shown = preview_voucher(session, voucher, 2)
    assert (shown.to_stock, shown.to_cogs) == (Decimal("7.60"), Decimal("2.40"))
    assert buyer.value("bread") == 36, "a preview writes nothing"
    assert posted(buyer, voucher) == "posted"
    assert results(buyer, voucher) == [
        (6, 0, Decimal("3.60"), Decimal("2.40")),
        (4, 0, 4, 0),
    ]
    assert (buyer.value("bread"), buyer.value("flour")) == (Decimal("39.60"), 44)
    with pytest.raises(problems.VoucherFixed):
        posted(buyer, voucher)


def test_a_reversal_takes_it_back(buyer: Buyer, bought: Received) -> None:
    voucher = written(buyer, bought.number, charges=[freight("10")])
    posted(buyer, voucher)
    with pytest.raises(problems.ReasonWanted):
        buyer.manage(reverse_voucher, ReverseVoucher(voucher, " "))
    done = buyer.manage(reverse_voucher, ReverseVoucher(voucher, "wrong lorry"))
    assert done.state == "reversed"
    assert (buyer.value("bread"), buyer.value("flour")) == (60, 40)
    again = written(buyer, bought.number, charges=[freight("-3")])
    posted(buyer, again)
    assert buyer.value("bread") + buyer.value("flour") == 97, "a credit note"


def test_an_estimate_enters_with_the_goods_and_is_replaced(buyer: Buyer) -> None:
    order = buyer.order(("bread", "10", "6"), ("flour", "5", "8"))
    expected = [
        ExpectedCharge("freight", Decimal(20)),
        ExpectedCharge("duty", Decimal(10), "by_quantity"),
    ]
    done = buyer.manage(estimate_charges, EstimateCharges(order, expected))
    assert done.value == 30
    received = buyer.receive(order, ("bread", "10"), ("flour", "5"))
    # Freight by value 12 and 8, duty by quantity 6.67 and 3.33.
    assert (buyer.value("bread"), buyer.value("flour")) == (Decimal("78.67"), Decimal("51.33"))
    with pytest.raises(problems.EstimateTooLate):
        buyer.manage(estimate_charges, EstimateCharges(order, []))
    voucher = written(buyer, "PO-" + bought_number(buyer, order), charges=[freight("25")])
    posted(buyer, voucher)
    assert results(buyer, voucher) == [(15, 12, 3, 0), (10, 8, 2, 0)]
    more = written(buyer, received.number, charges=[freight("5")])
    posted(buyer, more)
    assert results(buyer, more) == [(3, 0, 3, 0), (2, 0, 2, 0)], "it goes out only once"


def bought_number(buyer: Buyer, order_id: int) -> str:
    number: str = buyer.one("select number from purchase_order where id = %s", order_id)
    return number.removeprefix("PO-")


def test_in_another_currency(buyer: Buyer, bought: Received) -> None:
    charges = [freight("3", "manual", shares=[HandShare("bread", Decimal(3))])]
    with pytest.raises(CurrencyWithoutRate):
        written(buyer, bought.number, charges=charges, currency="usd")
    buyer.manage(set_rate, SetRate("USD", _day("2020-01-01"), Decimal("7.1234567891")))
    voucher = written(buyer, bought.number, charges=charges, currency="usd")
    posted(buyer, voucher)
    assert (buyer.value("bread"), buyer.value("flour")) == (Decimal("81.37"), 40)


def _day(text: str):
    from datetime import date

    return date.fromisoformat(text)


def test_weights_are_asked_for_and_entered(buyer: Buyer, bought: Received) -> None:
    voucher = written(buyer, bought.number, charges=[freight("10", "by_weight")])
    with pytest.raises(problems.BasisUnknown):
        posted(buyer, voucher)
    buyer.set_item("bread", weight_kg="0.5")
    posted(buyer, voucher)
    assert [row[0] for row in results(buyer, voucher)] == [5, 5], "flour is counted in kg"


def test_what_makes_no_sense_is_refused(buyer: Buyer, bought: Received) -> None:
    large = written(buyer, bought.number, charges=[freight("101")])
    with pytest.raises(problems.ChargesBeyondSense):
        posted(buyer, large)
    credit = written(buyer, bought.number, charges=[freight("-101")])
    with pytest.raises(problems.CreditBeyondCharges):
        posted(buyer, credit, confirmed=True)
    assert buyer.manage(cancel_voucher, CancelVoucher(credit)).state == "cancelled"
    assert posted(buyer, large, confirmed=True) == "posted"


@pytest.mark.parametrize(
    ("charges", "field"),
    [
        ([], "charges"),
        ([freight("0")], "charges.1.amount"),
        ([freight("1"), freight("2", "manual")], "charges.2.shares"),
        ([freight("1", "manual", shares=[HandShare("OVEN", Decimal(1))])], "charges.1.shares"),
    ],
)
def test_fields_that_are_wrong(buyer: Buyer, bought: Received, charges, field) -> None:
    with pytest.raises(InvalidInput) as caught:
        written(buyer, bought.number, charges=charges)
    assert list(caught.value.marks) == [field]


def test_receipts_that_cannot_carry_charges(buyer: Buyer) -> None:
    order = buyer.order(("bread", "10", "6"))
    number = "PO-" + bought_number(buyer, order)
    with pytest.raises(problems.ReceiptUnknown):
        written(buyer, "GR-1", charges=[freight("1")])
    with pytest.raises(problems.NothingToSpreadOn):
        written(buyer, number, charges=[freight("1")])
    opened = buyer.receive(order, ("bread", "3"), close=False)
    with pytest.raises(problems.ReceiptStillOpen):
        written(buyer, opened.number, charges=[freight("1")])


def test_a_closed_month_and_another_store_refuse(buyer: Buyer, bought: Received) -> None:
    hq = buyer.company.callers["headquarters"]
    elsewhere = CreateVoucher(buyer.company.b.store_id, [bought.number], [freight("1")])
    with pytest.raises(problems.ReceiptOfAnotherStore):
        buyer.run(create_voucher, elsewhere, caller=hq)
    with pytest.raises(problems.VoucherUnknown):
        buyer.manage(create_voucher, elsewhere)
    voucher = written(buyer, bought.number, charges=[freight("10")])
    buyer.set_company(books_closed_until=_day("2999-01-01"))
    with pytest.raises(PeriodClosed):
        posted(buyer, voucher)
    assert results(buyer, voucher) == [(None,) * 4, (None,) * 4]
    with pytest.raises(InvalidInput):
        written(buyer, bought.number, charges=[freight("999999999999")], currency="USD",
                exchange_rate=Decimal(999999999))  # fmt: skip
