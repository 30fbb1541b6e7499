"""The buttons: what each would free, and who may press it.

A promise is computed, not guessed: what would really become available once this one thing no longer
keeps the balance.  Stock that something else keeps as well is not promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from app.access.roles import CAPABILITIES, ROLE_NAMES
from app.kit.formats import quantity as shown
from app.kit.i18n import gettext
from app.kit.money import ZERO, plain
from app.troubleshooting import words
from app.troubleshooting.answer import Action
from app.troubleshooting.partition import (
    Bucket,
    Demand,
    Standing,
    freed_by,
    gain,
    hindrances,
    in_packs,
    merged_gain,
)
from app.troubleshooting.queries import Seen
from app.troubleshooting.views import LineHead, Promise

RELEASABLE = frozenset({"inspection", "frozen", "returned"})
"""Statuses that goods are released from; damaged goods are written off."""


@dataclass(frozen=True)
class Offers:
    """Makes the actions of one diagnosis, for a reader with these capabilities."""

    demand: Demand
    seen: Seen
    line: LineHead | None
    can: Callable[[str], bool]

    @cached_property
    def rows(self) -> dict[int, Standing]:
        """Every balance by its id."""
        return {row.balance_id: row for row in self.seen.standing}

    @cached_property
    def _by_lot(self) -> dict[int | None, list[Standing]]:
        return _grouped(self.seen.standing, lambda row: row.lot_id)

    @cached_property
    def _by_place(self) -> dict[int | None, list[Standing]]:
        return _grouped(self.seen.standing, lambda row: row.location_id)

    # What one balance is offered --------------------------------------------------------------

    def of_part(self, bucket: str, row: Standing) -> list[Action]:
        """What can be done about one balance in a bucket."""
        found: list[Action | None] = [
            self._status(row) if bucket in RELEASABLE else None,
            self._hold(row) if bucket == "frozen" else None,
            self._unlock(row) if bucket == "counted" else None,
            self._recount(row) if bucket in {"available", "others", "own", "negative"} else None,
        ]
        return [action for action in found if action is not None]

    def _status(self, row: Standing) -> Action | None:
        if row.status not in RELEASABLE:
            return None
        fields = {
            "store_id": row.store_id, "balance_id": row.balance_id,
            f"quantity_{row.balance_id}": plain(row.on_hand), "to_status": "available",
        }  # fmt: skip
        alone = hindrances(row, self.seen.places, self.seen.lots, self.demand) == {"status"}
        freed = merged_gain(row, self._beside(row), self.demand.pack) if alone else ZERO
        action = Action(
            "release_status", gettext(words.RELEASE_STATUS), "/quality/status-changes",
            _texts(fields), promises=freed, needs_reason=True, after_approval=True,
        )  # fmt: skip
        return self._action("status_change", action)

    def _beside(self, row: Standing) -> Standing | None:
        """The available balance that a released one joins."""
        same = (row.lot_id, row.logistic_unit_id, "available")
        beside = self._by_place[row.location_id]
        return next(
            (one for one in beside if (one.lot_id, one.logistic_unit_id, one.status) == same), None
        )

    def _hold(self, row: Standing) -> Action | None:
        lot = self.seen.lots.get(row.lot_id) if row.lot_id is not None else None
        if lot is None or lot.hold_reason is None:
            return None
        return Action(
            "lift_hold", gettext(words.SEE_HOLD), f"/quality/lots/{lot.id}", method="get",
            promises=self._freed(self._by_lot[lot.id], "hold"), after_approval=True,
        )  # fmt: skip

    def _unlock(self, row: Standing) -> Action:
        place = self.seen.places[row.location_id]
        action = Action(
            "unlock", gettext(words.UNLOCK).format(place=place.code),
            f"/troubleshooting/locations/{place.id}/unlocking", self._asker(),
            promises=self._freed(self._by_place[place.id], "counted"),
        )  # fmt: skip
        return self._action("count_unlock", action)

    def _recount(self, row: Standing) -> Action:
        place = self.seen.places[row.location_id]
        fields = {"location_id": str(place.id), "item_id": str(self.demand.item_id)}
        action = Action(
            "recount", gettext(words.RECOUNT).format(place=place.code),
            "/troubleshooting/recounts", fields | self._asker(),
        )  # fmt: skip
        return self._action("recount_request", action)

    # What a promise is offered ----------------------------------------------------------------

    def of_promises(self, promises: Sequence[Promise]) -> list[Action]:
        """Ending the promises to one line, as far as they are still on the shelf."""
        first = promises[0]
        if first.order_id is None:
            return []
        own = first.line_id == self.demand.line_id
        label = words.RELEASE_OWN if own else words.RELEASE
        if all(self.rows[promise.balance_id].staged for promise in promises):
            return []
        action = Action(
            "release_promise", gettext(label).format(number=first.number),
            "/sales-orders/allocations/release",
            _texts({"line_id": first.line_id, "for_order_id": None if own else self._order_id()}),
            promises=self._given_back(promises),
        )  # fmt: skip
        return [self._action("allocate", action)]

    def _given_back(self, promises: Iterable[Promise]) -> Decimal:
        """What orders could take once these promises end; goods on a cart stay promised."""
        pairs = ((self.rows[promise.balance_id], promise.quantity) for promise in promises)
        parts = (
            gain(row, self.demand.pack, quantity) for row, quantity in pairs if not row.obstacle
        )
        return sum(parts, ZERO)

    # What a whole bucket is offered -----------------------------------------------------------

    def of_bucket(self, bucket: Bucket) -> list[Action]:
        match bucket.name:
            case "zone":
                return self._zones(bucket)
            case "other_store" | "other_warehouse":
                return self._transfers(bucket)
            case "available":
                return self._allocate(bucket.quantity)
            case "others":
                return self._take_over()
            case "short_dated" | "pack_rounding" if self.line is not None:
                return [self._see_order(self.line)]
            case _:
                return []

    def _zones(self, bucket: Bucket) -> list[Action]:
        places = [self.seen.places[row.location_id] for row, _ in bucket.parts]
        zones = {place.zone_id: place.zone_name for place in places if place.can_be_opened}
        return [self._opening(zone, name or "") for zone, name in zones.items() if zone]

    def _opening(self, zone: int, name: str) -> Action:
        action = Action(
            "open_zone", gettext(words.OPEN_ZONE).format(zone=name),
            f"/troubleshooting/zones/{zone}/opening", self._asker(),
            promises=self._freed(self._openable(zone), "zone"),
        )  # fmt: skip
        return self._action("zone_open", action)

    def _openable(self, zone: int) -> list[Standing]:
        places = self.seen.places
        return [
            row for row in self.seen.standing
            if row.zone_id == zone and places[row.location_id].can_be_opened
        ]  # fmt: skip

    def _transfers(self, bucket: Bucket) -> list[Action]:
        free: dict[tuple[int, int], Decimal] = {}
        for row, _ in bucket.parts:
            place = self.seen.places[row.location_id]
            key = (place.store_id, place.warehouse_id)
            free[key] = free.get(key, ZERO) + self._could_give(row)
        return [self._transfer(*key, quantity) for key, quantity in free.items() if quantity > 0]

    def _could_give(self, row: Standing) -> Decimal:
        """What the other side could send: free, in order and not on its way out."""
        return max(row.free, ZERO) if row.status == "available" and not row.staged else ZERO

    def _transfer(self, store_id: int, warehouse_id: int, free: Decimal) -> Action:
        place = next(
            place for place in self.seen.places.values()
            if (place.store_id, place.warehouse_id) == (store_id, warehouse_id)
        )  # fmt: skip
        here = store_id == self.demand.store_id
        wanted = self.demand.open_quantity
        asked = free if wanted is None else min(free, wanted) or free
        fields = {
            "store_id": self.demand.store_id, "from_store_id": store_id,
            "from_warehouse_id": warehouse_id, "item_id": self.demand.item_id,
            "quantity": plain(asked), "order_line_id": self.demand.line_id,
        }  # fmt: skip
        name = place.warehouse_name if here else place.store_name
        action = Action(
            "request_transfer", gettext(words.REQUEST_TRANSFER).format(place=name),
            "/troubleshooting/transfer-requests", _texts(fields), asks_quantity=True,
        )  # fmt: skip
        return self._action("transfer_request", action)

    def _take_over(self) -> list[Action]:
        """Promises that have lapsed go to whoever asks."""
        stale = [
            promise for promise in self.seen.promises
            if promise.is_stale and promise.line_id != self.demand.line_id
        ]  # fmt: skip
        return self._allocate(self._given_back(stale))

    def _allocate(self, there: Decimal) -> list[Action]:
        line = self.line
        if line is None or not line.is_released or line.open_quantity <= 0:
            return []
        takes = in_packs(min(line.open_quantity, there), self.demand.pack)
        if takes <= 0:
            return []
        label = gettext(words.ALLOCATE).format(quantity=shown(takes))
        action = Action("allocate", label, "/sales-orders/allocation", {"line_id": str(line.id)})
        return [self._action("allocate", action)]

    def _see_order(self, line: LineHead) -> Action:
        url = f"/sales-orders/{line.order_id}"
        return Action("see_order", gettext(words.SEE_ORDER), url, method="get")

    # Helpers ----------------------------------------------------------------------------------

    def _freed(self, rows: Iterable[Standing], cause: str) -> Decimal:
        return freed_by(rows, cause, self.demand, self.seen.places, self.seen.lots)

    def _order_id(self) -> int | None:
        return self.line.order_id if self.line else None

    def _asker(self) -> dict[str, str]:
        """What the screen was about: the answer comes back to it."""
        demand = self.demand
        return _texts({"asking_item": demand.item_id, "asking_line": demand.line_id})

    def _action(self, capability: str, action: Action) -> Action:
        """The action for this reader: pressed by who may, told to the rest whom to ask."""
        if self.can(capability):
            return action
        return replace(action, allowed=False, who_may=who_may(capability))


def who_may(capability: str) -> str:
    """The lowest role that has a capability: whom to ask."""
    roles = [role for role in ROLE_NAMES if role in CAPABILITIES.get(capability, frozenset())]
    return gettext(ROLE_NAMES[roles[0]]) if roles else ""


def _grouped(
    rows: Iterable[Standing], key: Callable[[Standing], int | None]
) -> dict[int | None, list[Standing]]:
    found: dict[int | None, list[Standing]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _texts(fields: Mapping[str, int | str | None]) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items() if value is not None}
