"""Commands on suppliers and customers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypedDict, cast

from sqlmodel import Session, col, select

from app.catalog import input as given
from app.catalog import problems, registry
from app.catalog.items import Changed, Created
from app.catalog.tables import Partner
from app.kit.transactions import Envelope

PartnerKind = Literal["supplier", "customer", "both"]


@dataclass(frozen=True)
class CreatePartner:
    code: given.CodeText
    name: given.Name
    kind: PartnerKind
    phone: given.Note = ""
    tax_number: given.Note = ""


class PartnerChanges(TypedDict, total=False):
    code: str
    name: str
    kind: PartnerKind
    phone: str
    tax_number: str


@dataclass(frozen=True)
class ChangePartner:
    partner_id: int
    changes: PartnerChanges


@dataclass(frozen=True)
class ArchivePartner:
    partner_id: int
    restore: bool = False


def create_partner(session: Session, command: CreatePartner, _envelope: Envelope) -> Created:
    command = given.checked(command)
    registry.refuse_taken(session, command.code)
    partner = Partner(**_columns(command))
    session.add(partner)
    session.flush()
    registry.register_partner(session, command.code, cast("int", partner.id))
    return Created(id=cast("int", partner.id), code=partner.code)


def change_partner(session: Session, command: ChangePartner, _envelope: Envelope) -> Changed:
    partner = _partner(session, command.partner_id)
    changes = cast("dict[str, Any]", command.changes)
    new = given.read(CreatePartner, {**_columns(partner), **changes})
    if new.code != partner.code:
        registry.release(session, partner.code, "partner")
        registry.register_partner(session, new.code, command.partner_id)
    for name, value in _columns(new).items():
        setattr(partner, name, value)
    session.flush()
    return Changed(command.partner_id)


def archive_partner(session: Session, command: ArchivePartner, _envelope: Envelope) -> Changed:
    _partner(session, command.partner_id).is_active = command.restore
    session.flush()
    return Changed(command.partner_id)


def _columns(source: CreatePartner | Partner) -> dict[str, Any]:
    return {field.name: getattr(source, field.name) for field in fields(CreatePartner)}


def _partner(session: Session, partner_id: int) -> Partner:
    query = select(Partner).where(col(Partner.id) == partner_id).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise problems.NoSuchPartner
    return found
