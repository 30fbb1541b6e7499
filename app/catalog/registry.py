"""一物一码: the table ``code``, in which one code means one thing in the whole company."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from app.catalog import problems
from app.catalog.codes import OWN_PREFIX, normalised
from app.kit import sql
from app.kit.sql import Queries

QUERIES = Queries(Path(__file__).with_name("commands.sql"))


@dataclass(frozen=True)
class CodeMeaning:
    """What a code stands for.  ``kind`` is item, barcode, location or partner.

    ``owner`` is the code and ``name`` the name of the item, location or partner; ``quantity`` is
    the pack's content where the barcode is a pack's.
    """

    code: str
    kind: str
    owner: str
    name: str
    item_id: int | None
    packaging_id: int | None
    location_id: int | None
    partner_id: int | None


def meaning(session: Session, code: str) -> CodeMeaning | None:
    """What the code (in any spelling) means, None where it means nothing that the caller sees."""
    return sql.one(session, CodeMeaning, QUERIES["meaning"], {"code": normalised(code)})


def register_item(session: Session, code: str, item_id: int) -> None:
    _register(session, code, "item", item_id=item_id)


def register_barcode(session: Session, code: str, item_id: int, packaging_id: int | None) -> None:
    """Give the item the barcode; that it already is the item's own code is no conflict."""
    known = meaning(session, code)
    if known and packaging_id is None and (known.kind, known.item_id) == ("item", item_id):
        return
    _register(session, code, "barcode", item_id=item_id, packaging_id=packaging_id)


def register_location(session: Session, code: str, location_id: int) -> None:
    _register(session, code, "location", location_id=location_id)


def register_partner(session: Session, code: str, partner_id: int) -> None:
    _register(session, code, "partner", partner_id=partner_id)


def release(session: Session, code: str, kind: str) -> int:
    """Let the code mean nothing again; the number of registrations removed (0 or 1)."""
    parameters = {"code": normalised(code), "kind": kind}
    return sql.execute(session, QUERIES["release"], parameters)


def refuse_taken(session: Session, code: str) -> None:
    """Refuse a code that the caller can see to be taken, before anything is written.

    Raises:
        OwnPrefix: it begins like our own labels.
        CodeTaken: one of its subclasses, naming what the code means.
    """
    if normalised(code).startswith(OWN_PREFIX):
        raise problems.OwnPrefix(taken=code)
    known = meaning(session, code)
    if known:
        raise taken(code, known)


def taken(code: str, known: CodeMeaning | None) -> problems.CodeTaken:
    """The refusal that says what the code means already."""
    if known is None:
        return problems.CodeOfAnotherStore(taken=code)
    named = {
        "barcode": problems.BarcodeTaken,
        "item": problems.ItemCodeTaken,
        "location": problems.LocationCodeTaken,
        "partner": problems.PartnerCodeTaken,
    }
    return named[known.kind](taken=code, name=known.name, owner=known.owner)


def _register(session: Session, code: str, kind: str, **owner: int | None) -> None:
    if normalised(code).startswith(OWN_PREFIX):
        raise problems.OwnPrefix(taken=code)
    nobody = {"item_id": None, "packaging_id": None, "location_id": None, "partner_id": None}
    row = {"code": normalised(code), "kind": kind, **nobody, **owner}
    if sql.execute(session, QUERIES["register"], row) == 0:
        raise taken(code, meaning(session, code))
