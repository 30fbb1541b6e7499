"""Putting a diagnosis together: what was read becomes buckets, checks, sentences and buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.kit.formats import moment
from app.kit.formats import quantity as shown_quantity
from app.kit.i18n import gettext
from app.kit.money import ZERO
from app.troubleshooting import words
from app.troubleshooting.actions import Offers
from app.troubleshooting.answer import (
    Beside,
    BucketView,
    Diagnosis,
    Document,
    Part,
    Shown,
    Sight,
)
from app.troubleshooting.checks import checks_of
from app.troubleshooting.partition import Bucket, Demand, Standing, partition
from app.troubleshooting.queries import Seen
from app.troubleshooting.views import LineHead, Promise

LINE_KIND = "sales_order_line"
MOST_PARTS = 50
"""Balances and documents listed per bucket; the sums are of all of them."""


@dataclass(frozen=True)
class Asked:
    """What a diagnosis is about, and for whom it is written."""

    demand: Demand
    store: str
    line: LineHead | None
    lot: str
    can: Callable[[str], bool]
    read_at: datetime
    sight: Sight | None = None
    shown: Shown | None = None


def compose(asked: Asked, seen: Seen) -> Diagnosis:
    """The whole answer, in the current language."""
    demand = asked.demand
    buckets = _buckets(asked, seen)
    total = sum((bucket.quantity for bucket in buckets), ZERO)
    available = _quantity(buckets, "available")
    can_ship = available + _quantity(buckets, "own") + _quantity(buckets, "picked")
    wanted = asked.line.unshipped if asked.line else None
    if wanted is not None:
        can_ship = min(can_ship, wanted)
    made = Diagnosis(
        headline=_headline(buckets, total, can_ship, wanted),
        notices=_notices(asked, available, can_ship),
        item=seen.item,
        store_id=demand.store_id,
        store=asked.store,
        line=asked.line,
        lot=asked.lot,
        total=total,
        available=available,
        can_ship=can_ship,
        wanted=wanted,
        read_at=asked.read_at,
        latest=seen.latest,
        buckets=buckets,
        checks=[],
        beside=_beside(seen),
        sight=asked.sight,
        shown=asked.shown,
    )
    made.checks.extend(checks_of(made, seen))
    return made


def _beside(seen: Seen) -> Beside:
    return Beside(
        in_transit=max(seen.in_transit.quantity, ZERO),
        on_order=sum((bought.quantity for bought in seen.on_order), ZERO),
        bought=seen.on_order,
        picks=seen.picks,
        counts=seen.counts,
        requests=seen.requests,
        gaps=seen.gaps,
    )


def _quantity(buckets: Sequence[BucketView], name: str) -> Decimal:
    return sum((bucket.quantity for bucket in buckets if bucket.name == name), ZERO)


# Buckets ----------------------------------------------------------------------------------------


def _buckets(asked: Asked, seen: Seen) -> list[BucketView]:
    offers = Offers(asked.demand, seen, asked.line, asked.can)
    found = partition(seen.standing, asked.demand.pack)
    views = [_bucket(bucket, asked, seen, offers) for bucket in found.values()]
    hidden = sum((store.on_hand for store in seen.unseen), ZERO)
    if hidden and not asked.lot:
        views.insert(0, _unseen(hidden, seen, asked.sight))
    return views


def _bucket(bucket: Bucket, asked: Asked, seen: Seen, offers: Offers) -> BucketView:
    largest = sorted(bucket.parts, key=lambda part: (-part[1], part[0].balance_id))[:MOST_PARTS]
    lines = _lines(bucket, asked.demand, seen)
    stale = [promise for promises in lines for promise in promises if promise.is_stale]
    others = bucket.name == "others" and asked.line is not None
    return BucketView(
        **_said(bucket.name, bucket.quantity, _who(lines)),
        label=gettext(words.OTHER_ORDERS if others else words.LABELS[bucket.name]),
        quantity=bucket.quantity,
        count=len(bucket.parts),
        parts=[_part(bucket.name, row, quantity, seen, offers) for row, quantity in largest],
        documents=[_document(promises, offers) for promises in lines[:MOST_PARTS]],
        document_count=len(lines),
        stale=sum((promise.quantity for promise in stale), ZERO),
        unseen=[],
        actions=offers.of_bucket(bucket),
    )


def _unseen(quantity: Decimal, seen: Seen, sight: Sight | None) -> BucketView:
    said, name = _said("unseen", quantity, ""), "unseen"
    label = gettext(words.LABELS[name])
    if sight is not None:
        phrase = gettext(words.UNSEEN_PHRASE_BY)
        said["phrase"] = phrase.format(quantity=shown_quantity(quantity), who=sight.name)
        label = gettext(words.UNSEEN_BY).format(who=sight.name)
    return BucketView(
        **said,
        label=label,
        quantity=quantity,
        count=len(seen.unseen),
        parts=[],
        documents=[],
        document_count=0,
        stale=ZERO,
        unseen=seen.unseen,
        actions=[],
    )


def _said(name: str, quantity: Decimal, who: str) -> dict[str, Any]:
    """The words of a bucket."""
    phrase = gettext(words.PHRASES[name]).format(quantity=shown_quantity(quantity), who=who)
    return {
        "name": name,
        "phrase": phrase,
        "advice": gettext(words.ADVICE[name]),
        "tone": words.TONES[name],
        "check": words.CHECK_OF[name],
    }


def _who(lines: Sequence[Sequence[Promise]]) -> str:
    """Whose the promised stock is: the order's number, or how many orders."""
    numbers = {promises[0].number for promises in lines if promises[0].number}
    if len(numbers) == 1:
        return numbers.pop()
    return gettext(words.MANY_ORDERS).format(count=len(numbers) or len(lines))


def _part(name: str, row: Standing, quantity: Decimal, seen: Seen, offers: Offers) -> Part:
    place = seen.places[row.location_id]
    lot = seen.lots.get(row.lot_id) if row.lot_id is not None else None
    return Part(
        balance_id=row.balance_id,
        quantity=quantity,
        store=place.store_name,
        warehouse=place.warehouse_name,
        zone=place.zone_name or "",
        location_id=place.id,
        location=place.code,
        lot_id=row.lot_id,
        lot=lot.code if lot else "",
        last_day=row.last_day,
        status=row.status,
        sscc=seen.units.get(row.logistic_unit_id, "") if row.logistic_unit_id else "",
        since=row.received_at,
        why=_why(name, row, seen),
        actions=offers.of_part(name, row),
    )


def _why(name: str, row: Standing, seen: Seen) -> str:
    """Who keeps it and for what, where somebody said so."""
    place = seen.places[row.location_id]
    lot = seen.lots.get(row.lot_id) if row.lot_id is not None else None
    if name == "counted" and place.locked_at:
        who = place.locked_by or gettext(words.SYSTEM)
        text, reason, at = words.LOCKED, place.locked_reason, place.locked_at
        return gettext(text).format(place=place.code, who=who, at=moment(at), reason=reason)
    if name == "frozen" and lot and lot.held_at:
        text, reason, at = words.HELD, lot.hold_reason, lot.held_at
        return gettext(text).format(lot=lot.code, who=lot.held_by, at=moment(at), reason=reason)
    return ""


# Documents ----------------------------------------------------------------------------------------


def _lines(bucket: Bucket, demand: Demand, seen: Seen) -> list[list[Promise]]:
    """The promises that make up a bucket, by the line that holds them: stale first, then oldest."""
    if bucket.name not in {"own", "picked", "others"}:
        return []
    here = {row.balance_id for row, _ in bucket.parts}
    own = bucket.name != "others"
    lines: dict[tuple[str, int], list[Promise]] = {}
    for promise in seen.promises:
        mine = promise.line_kind == LINE_KIND and promise.line_id == demand.line_id
        if promise.balance_id in here and mine == own:
            lines.setdefault((promise.line_kind, promise.line_id), []).append(promise)
    return sorted(lines.values(), key=_urgency)


def _urgency(promises: Sequence[Promise]) -> tuple[bool, datetime]:
    return (
        not any(promise.is_stale for promise in promises),
        min(promise.created_at for promise in promises),
    )


def _document(promises: Sequence[Promise], offers: Offers) -> Document:
    first = promises[0]
    rows = offers.rows
    staged = (promise.quantity for promise in promises if rows[promise.balance_id].staged)
    expiries = [promise.expires_at for promise in promises if promise.expires_at]
    return Document(
        line_kind=first.line_kind,
        line_id=first.line_id,
        order_id=first.order_id,
        number=first.number,
        customer=first.customer,
        owner=first.owner,
        quantity=sum((promise.quantity for promise in promises), ZERO),
        staged=sum(staged, ZERO),
        promised_at=min(promise.created_at for promise in promises),
        expires_at=min(expiries, default=None),
        is_stale=any(promise.is_stale for promise in promises),
        actions=offers.of_promises(promises),
    )


# Sentences ----------------------------------------------------------------------------------------


def _headline(
    buckets: Sequence[BucketView], total: Decimal, can_ship: Decimal, wanted: Decimal | None
) -> str:
    """What a warehouse lead reads first: how much there is, how much can go, and what keeps it."""
    if wanted is not None and wanted <= 0:
        return gettext(words.SHIPPED_ALREADY)
    if not total and not buckets:
        text = words.NOTHING_ON_HAND if wanted is None else words.NOTHING_FOR_LINE
        return gettext(text).format(wanted=shown_quantity(wanted))
    text = words.HEADLINE if wanted is None else words.HEADLINE_OF_LINE
    headline = gettext(text).format(
        total=shown_quantity(total),
        can_ship=shown_quantity(can_ship),
        wanted=shown_quantity(wanted),
    )
    keeping = [bucket for bucket in buckets if bucket.name not in words.OWN]
    if not keeping:
        return headline
    keeping.sort(key=lambda bucket: -abs(bucket.quantity))
    causes = gettext(words.LIST_COMMA).join(bucket.phrase for bucket in keeping)
    return gettext(words.BECAUSE).format(headline=headline, causes=causes)


def _notices(asked: Asked, available: Decimal, can_ship: Decimal) -> list[str]:
    """What about the order itself, or about an older screen, has to be known first."""
    found: list[str] = []
    if asked.line is not None:
        found += _notices_of_line(asked.line, available)
    if asked.shown is not None:
        same = asked.shown.can_ship == can_ship
        found.append(
            gettext(words.UNCHANGED if same else words.CHANGED).format(
                at=moment(asked.shown.at),
                before=shown_quantity(asked.shown.can_ship),
                now=shown_quantity(can_ship),
            )
        )
    return found


def _notices_of_line(line: LineHead, available: Decimal) -> list[str]:
    state = {"draft": words.NOT_RELEASED, "cancelled": words.IS_CANCELLED}.get(line.state)
    if state is not None:
        return [gettext(state)]
    if line.short_reason:
        return [gettext(words.IS_CLOSED).format(reason=line.short_reason)]
    if not line.is_released or not line.open_quantity:
        return []
    return _notices_of_wanting(line, available)


def _notices_of_wanting(line: LineHead, available: Decimal) -> list[str]:
    """Why a released line does not have what lies free."""
    wanted, free = shown_quantity(line.open_quantity), shown_quantity(available)
    if line.partial_policy == "whole_lines" and available < line.open_quantity:
        return [gettext(words.WHOLE_LINES).format(wanted=wanted, available=free)]
    if line.partial_policy == "whole_order":
        return [gettext(words.WHOLE_ORDER)]
    if available <= 0:
        return []
    kept = shown_quantity(min(available, line.open_quantity))
    found = [gettext(words.NOT_KEPT).format(quantity=kept)]
    return [gettext(words.LAPSED), *found] if line.has_lapsed else found
