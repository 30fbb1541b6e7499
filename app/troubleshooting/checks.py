"""The five checks, in the order in which a practised supervisor makes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from app.kit.formats import moment
from app.kit.formats import quantity as shown
from app.kit.i18n import gettext
from app.kit.money import ZERO
from app.troubleshooting import words
from app.troubleshooting.answer import BucketView, Check, Diagnosis
from app.troubleshooting.queries import Seen


def checks_of(made: Diagnosis, seen: Seen) -> list[Check]:
    """Each with its own answer: what it found, how much, and how it knows."""
    return [_check(number, made, seen) for number in words.CHECKS]


def _check(number: int, made: Diagnosis, seen: Seen) -> Check:
    name, title = words.CHECKS[number]
    buckets = [bucket for bucket in made.buckets if bucket.check == number]
    holding = [bucket for bucket in buckets if bucket.name not in words.OWN]
    evidence = _EVIDENCE[number](made, seen)
    state = "holds" if holding else "look" if _is_under_way(number, made) else "clear"
    return Check(
        number=number,
        name=name,
        title=gettext(title),
        state=state,
        quantity=sum((bucket.quantity for bucket in holding), ZERO),
        answer=_answer(number, state, holding, evidence),
        evidence=evidence,
        buckets=[bucket.name for bucket in buckets],
    )


def _answer(number: int, state: str, holding: Sequence[BucketView], evidence: list[str]) -> str:
    if state == "holds":
        return gettext(words.LIST_COMMA).join(bucket.phrase for bucket in holding)
    if state == "look":
        return evidence[0] if evidence else ""
    return gettext(words.CLEAR[number])


def _is_under_way(number: int, made: Diagnosis) -> bool:
    beside = made.beside
    if number == words.FRESHNESS:
        return bool(beside.gaps or beside.counts or beside.picks)
    return number == words.SIGHT and made.sight is not None and bool(made.sight.misses)


# Evidence -----------------------------------------------------------------------------------------


def _status(made: Diagnosis, seen: Seen) -> list[str]:
    del seen
    return _whys(made, "frozen")


def _promises(made: Diagnosis, seen: Seen) -> list[str]:
    del seen
    stale = sum((bucket.stale for bucket in made.buckets), ZERO)
    if not stale:
        return []
    documents = [document for bucket in made.buckets for document in bucket.documents]
    count = sum(1 for document in documents if document.is_stale)
    return [gettext(words.STALE).format(count=count, quantity=shown(stale))]


def _places(made: Diagnosis, seen: Seen) -> list[str]:
    """Store, warehouse and zone with how much lies there."""
    del seen
    found: dict[str, Decimal] = {}
    for bucket in made.buckets:
        if bucket.name in {"other_store", "other_warehouse", "zone"}:
            for part in bucket.parts:
                names = (part.store, part.warehouse, part.zone or part.location)
                where = " · ".join(name for name in names if name)
                found[where] = found.get(where, ZERO) + part.quantity
    return [f"{where}: {shown(quantity)}" for where, quantity in found.items()]


def _sight(made: Diagnosis, seen: Seen) -> list[str]:
    if made.sight is not None:
        return _compared(made)
    found: list[str] = []
    for store in seen.unseen:
        text = words.UNSEEN_AT if store.ask else words.UNSEEN_NOBODY
        facts = {"quantity": shown(store.on_hand), "store": store.store_name, "who": store.ask}
        found.append(gettext(text).format(**facts))
    return found


def _compared(made: Diagnosis) -> list[str]:
    """What the other person sees of it, and what not: what they miss comes first."""
    sight = made.sight
    assert sight is not None, "only asked for another's sight"
    both = ((words.MISSES, sight.misses), (words.SEES, sight.sees))
    return [
        gettext(text).format(who=sight.name, quantity=shown(store.on_hand), store=store.store_name)
        for text, stores in both
        for store in stores
    ]


def _freshness(made: Diagnosis, seen: Seen) -> list[str]:
    found = _gaps(made) + _counts(made) + _picks(made) + _whys(made, "counted")
    found.append(gettext(words.READ_AT).format(at=moment(made.read_at)))
    if seen.latest is not None:
        who = seen.latest.user_name or gettext(words.SYSTEM)
        at = moment(seen.latest.recorded_at)
        found.append(gettext(words.LAST_CHANGE).format(at=at, who=who))
    return found


def _gaps(made: Diagnosis) -> list[str]:
    return [
        gettext(words.MISSING_SCANS).format(
            count=gap.missing,
            who=" · ".join(filter(None, (gap.user_name, gap.device_name))) or gettext(words.DEVICE),
            at=moment(gap.seen_at),
        )
        for gap in made.beside.gaps
    ]


def _counts(made: Diagnosis) -> list[str]:
    return [
        gettext(words.COUNT_OPEN).format(
            place=count.location_code,
            who=count.created_by or gettext(words.SYSTEM),
            at=moment(count.created_at),
        )
        for count in made.beside.counts
    ]


def _picks(made: Diagnosis) -> list[str]:
    return [
        gettext(words.PICK_OPEN).format(
            quantity=shown(pick.quantity),
            number=pick.number,
            who=pick.holder or gettext(words.SOMEBODY),
        )
        for pick in made.beside.picks
    ]


def _whys(made: Diagnosis, name: str) -> list[str]:
    """Who keeps it and for what, each once."""
    parts = [part for bucket in made.buckets if bucket.name == name for part in bucket.parts]
    return list(dict.fromkeys(part.why for part in parts if part.why))


_EVIDENCE: dict[int, Callable[[Diagnosis, Seen], list[str]]] = {
    words.STATUS: _status,
    words.PROMISES: _promises,
    words.PLACES: _places,
    words.SIGHT: _sight,
    words.FRESHNESS: _freshness,
}
