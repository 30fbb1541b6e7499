"""Carrying an import out: one transaction, set by set; nothing if anything is not as checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog.items import CreateCategory, CreateUnit, create_category, create_unit
from app.importing import problems
from app.importing.commands import ImportState, Run, locked, refuse_second_time
from app.importing.known import QUERIES
from app.importing.opening import amount
from app.importing.units import likely_decimals
from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import post


@dataclass(frozen=True)
class ApplyImport:
    import_id: int


def apply_import(session: Session, command: ApplyImport, envelope: Envelope) -> ImportState:
    """Write the good rows.  A number that differs from what was checked takes everything back.

    Raises:
        CompanyChangedMeanwhile: somebody took a code, or archived a place, since the check.
        FileImportedAlready: by somebody else at the same moment.
    """
    run = locked(session, command.import_id, "applying")
    if not run.choices.again:
        refuse_second_time(session, run)
    imported = _APPLY[run.kind](session, run, envelope)
    if imported != run.row_count - run.bad_count:
        raise problems.CompanyChangedMeanwhile
    sql.execute(session, QUERIES["finish"], {"id": run.id, "imported": imported})
    return ImportState(run.id, "done")


def _apply_items(session: Session, run: Run, envelope: Envelope) -> int:
    _create_missing(session, run, envelope)
    imported = _write(session, "insert_items", run)
    if _write(session, "register_items", run) != imported:
        raise problems.CompanyChangedMeanwhile
    _write(session, "insert_packs", run)
    for statement, wanted in (
        ("register_barcodes", "barcodes_to_register"),
        ("register_pack_barcodes", "pack_barcodes_to_register"),
    ):
        if _write(session, statement, run) != _count(session, wanted, run):
            raise problems.CompanyChangedMeanwhile
    return imported


def _create_missing(session: Session, run: Run, envelope: Envelope) -> None:
    for name in _names(session, "missing_units", run):
        decimals = likely_decimals(name)
        create_unit(session, CreateUnit(code=name, name=name, decimals=decimals), envelope)
    for name in _names(session, "missing_categories", run):
        create_category(session, CreateCategory(code=name, name=name), envelope)


def _apply_barcodes(session: Session, run: Run, _envelope: Envelope) -> int:
    _write(session, "insert_packs", run)
    return _write(session, "register_more_barcodes", run)


def _apply_locations(session: Session, run: Run, _envelope: Envelope) -> int:
    _write(session, "insert_locations", run)
    return _write(session, "register_locations", run)


def _apply_partners(session: Session, run: Run, _envelope: Envelope) -> int:
    _write(session, "insert_partners", run)
    return _write(session, "register_partners", run)


def _apply_opening_stock(session: Session, run: Run, envelope: Envelope) -> int:
    if _write(session, "merge_lots", run) != _count(session, "lots_to_merge", run):
        raise problems.CompanyChangedMeanwhile
    decimals: int = sql.value(session, QUERIES["currency_decimals"])
    rows = sql.rows(session, _OpeningRow, QUERIES["opening_rows"], {"id": run.id})
    if len(rows) != run.row_count - run.bad_count:
        raise problems.CompanyChangedMeanwhile
    post(session, envelope, [row.movement(decimals) for row in rows])
    return len(rows)


@dataclass(frozen=True)
class _OpeningRow:
    number: int
    content: dict[str, Any]
    lot_id: int | None

    def movement(self, decimals: int) -> Movement:
        content = self.content
        quantity = Decimal(content["quantity"])
        return Movement(
            store_id=content["store_id"],
            item_id=content["item_id"],
            quantity=quantity,
            source=Place(content["adjustment_id"]),
            target=Place(content["location_id"], content.get("status", "available")),
            biz_step="opening_stock",
            kind="adjustment",
            lot_id=self.lot_id,
            amount=amount(content, quantity, decimals),
            line_kind="import_row",
            line_id=self.number,
        )


def _write(session: Session, statement: str, run: Run) -> int:
    return sql.execute(session, QUERIES[statement], {"id": run.id})


def _count(session: Session, statement: str, run: Run) -> int:
    return int(sql.value(session, QUERIES[statement], {"id": run.id}))


@dataclass(frozen=True)
class _Name:
    name: str


def _names(session: Session, statement: str, run: Run) -> list[str]:
    return [row.name for row in sql.rows(session, _Name, QUERIES[statement], {"id": run.id})]


_APPLY: dict[str, Callable[[Session, Run, Envelope], int]] = {
    "items": _apply_items,
    "barcodes": _apply_barcodes,
    "locations": _apply_locations,
    "partners": _apply_partners,
    "opening_stock": _apply_opening_stock,
}
