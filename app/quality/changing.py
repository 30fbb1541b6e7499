"""Changing the status of stock: one document, a move for each balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, Waiting, ask
from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.notifications.publishing import Event, publish
from app.quality import following, problems, promises
from app.quality.reasons import note_of, reason_of, reason_sentence, reason_words
from app.quality.stock import QUERIES, Aim, Lying, Part, locked, part_of, spread
from app.quality.tables import STATUSES
from app.quality.words import STATUS_NAMES

AVAILABLE = "available"
PREFIX = "SC"
LINE_KIND = "status_change_line"
# GS1 Core Business Vocabulary: what is done to the goods.
STEPS = {
    AVAILABLE: "inspecting",
    "inspection": "inspecting",
    "frozen": "holding",
    "damaged": "holding",
    "returned": "holding",
}
# Of several statuses in one request for release, the one that weighs most is named.
_WEIGHT = {"available": 0, "returned": 1, "damaged": 2, "inspection": 3, "frozen": 4}
CHANGED = mark("{item} has another status now")
RELEASE = mark("Release {quantity} {item} from status {status}")


@dataclass(frozen=True)
class Piece:
    """So much of one balance, as typed, in base units; all of it where ``quantity`` is empty."""

    balance_id: int
    quantity: str = ""


@dataclass(frozen=True)
class ChangeStatus:
    """Stock to another status: ``pieces`` that were ticked, or else what the ids aim at.

    ``quantity`` (as typed; empty means all) is spread over what they aim at, promised stock last.
    ``reason`` is a key of ``reasons.REASONS`` or a person's own words.
    """

    store_id: int
    to_status: str
    reason: str
    note: str = ""
    photo_id: int | None = None
    pieces: tuple[Piece, ...] = ()
    item_id: int | None = None
    location_id: int | None = None
    lot_id: int | None = None
    logistic_unit_id: int | None = None
    from_status: str | None = None
    quantity: str = ""

    @property
    def aim(self) -> Aim:
        return Aim(
            self.store_id,
            self.item_id,
            self.location_id,
            self.lot_id,
            self.logistic_unit_id,
            self.from_status or None,
        )


@dataclass(frozen=True)
class StatusChanged:
    """The document; or ``request_id``, where votes are needed first and nothing has changed yet.

    ``orders`` are the numbers of orders that lost what was promised to them.
    """

    change_id: int | None = None
    number: str = ""
    lines: int = 0
    orders: tuple[str, ...] = ()
    request_id: int | None = None


def change_status(session: Session, command: ChangeStatus, envelope: Envelope) -> StatusChanged:
    """Move the stock to its new status where it lies; its value stays.

    What becomes available needs approval by policy.  Promises on what stops being available are
    released, and the orders allocated anew.

    Raises:
        StatusUnknown, WhyWanted, PhotoUnknown, NothingChosen, StockGone, SameStatus,
        MoreThanThere, TooMuchAtOnce, ChangedUnderneath.
    """
    checked = _checked(session, command)
    parts = _parts(session, checked)
    if checked.to_status == AVAILABLE:
        waiting = _ask(session, command, parts, envelope)
        if waiting is not None:
            return StatusChanged(request_id=waiting.request_id)
    freed = promises.free(session, {part.lying.id: _promised_of(part) for part in parts})
    change_id, number = _document(session, checked, envelope)
    _write(session, envelope, change_id, checked, parts, freed.picked)
    rows = [part.lying for part in parts]
    following.tell(session, envelope, freed.each, rows, reason_sentence(checked.reason))
    _tell_of_change(session, envelope, checked, parts, (change_id, number))
    if freed.each or checked.to_status == AVAILABLE:
        following.allocate_anew(session, envelope, rows)
    return StatusChanged(change_id, number, len(parts), freed.orders)


def set_apart(
    session: Session,
    envelope: Envelope,
    store_id: int,
    rows: Sequence[Lying],
    picked: Sequence[promises.Promised],
    reason: str,
) -> None:
    """Goods that were picked, and must not leave with the lorry: frozen where they lie."""
    checked = _Checked(ChangeStatus(store_id, "frozen", reason), "frozen", reason, "")
    by_id = {row.id: row for row in rows}
    wanted: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in picked:
        wanted[row.balance_id] += row.quantity
    parts = [Part(by_id[balance_id], quantity) for balance_id, quantity in wanted.items()]
    change_id, _ = _document(session, checked, envelope)
    _write(session, envelope, change_id, checked, parts, picked)


def _tell_of_change(
    session: Session,
    envelope: Envelope,
    checked: _Checked,
    parts: Sequence[Part],
    document: tuple[int, str],
) -> None:
    change_id, number = document
    rows = [part.lying for part in parts]
    facts = {
        "number": number,
        "item": _each(row.title for row in rows),
        "lot": _each(row.lot_code or "" for row in rows),
        "location": _each(row.location_code for row in rows),
        "from_status": STATUS_NAMES[rows[0].status],
        "to_status": STATUS_NAMES[checked.to_status],
        "reason": reason_sentence(checked.reason),
        "note": checked.note,
    }
    link = f"/quality/status-changes/{change_id}"
    store_id = checked.command.store_id
    publish(session, Event("status_changed", store_id, CHANGED, facts, link), envelope)


def _promised_of(part: Part) -> Decimal:
    """How much of what goes is promised: what is free goes first."""
    return max(part.quantity - part.lying.free, ZERO)


@dataclass(frozen=True)
class _Checked:
    command: ChangeStatus
    to_status: str
    reason: str
    note: str


def _checked(session: Session, command: ChangeStatus) -> _Checked:
    if command.to_status not in STATUSES:
        raise problems.StatusUnknown
    refuse_unknown_photo(session, command.photo_id)
    return _Checked(command, command.to_status, reason_of(command.reason), note_of(command.note))


def refuse_unknown_photo(session: Session, photo_id: int | None) -> None:
    """Raises PhotoUnknown for a photo that the caller does not see."""
    known = sql.value(session, QUERIES["has_photo"], {"photo_id": photo_id})
    if photo_id is not None and known is None:
        raise problems.PhotoUnknown


def _parts(session: Session, checked: _Checked) -> list[Part]:
    command = checked.command
    return _ticked(session, checked) if command.pieces else _aimed(session, command)


def _ticked(session: Session, checked: _Checked) -> list[Part]:
    command = checked.command
    wanted = {piece.balance_id: piece.quantity for piece in command.pieces}
    rows = locked(session, Aim(command.store_id), list(wanted))
    if len(rows) < len(wanted):
        raise problems.StockGone
    for row in rows:
        if row.status == checked.to_status:
            raise problems.SameStatus(item=row.title, location=row.location_code)
    return [part_of(row, wanted[row.id]) for row in rows]


def _aimed(session: Session, command: ChangeStatus) -> list[Part]:
    if command.aim.is_open:
        raise problems.NothingChosen
    rows = [row for row in locked(session, command.aim) if row.status != command.to_status]
    if not rows:
        raise problems.NothingChosen
    if command.quantity.strip() and len({row.item_id for row in rows}) > 1:
        raise problems.NothingChosen
    return spread(rows, command.quantity)


# Approval -----------------------------------------------------------------------------------------


def _ask(
    session: Session, command: ChangeStatus, parts: Sequence[Part], envelope: Envelope
) -> Waiting | None:
    heaviest = max(parts, key=lambda part: _WEIGHT[part.lying.status]).lying
    facts = _facts(session, parts, heaviest)
    values = {
        "item": ", ".join(dict.fromkeys(part.lying.title for part in parts)),
        "quantity": plain(sum((part.quantity for part in parts), ZERO)),
        "status": heaviest.status,
    }
    return ask(
        session,
        envelope,
        Ask(
            kind="status_release",
            facts=facts,
            command=command,
            handler=change_status,
            subject=_subject(heaviest),
            store_id=command.store_id,
            reason=" ".join(filter(None, (reason_words(command.reason), command.note))),
            title=Title(RELEASE, values),
        ),
    )


def _subject(row: Lying) -> Subject:
    if row.lot_id is not None:
        return Subject("lot", row.lot_id, f"/quality/lots/{row.lot_id}")
    return Subject("item", row.item_id, f"/quality?item_id={row.item_id}")


def _facts(session: Session, parts: Sequence[Part], heaviest: Lying) -> dict[str, Any]:
    """What policies see; what lies there, and whether it is held, must be the same at the end."""
    rows = [part.lying for part in parts]
    category = sql.value(session, QUERIES["category_of_item"], {"item_id": heaviest.item_id})
    return {
        "item": _each(row.item_code for row in rows),
        "category": category or "",
        "lot": _each(row.lot_code or "" for row in rows),
        "location": _each(row.location_code for row in rows),
        "from_status": heaviest.status,
        "to_status": AVAILABLE,
        "quantity": sum((part.quantity for part in parts), ZERO),
        "on_hand": sum((row.on_hand for row in rows), ZERO),
        "held": any(row.is_held for row in rows),
    }


def _each(words: Any) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))


# Writing ------------------------------------------------------------------------------------------


def _document(session: Session, checked: _Checked, envelope: Envelope) -> tuple[int, str]:
    command = checked.command
    number = next_number(session, PREFIX, _today(session, command.store_id))
    values = {
        "store_id": command.store_id,
        "number": number,
        "to_status": checked.to_status,
        "reason": checked.reason,
        "note": checked.note,
        "photo_id": command.photo_id,
        "approval_request_id": envelope.approval_id,
        "command_id": envelope.command_id,
        "created_by": envelope.caller.user_id,
    }
    return int(sql.value(session, QUERIES["insert_change"], values)), number


def _today(session: Session, store_id: int) -> Any:
    return clock.today(sql.value(session, QUERIES["store_zone"], {"store_id": store_id}))


def _write(
    session: Session,
    envelope: Envelope,
    change_id: int,
    checked: _Checked,
    parts: Sequence[Part],
    picked: Sequence[promises.Promised],
) -> None:
    """The document's lines, each with its move: picked goods leave their order by it."""
    by_id = {part.lying.id: part.lying for part in parts}
    left = {part.lying.id: part.quantity for part in parts}
    for row in picked:
        left[row.balance_id] -= row.quantity
        line_id = _line(session, change_id, Part(by_id[row.balance_id], row.quantity))
        target = Place(row.location_id, checked.to_status)
        move_id = promises.set_apart(session, envelope, row, target, checked.reason)
        sql.execute(session, QUERIES["set_change_move"], {"line_id": line_id, "move_id": move_id})
    rest = [Part(by_id[key], quantity) for key, quantity in left.items() if quantity > 0]
    _post(session, change_id, checked, rest, envelope)


def _post(
    session: Session,
    change_id: int,
    checked: _Checked,
    parts: Sequence[Part],
    envelope: Envelope,
) -> None:
    lines = [_line(session, change_id, part) for part in parts]
    movements = [
        _movement(part, line_id, checked) for part, line_id in zip(parts, lines, strict=True)
    ]
    posted = post(session, envelope, movements) if movements else []
    for line_id, move in zip(lines, posted, strict=True):
        given = {"line_id": line_id, "move_id": move.move_id}
        sql.execute(session, QUERIES["set_change_move"], given)


def _line(session: Session, change_id: int, part: Part) -> int:
    row = part.lying
    values = {
        "change_id": change_id,
        "store_id": row.store_id,
        "item_id": row.item_id,
        "lot_id": row.lot_id,
        "location_id": row.location_id,
        "logistic_unit_id": row.logistic_unit_id,
        "from_status": row.status,
        "quantity": part.quantity,
    }
    return int(sql.value(session, QUERIES["insert_change_line"], values))


def _movement(part: Part, line_id: int, checked: _Checked) -> Movement:
    row = part.lying
    return Movement(
        store_id=row.store_id,
        item_id=row.item_id,
        quantity=part.quantity,
        source=Place(row.location_id, row.status),
        target=Place(row.location_id, checked.to_status),
        biz_step=STEPS[checked.to_status],
        lot_id=row.lot_id,
        logistic_unit_id=row.logistic_unit_id,
        line_kind=LINE_KIND,
        line_id=line_id,
        reason=checked.reason,
    )
