"""Currencies and their rates: what a document in another currency is worth in the company's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.problems import Problem, refuses
from app.kit.transactions import Envelope

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
LETTERS = 3
NO_CURRENCY = mark("A currency has three letters, such as USD.")
OWN_CURRENCY = mark("The company's own currency has the rate 1.")


class CurrencyWithoutRate(Problem):
    """``currency`` and the day that a rate is missing for."""

    code = "currency_without_rate"
    text = mark("There is no rate for {currency} on {day}.")
    advice = mark("Enter its rate under Currencies, or type the document's own rate.")


@refuses("currency_rate_currency_known")
class NoCurrency(Problem):
    code = "no_currency"
    text = NO_CURRENCY
    advice = mark("Use the code of ISO 4217.")


@dataclass(frozen=True)
class SetRate:
    """``rate`` is company currency per unit of ``currency``, from ``valid_from`` on."""

    currency: given.ShortCode
    valid_from: date
    rate: given.Rate


@dataclass(frozen=True)
class RateSet:
    currency: str
    rate: Decimal


@dataclass(frozen=True)
class RateRow:
    """One rate as the list shows it; ``is_current`` is the one that counts today."""

    id: int
    currency: str
    valid_from: date
    rate: Decimal
    is_current: bool
    user_name: str | None


@dataclass(frozen=True)
class Own:
    """The company's own currency and its decimals; whether it gets input tax back."""

    currency: str
    decimals: int
    recovers_input_tax: bool


@dataclass(frozen=True)
class DocumentRate:
    """The currency of a document and what a unit of it is worth."""

    currency: str
    rate: Decimal


def set_rate(session: Session, command: SetRate, envelope: Envelope) -> RateSet:
    """A new rate, or another one for the same day; documents keep the rate that they have.

    Raises:
        InvalidInput: no currency, or the company's own.
    """
    command = given.checked(command)
    currency = command.currency.upper()
    if not _is_code(currency):
        raise InvalidInput.of([{"field": "currency", "text": NO_CURRENCY, "values": {}}])
    if currency == own(session).currency:
        raise InvalidInput.of([{"field": "currency", "text": OWN_CURRENCY, "values": {}}])
    values = {
        "currency": currency,
        "valid_from": command.valid_from,
        "rate": command.rate,
        "user_id": envelope.caller.user_id,
    }
    sql.execute(session, QUERIES["set_rate"], values)
    return RateSet(currency, command.rate)


def document_rate(
    session: Session, currency: str, day: date, typed: Decimal | None = None
) -> DocumentRate:
    """The rate of a document of that day; what was ``typed`` on it counts before the list.

    Args:
        currency: empty for the company's own, which has the rate 1.

    Raises:
        InvalidInput: no currency, or another rate than 1 for the company's own.
        CurrencyWithoutRate: nothing was typed, and the list has no rate on that day.
    """
    code, company = currency.strip().upper(), own(session)
    if code in {"", company.currency}:
        if typed is not None and typed != 1:
            raise InvalidInput.of([{"field": "exchange_rate", "text": OWN_CURRENCY, "values": {}}])
        return DocumentRate(company.currency, Decimal(1))
    if not _is_code(code):
        raise InvalidInput.of([{"field": "currency", "text": NO_CURRENCY, "values": {}}])
    rate = typed or sql.value(session, QUERIES["rate_on"], {"currency": code, "day": day})
    if rate is None:
        raise CurrencyWithoutRate(currency=code, day=day.isoformat())
    return DocumentRate(code, Decimal(plain(rate)))


def own(session: Session) -> Own:
    """The company's own currency."""
    found = sql.one(session, Own, QUERIES["own"])
    assert found is not None, "a company without its row"
    return found


EVERY_RATE = sql.Select(RateRow, QUERIES["rates"], {})


def rates(session: Session) -> list[RateRow]:
    """Every rate, the newest of each currency first."""
    return sql.rows(session, RateRow, EVERY_RATE.text)


def _is_code(text: str) -> bool:
    return len(text) == LETTERS and text.isascii() and text.isalpha()
