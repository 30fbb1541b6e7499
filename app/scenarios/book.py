"""The scratch company of one scenario: its items, lots and places by the names in the story."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from app.access.tables import Area, Company, Store
from app.catalog.tables import Item, Location, Lot, Unit, Warehouse, Zone
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from app.kit.tables import saved_id
from app.kit.transactions import Envelope, run
from app.ledger.movements import Place
from app.scenarios.events import AnyEvent, Scenario, items_in, locations_in, lots_in

MAIN = "MAIN"
CONSIGNED = "CONSIGNED"
UNIT = "u"
DECIMALS = 6
VIRTUAL = ("supplier", "customer", "production", "adjustment", "in_transit")


@dataclass(frozen=True)
class Spot:
    """A real place: the store whose pools count there, and its location."""

    store_id: int
    location_id: int

    @property
    def place(self) -> Place:
        return Place(self.location_id, "available")


@dataclass
class Posting:
    """What became of an event: its moves by what they are, for those that go back to it.

    ``amount`` is the price of a receipt, ``returned`` what came back of each move, ``lines`` how
    many moves each consumed line took, ``numbers`` what the posting answered.
    """

    event: AnyEvent
    command_id: UUID
    moves: list[int] = field(default_factory=list[int])
    consumed: list[int] = field(default_factory=list[int])
    outputs: list[int | None] = field(default_factory=list["int | None"])
    returned: dict[int, Decimal] = field(default_factory=dict[int, Decimal])
    amount: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    lines: list[int] = field(default_factory=list[int])
    numbers: dict[str, list[Decimal]] = field(default_factory=dict[str, list[Decimal]])
    error: str | None = None


@dataclass
class Book:
    """Ids of the company's rows, and the events that were posted so far."""

    scenario: Scenario
    items: dict[str, int] = field(default_factory=dict[str, int])
    lots: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    spots: dict[str, Spot] = field(default_factory=dict[str, Spot])
    virtual: dict[tuple[int, str], Place] = field(default_factory=dict[tuple[int, str], Place])
    postings: dict[str, Posting] = field(default_factory=dict[str, Posting])

    @property
    def is_one_place(self) -> bool:
        """No place is named in the story."""
        return self.spots.keys() == {MAIN, CONSIGNED}

    def spot(self, name: str | None) -> Spot:
        return self.spots[name or MAIN]

    def lot(self, item: str, lot: str | None) -> int | None:
        return None if lot is None else self.lots[item, lot]

    def place(self, location_id: int) -> Place:
        """A real place by its id."""
        return Place(location_id, "available")

    def outside(self, spot: Spot, kind: str) -> Place:
        """The virtual place of the same store."""
        return self.virtual[spot.store_id, kind]


def make_book(database: Database, scenario: Scenario) -> Book:
    """Write the company, in a command of its own."""
    made: list[Book] = []

    def make_company(session: Session, command: Scenario, envelope: Envelope) -> None:
        del envelope
        made.append(_Maker(session, command).make())

    run(database, make_company, scenario, Envelope(new_id(), SYSTEM))
    return made[-1]


class _Maker:
    def __init__(self, session: Session, scenario: Scenario) -> None:
        self.session, self.scenario, self.book = session, scenario, Book(scenario)

    def make(self) -> Book:
        scope = "store" if self.scenario.costs_by_location else "company"
        decimals = self.scenario.currency_decimals
        self.session.add(Company(name="-", currency_decimals=decimals, cost_scope=scope))
        self.session.add(Unit(code=UNIT, name=UNIT, decimals=DECIMALS))
        self._places(self._id(Area(code="-", name="-")))
        for name in items_in(self.scenario):
            self.book.items[name] = self._id(self._item(name))
        for item, lot in lots_in(self.scenario):
            if item in self.book.items:
                row = Lot(item_id=self.book.items[item], code=lot)
                self.book.lots[item, lot] = self._id(row)
        return self.book

    def _id(self, row: Area | Store | Warehouse | Zone | Location | Item | Lot) -> int:
        self.session.add(row)
        self.session.flush()
        return saved_id(row.id)

    def _item(self, name: str) -> Item:
        own = self.scenario.items.get(name)
        has_lots = any(item == name for item, _lot in lots_in(self.scenario))
        return Item(
            code=name,
            name=name,
            base_unit=UNIT,
            decimals=DECIMALS,
            tracking="lot" if has_lots else "none",
            cost_method=self.scenario.method_of(name),
            fallback_unit_cost=own.fallback_unit_cost if own else None,
        )

    def _places(self, area_id: int) -> None:
        """One store for all places, or, where cost is kept by place, a store for each."""
        names = [MAIN, *(name for name in locations_in(self.scenario) if name != MAIN)]
        zone = None
        for name in names:
            if zone is None or self.scenario.costs_by_location:
                zone = self._store(area_id, name)
            self.book.spots[name] = self._location(zone, name)
        self.book.spots[CONSIGNED] = self._location(
            self._zone_of(self.book.spots[MAIN]), f"{CONSIGNED}-", is_consigned=True
        )

    def _store(self, area_id: int, code: str) -> Zone:
        store_id = self._id(Store(area_id=area_id, code=code, name=code, time_zone="UTC"))
        allows = self.scenario.allows_negative
        warehouse = Warehouse(store_id=store_id, code=code, name=code, allows_negative=allows)
        zone = Zone(warehouse_id=self._id(warehouse), store_id=store_id, code="Z", name="Z")
        self._id(zone)
        for kind in VIRTUAL:
            row = Location(store_id=store_id, code=f"{code}/{kind}", kind=kind)
            self.book.virtual[store_id, kind] = Place(self._id(row))
        self.zones = {**getattr(self, "zones", {}), store_id: zone}
        return zone

    def _zone_of(self, spot: Spot) -> Zone:
        return self.zones[spot.store_id]

    def _location(self, zone: Zone, code: str, *, is_consigned: bool = False) -> Spot:
        row = Location(
            store_id=zone.store_id,
            warehouse_id=zone.warehouse_id,
            zone_id=zone.id,
            code=code,
            is_consigned=is_consigned,
        )
        return Spot(zone.store_id, self._id(row))
