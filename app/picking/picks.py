"""Commands on whole picks: make, get, begin, pause, take over, assign, finish, put back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.catalog.problems import NoSuchPlace
from app.kit import sql
from app.kit.transactions import Envelope
from app.picking import ending, refusals, undoing
from app.picking.loading import QUERIES, LockedPick, load
from app.picking.making import MAKING, may_in_store
from app.picking.scans import guard
from app.picking.state import State

FINISHED = ("done", "cancelled")


@dataclass(frozen=True)
class StartPick:
    """Begin a pick that waits, or go on with one's own."""

    pick_id: int


@dataclass(frozen=True)
class PausePick:
    pick_id: int


@dataclass(frozen=True)
class ResumePick:
    pick_id: int


@dataclass(frozen=True)
class TakeOverPick:
    """``holder_id`` is who the person was told holds it: the confirmation is for them alone."""

    pick_id: int
    holder_id: int | None


@dataclass(frozen=True)
class AssignPick:
    """Give a pick to a person, or to nobody in particular (None), and perhaps another priority."""

    pick_id: int
    user_id: int | None
    priority: int | None = None


@dataclass(frozen=True)
class ClosePick:
    """Finish; stops that are open go back to the work that waits."""

    pick_id: int


@dataclass(frozen=True)
class CancelPick:
    """Drop a pick into which nothing was taken."""

    pick_id: int


@dataclass(frozen=True)
class PutBackOrder:
    """Put all that was taken for an order back to its places, or to ``location_id``."""

    pick_id: int
    order_id: int
    location_id: int | None = None


@dataclass(frozen=True)
class PickChanged:
    pick_id: int
    state: str


# Who works on it ----------------------------------------------------------------------------------


def start_pick(session: Session, command: StartPick, envelope: Envelope) -> PickChanged:
    """Begin: of two people who begin the same pick at once, the second is told of the first.

    Raises:
        NoSuchPick, PickHeld, PickTakenOver, PickPaused, PickCancelled, PickEnded.
    """
    pick = load(session, command.pick_id, envelope.caller.user_id).pick
    if pick.state == "confirmed":
        guard(session, replace(pick, state="in_progress"), envelope)
        return _hold(session, pick, "in_progress", envelope.caller.user_id)
    guard(session, pick, envelope)
    if pick.state in FINISHED:
        raise refusals.PickEnded(number=pick.number)
    return PickChanged(pick.id, pick.state)


def pause_pick(session: Session, command: PausePick, envelope: Envelope) -> PickChanged:
    pick = mine(session, command.pick_id, envelope)
    return _hold(session, pick, "paused", envelope.caller.user_id)


def resume_pick(session: Session, command: ResumePick, envelope: Envelope) -> PickChanged:
    """Go on with a paused pick; one's own, or one that nobody holds."""
    pick = load(session, command.pick_id, envelope.caller.user_id).pick
    if pick.state == "paused":
        # Pausing is no reason to refuse here, everything else is.
        guard(session, replace(pick, state="in_progress"), envelope)
        return _hold(session, pick, "in_progress", envelope.caller.user_id)
    guard(session, pick, envelope)
    return PickChanged(pick.id, pick.state)


def take_over_pick(session: Session, command: TakeOverPick, envelope: Envelope) -> PickChanged:
    """Make the pick one's own; the former holder's next scan is refused with one's name.

    Raises:
        PickChangedHands: meanwhile somebody else than the one named holds it.
    """
    user_id = envelope.caller.user_id
    pick = load(session, command.pick_id, user_id).pick
    if pick.held_by == user_id and pick.state == "in_progress":
        return PickChanged(pick.id, pick.state)
    if pick.held_by not in (None, user_id, command.holder_id):
        raise refusals.PickChangedHands(
            number=pick.number, holder=pick.holder or "?", pick_id=pick.id, holder_id=pick.held_by
        )
    if pick.state in FINISHED:
        raise refusals.PickEnded(number=pick.number)
    guard(session, replace(pick, held_by=user_id, state="in_progress"), envelope)
    return _hold(session, pick, "in_progress", user_id)


def assign_pick(session: Session, command: AssignPick, envelope: Envelope) -> PickChanged:
    """A supervisor says who does it.  A pick that was begun is paused until that person goes on.

    Raises:
        CapabilityMissing, PickEnded, NobodyThere.
    """
    pick = load(session, command.pick_id, envelope.caller.user_id).pick
    _require(pick, "pick_assign")
    if pick.state in FINISHED:
        raise refusals.PickEnded(number=pick.number)
    if command.user_id is not None and not may_in_store(session, command.user_id, pick.store_id):
        raise refusals.NobodyThere
    given = {"pick_id": pick.id, "user_id": command.user_id, "priority": command.priority}
    sql.execute(session, MAKING["assign"], given)
    if pick.state == "in_progress" and command.user_id != pick.held_by:
        return _hold(session, pick, "paused", command.user_id)
    return PickChanged(pick.id, pick.state)


def mine(session: Session, pick_id: int, envelope: Envelope) -> LockedPick:
    """The pick, locked, where this person may work on it now."""
    pick = load(session, pick_id, envelope.caller.user_id).pick
    guard(session, pick, envelope)
    return pick


def _require(pick: LockedPick, capability: str) -> None:
    if pick.role is None:
        raise refusals.NobodyPicks
    if not pick.can(capability):
        raise CapabilityMissing(capability=capability)


def _hold(session: Session, pick: LockedPick, state: str, user_id: int | None) -> PickChanged:
    kept = {"pick_id": pick.id, "state": state, "user_id": user_id}
    sql.execute(session, QUERIES["hold"], kept)
    return PickChanged(pick.id, state)


# The end ------------------------------------------------------------------------------------------


def close_pick(session: Session, command: ClosePick, envelope: Envelope) -> PickChanged:
    """Finish with what there is; the rest waits for another pick.

    Raises:
        PickEnded, or what ``guard`` refuses.
    """
    pick = mine(session, command.pick_id, envelope)
    if pick.state in FINISHED:
        raise refusals.PickEnded(number=pick.number)
    ending.bring_together(session, pick, envelope)
    ending.end(session, pick, "done", State("done"))
    return PickChanged(pick.id, "done")


def cancel_pick(session: Session, command: CancelPick, envelope: Envelope) -> PickChanged:
    """Drop a pick into which nothing was taken; its stops wait for others.

    Its holder may, and a supervisor.

    Raises:
        PickNotEmpty, PickEnded.
    """
    pick = load(session, command.pick_id, envelope.caller.user_id).pick
    if not pick.can("pick_assign"):
        guard(session, pick, envelope)
    if pick.state in FINISHED:
        raise refusals.PickEnded(number=pick.number)
    if sql.value(session, MAKING["has_lines"], {"pick_id": pick.id}):
        raise refusals.PickNotEmpty
    sql.execute(session, QUERIES["free_cart"], {"pick_id": pick.id})
    ending.end(session, pick, "cancelled", State("done"))
    return PickChanged(pick.id, "cancelled")


def put_back_order(session: Session, command: PutBackOrder, envelope: Envelope) -> PickChanged:
    """Put an order's goods back: its own picker, or after the end a supervisor.

    Raises:
        OrderNotHere, OrderPacked, GoodsMoved, NoSuchPlace.
    """
    pick = load(session, command.pick_id, envelope.caller.user_id).pick
    if not pick.can("pick_assign"):
        guard(session, pick, envelope)
        if pick.state in FINISHED:
            raise CapabilityMissing(capability="pick_assign")
    if command.location_id is not None:
        place = {"location_id": command.location_id, "store_id": pick.store_id}
        if not sql.value(session, MAKING["is_shelf"], place):
            raise NoSuchPlace
    undoing.put_order_back(session, pick, envelope, command.order_id, command.location_id)
    return PickChanged(pick.id, pick.state)
