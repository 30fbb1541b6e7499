"""Numbers of cartons and pallets (SSCC), unique for ever.

Source: GS1 General Specifications, 3.2 (AI 00): extension digit, company prefix, serial reference,
check digit; 18 digits.  The next number is a row of the database, taken in the command's own
transaction: never twice, and whether one is left out matters to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.catalog.codes import check_digit
from app.catalog.problems import NoGs1Prefix, SsccUsedUp
from app.catalog.registry import QUERIES
from app.kit import sql

_BODY_DIGITS = 17
_PREFIX_LENGTHS = range(4, 13)


@dataclass(frozen=True)
class _Made:
    id: int
    sscc: str


def sscc(prefix: str, number: int) -> str:
    """The ``number``-th (from 0) of a prefix; the extension digit counts on where serials end.

    Raises:
        SsccUsedUp: there is none after the last one.
    """
    serials = 10 ** (_BODY_DIGITS - 1 - len(prefix))
    extension, serial = divmod(number, serials)
    if extension > 9:  # noqa: PLR2004 - it is one digit
        raise SsccUsedUp(prefix=prefix)
    width = _BODY_DIGITS - 1 - len(prefix)
    body = f"{extension}{prefix}{serial:0{width}d}"
    return body + check_digit(body)


def make_units(session: Session, store_id: int, count: int) -> list[tuple[int, str]]:
    """New logistic units of the store: (id, SSCC), in order.

    Raises:
        NoGs1Prefix: the company has none.
        SsccUsedUp.
    """
    prefix: str | None = sql.value(session, QUERIES["gs1_prefix"])
    if not prefix or len(prefix) not in _PREFIX_LENGTHS:
        raise NoGs1Prefix
    asked = {"prefix": f"SSCC/{prefix}", "count": count}
    last: int = sql.value(session, QUERIES["take_numbers"], asked)
    codes = [sscc(prefix, number) for number in range(last - count, last)]
    made = {"store_id": store_id, "ssccs": codes}
    return [(row.id, row.sscc) for row in sql.rows(session, _Made, QUERIES["insert_units"], made)]
