"""Reads as a reader posts them: checked, and each tag once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec

from app.kit import clock
from app.kit.i18n import mark
from app.rfid.problems import ReadsUnusable, TooManyReads
from app.rfid.tags import LONGEST_EPC, TagMeaning, meaning_of

MOST_READS = 20_000
LONGEST_NAME = 80
LONGEST_ANTENNA = 40
MOST_ANTENNAS = 16
WEAKEST, STRONGEST = Decimal(-999), Decimal(999)
NEEDED = mark("It is needed.")
NO_LIST = mark("It must be a list.")
NO_TIME = mark("It is no time with its zone, such as 2026-11-22T13:45:00+08:00.")
NO_TEXT = mark("It must be a text.")


@dataclass(frozen=True, slots=True)
class Read:
    """One time that a tag was seen."""

    epc: str
    read_at: datetime
    antenna: str = ""
    rssi: Decimal | None = None


@dataclass
class SeenTag:
    """All reads of one tag in one request."""

    meaning: TagMeaning
    raw: str
    first_read_at: datetime
    last_read_at: datetime
    read_count: int
    antennas: list[str]
    best_rssi: Decimal | None


def reads_in(body: Mapping[str, Any]) -> list[Read]:
    """The reads of a posted body.

    Raises:
        TooManyReads: more than ``MOST_READS``.
        ReadsUnusable: names the first few parts that are wrong.
    """
    given = body.get("reads")
    if not isinstance(given, list):
        raise ReadsUnusable(fields={"reads": NO_LIST if "reads" in body else NEEDED})
    rows = cast("list[object]", given)
    if len(rows) > MOST_READS:
        raise TooManyReads(given=len(rows), most=MOST_READS)
    wrong: dict[str, str] = {}
    now = clock.now()
    reads = [_read(row, f"reads.{place}", wrong, now) for place, row in enumerate(rows)]
    if wrong:
        raise ReadsUnusable(fields=dict(list(wrong.items())[:20]))
    return reads


def _read(row: object, place: str, wrong: dict[str, str], now: datetime) -> Read:
    fields: dict[str, Any] = cast("dict[str, Any]", row) if isinstance(row, dict) else {}
    epc = fields.get("epc", row)
    if not isinstance(epc, str):
        wrong[f"{place}.epc"] = NO_TEXT if "epc" in fields else NEEDED
        epc = ""
    read_at = _moment(fields.get("read_at"), now)
    if read_at is None:
        wrong[f"{place}.read_at"] = NO_TIME
    antenna = fields.get("antenna")
    name = "" if antenna is None else storable(str(antenna)).strip()[:LONGEST_ANTENNA]
    return Read(storable(epc), read_at or now, name, _rssi(fields.get("rssi")))


def _moment(given: object, now: datetime) -> datetime | None:
    """When the tag was seen: now where the reader has no clock, and never in the future."""
    if given in (None, ""):
        return now
    try:
        moment = datetime.fromisoformat(str(given)[:60])
    except ValueError:
        return None
    return None if moment.tzinfo is None else min(moment, now)


def _rssi(given: object) -> Decimal | None:
    """The strength in dBm with one decimal; anything else is worth nothing."""
    try:
        strength = Decimal(str(given)[:20])
    except InvalidOperation:
        return None
    usable = strength.is_finite() and WEAKEST <= strength <= STRONGEST
    return strength.quantize(Decimal("0.1")) if usable else None


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and UTF-8 has no lone surrogates; both stay visible."""
    clean = text[: 4 * LONGEST_EPC].encode("utf-8", "replace").decode()
    return clean.replace("\0", "\N{REPLACEMENT CHARACTER}")


def digest_of(body: Mapping[str, Any]) -> str:
    """The same request again has the same digest."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()


def seen_tags(reads: Sequence[Read]) -> list[SeenTag]:
    """Each tag once, in the order of its key (which is the order of locks)."""
    seen: dict[str, SeenTag] = {}
    for read in reads:
        meaning = meaning_of(read.epc)
        known = seen.get(meaning.epc)
        if known is None:
            seen[meaning.epc] = _first(meaning, read)
        else:
            _count(known, read)
    return [seen[epc] for epc in sorted(seen)]


def _first(meaning: TagMeaning, read: Read) -> SeenTag:
    return SeenTag(
        meaning=meaning,
        raw=read.epc[:LONGEST_EPC],
        first_read_at=read.read_at,
        last_read_at=read.read_at,
        read_count=1,
        antennas=[read.antenna] if read.antenna else [],
        best_rssi=read.rssi,
    )


def _count(known: SeenTag, read: Read) -> None:
    known.read_count += 1
    known.first_read_at = min(known.first_read_at, read.read_at)
    known.last_read_at = max(known.last_read_at, read.read_at)
    if read.antenna and read.antenna not in known.antennas:
        known.antennas = [*known.antennas, read.antenna][:MOST_ANTENNAS]
    if read.rssi is not None:
        known.best_rssi = max(read.rssi, known.best_rssi or read.rssi)
