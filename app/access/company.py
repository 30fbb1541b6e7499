"""Commands on the company, its areas and its stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from app.access.problems import NoSuchArea, NoSuchStore
from app.access.tables import Area, Company, Store
from app.kit.tables import saved_id
from app.kit.transactions import Envelope

CostScope = Literal["company", "store"]


@dataclass(frozen=True)
class Done:
    """The id of what was made or changed."""

    id: int


@dataclass(frozen=True)
class ChangeCompany:
    """The settings of the company.  ``gs1_prefix`` is its GS1 company prefix (4 to 12 digits).

    ``cost_scope``: one cost of an item for the whole company, or one for each store; None leaves it
    as it is.
    """

    name: str
    currency: str = "CNY"
    currency_decimals: int = 2
    recovers_input_tax: bool = True
    gs1_prefix: str | None = None
    receive_without_order: bool = True
    cost_scope: CostScope | None = None


def change_company(session: Session, command: ChangeCompany, _envelope: Envelope) -> Done:
    """Also makes the one row of a new installation.

    Raises:
        CompanyCostingFrozen: goods were posted, and currency, decimals or scope would change.
    """
    company = session.get(Company, 1, with_for_update=True) or Company(name=command.name)
    company.name = command.name
    company.currency, company.currency_decimals = command.currency, command.currency_decimals
    company.recovers_input_tax = command.recovers_input_tax
    company.gs1_prefix = command.gs1_prefix or None
    company.receive_without_order = command.receive_without_order
    company.cost_scope = command.cost_scope or company.cost_scope
    session.add(company)
    return Done(1)


@dataclass(frozen=True)
class CreateArea:
    code: str
    name: str


def create_area(session: Session, command: CreateArea, _envelope: Envelope) -> Done:
    area = Area(code=command.code, name=command.name)
    session.add(area)
    session.flush()
    return Done(saved_id(area.id))


@dataclass(frozen=True)
class ChangeArea:
    area_id: int
    name: str


def change_area(session: Session, command: ChangeArea, _envelope: Envelope) -> Done:
    area = session.get(Area, command.area_id, with_for_update=True)
    if area is None:
        raise NoSuchArea
    area.name = command.name
    session.add(area)
    return Done(command.area_id)


@dataclass(frozen=True)
class CreateStore:
    area_id: int
    code: str
    name: str
    time_zone: str = "Asia/Shanghai"


def create_store(session: Session, command: CreateStore, _envelope: Envelope) -> Done:
    """Its warehouses and places are catalog's."""
    if session.get(Area, command.area_id) is None:
        raise NoSuchArea
    store = Store(
        area_id=command.area_id, code=command.code, name=command.name, time_zone=command.time_zone
    )
    session.add(store)
    session.flush()
    return Done(saved_id(store.id))


@dataclass(frozen=True)
class ChangeStore:
    store_id: int
    area_id: int
    name: str
    time_zone: str


def change_store(session: Session, command: ChangeStore, _envelope: Envelope) -> Done:
    store = session.get(Store, command.store_id, with_for_update=True)
    if store is None:
        raise NoSuchStore
    if session.get(Area, command.area_id) is None:
        raise NoSuchArea
    store.area_id, store.name, store.time_zone = (
        command.area_id,
        command.name,
        command.time_zone,
    )
    session.add(store)
    return Done(command.store_id)
