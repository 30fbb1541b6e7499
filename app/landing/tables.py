"""Landed cost vouchers with their charges, and charges expected with an order."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from app.catalog.tables import RATE
from app.kit.tables import Table, amount_column, json_column, key, moment, one_of, reference

CHARGE_KINDS = ("freight", "duty", "insurance", "handling", "commission", "other")
ESTIMATE_BASES = ("by_value", "by_weight", "by_volume", "by_quantity", "equal")
CHARGE_BASES = (*ESTIMATE_BASES, "manual")
VOUCHER_STATES = ("draft", "posting", "posted", "reversing", "reversed", "cancelled")


class OrderCharge(Table, table=True):
    """A charge expected with a purchase order; ``value`` is in the company's currency."""

    __tablename__ = "order_charge"
    __table_args__ = (
        UniqueConstraint("order_id", "kind", name="order_charge_kind_once"),
        one_of("kind", *CHARGE_KINDS, name="order_charge_kind_known"),
        one_of("basis", *ESTIMATE_BASES, name="order_charge_basis_known"),
        CheckConstraint("amount > 0 and exchange_rate > 0", name="order_charge_positive"),
    )

    id: int | None = key()
    order_id: int = reference("purchase_order.id")
    store_id: int = reference("store.id")
    kind: str
    basis: str
    amount: Decimal = amount_column()
    currency: str
    exchange_rate: Decimal = Field(sa_type=RATE)
    value: Decimal = amount_column()
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class OrderChargeShare(Table, table=True):
    """What an expected charge adds to one line of the order."""

    __tablename__ = "order_charge_share"
    __table_args__ = (
        CheckConstraint("value >= 0", name="order_charge_share_not_negative"),
        ForeignKeyConstraint(["charge_id"], ["order_charge.id"], ondelete="CASCADE"),
        Index("order_charge_share_of_line", "order_line_id"),
    )

    charge_id: int = Field(sa_type=BigInteger, primary_key=True)
    order_line_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="purchase_order_line.id"
    )
    store_id: int = reference("store.id")
    value: Decimal = amount_column()


class LandingVoucher(Table, table=True):
    """Charges over one or many receipts.  ``value`` is their sum in the company's currency.

    ``posting`` and ``reversing`` are a job's; ``problem`` is what stopped the last one.
    """

    __tablename__ = "landing_voucher"
    __table_args__ = (
        UniqueConstraint("number", name="landing_voucher_number_once"),
        one_of("state", *VOUCHER_STATES, name="landing_voucher_state_known"),
        CheckConstraint("exchange_rate > 0", name="landing_voucher_rate_positive"),
        CheckConstraint(
            "state not in ('posted', 'reversing', 'reversed') or posted_command_id is not null",
            name="landing_voucher_posted_by_a_command",
        ),
        CheckConstraint(
            "state <> 'reversed' or reversal_reason <> ''",
            name="landing_voucher_reversed_with_reason",
        ),
        Index("landing_voucher_newest", "store_id", "id"),
        Index("landing_voucher_of_command", "posted_command_id"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    state: str = "draft"
    supplier_id: int | None = reference("partner.id", null=True)
    supplier_number: str = ""
    voucher_on: date
    currency: str
    exchange_rate: Decimal = Field(sa_type=RATE)
    value: Decimal = amount_column()
    note: str = ""
    problem: dict[str, Any] | None = json_column(null=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    posted_by: int | None = reference("app_user.id", null=True)
    posted_at: datetime | None = moment(null=True)
    posted_command_id: UUID | None = None
    reversed_by: int | None = reference("app_user.id", null=True)
    reversed_at: datetime | None = moment(null=True)
    reversed_command_id: UUID | None = None
    reversal_reason: str = ""


class LandingCharge(Table, table=True):
    """One charge with its own basis; negative for a credit.

    ``replaces_estimate``: what was expected of this kind of charge goes out as it comes in.
    """

    __tablename__ = "landing_charge"
    __table_args__ = (
        UniqueConstraint("voucher_id", "position", name="landing_charge_position_once"),
        one_of("kind", *CHARGE_KINDS, name="landing_charge_kind_known"),
        one_of("basis", *CHARGE_BASES, name="landing_charge_basis_known"),
        CheckConstraint("amount <> 0", name="landing_charge_is_something"),
    )

    id: int | None = key()
    voucher_id: int = reference("landing_voucher.id")
    store_id: int = reference("store.id")
    position: int
    kind: str
    basis: str
    amount: Decimal = amount_column()
    value: Decimal = amount_column()
    replaces_estimate: bool = True


class LandingTarget(Table, table=True):
    """A receipt line that carries charges; the figures are those of the posting."""

    __tablename__ = "landing_target"
    __table_args__ = (
        CheckConstraint(
            "to_stock + to_cogs = value - estimate", name="landing_target_parts_make_the_whole"
        ),
        Index("landing_target_of_line", "receipt_line_id"),
    )

    voucher_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="landing_voucher.id")
    receipt_line_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="receipt_line.id"
    )
    store_id: int = reference("store.id")
    value: Decimal | None = amount_column(null=True)
    estimate: Decimal | None = amount_column(null=True)
    to_stock: Decimal | None = amount_column(null=True)
    to_cogs: Decimal | None = amount_column(null=True)


class LandingShare(Table, table=True):
    """What one charge gave one line; ``given`` is what a person entered for the manual basis."""

    __tablename__ = "landing_share"
    __table_args__ = (
        ForeignKeyConstraint(["charge_id"], ["landing_charge.id"], ondelete="CASCADE"),
        Index("landing_share_of_line", "receipt_line_id"),
    )

    charge_id: int = Field(sa_type=BigInteger, primary_key=True)
    receipt_line_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="receipt_line.id"
    )
    store_id: int = reference("store.id")
    given: Decimal | None = amount_column(null=True)
    value: Decimal | None = amount_column(null=True)
    estimate: Decimal | None = amount_column(null=True)
