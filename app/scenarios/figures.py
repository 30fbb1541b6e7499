"""Figures of a scenario, read back from the ledger's rows; every number as a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, plain, rounded, split
from app.scenarios.book import CONSIGNED, MAIN, Book
from app.scenarios.events import items_in, lots_in, moment_of

QUERIES = sql.Queries.beside(__file__)
UNIT_COST_DECIMALS = 4
DAY, LONGEST_STORY = timedelta(days=1), timedelta(days=62)
Figures = dict[str, Any]


@dataclass(frozen=True)
class _Pool:
    item: str
    method: str
    store: str | None
    lot: str | None
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True)
class _Layer:
    item: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True)
class _Lying:
    item: str
    location: str
    quantity: Decimal


@dataclass(frozen=True)
class _AsOf:
    item: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True)
class Charged:
    """Cost of sales and purchase variance of the whole story."""

    cogs: Decimal
    variance: Decimal


def text(number: Decimal) -> str:
    """Without trailing zeros, and never as minus zero."""
    return plain(number + ZERO)


def unit_cost(value: Decimal, quantity: Decimal) -> str | None:
    return text(rounded(value / quantity, UNIT_COST_DECIMALS)) if quantity else None


def stock_of(quantity: Decimal, value: Decimal) -> Figures:
    return {"on_hand": text(quantity), "stock_value": text(value)}


def summary(session: Session, book: Book) -> dict[str, Figures]:
    """Each item's quantity, value and average right now."""
    found: dict[str, Figures] = {}
    pools = sql.rows(session, _Pool, QUERIES["pools"])
    for item in items_in(book.scenario):
        quantity, value = _sums(pool for pool in pools if pool.item == item)
        found[item] = {**stock_of(quantity, value), "avg_unit_cost": unit_cost(value, quantity)}
    return found


def _sums(pools: Iterable[_Pool]) -> tuple[Decimal, Decimal]:
    known = list(pools)
    quantity = sum((pool.quantity for pool in known), ZERO)
    return quantity, sum((pool.value for pool in known), ZERO)


def items(session: Session, book: Book) -> dict[str, Figures]:
    """With layers (FIFO), lots (specific) and places."""
    pools = sql.rows(session, _Pool, QUERIES["pools"])
    layers = sql.rows(session, _Layer, QUERIES["layers"])
    lying = sql.rows(session, _Lying, QUERIES["lying_by_place"])
    found = summary(session, book)
    for item, figures in found.items():
        own = [pool for pool in pools if pool.item == item]
        figures["layers"] = _layers([layer for layer in layers if layer.item == item])
        figures["lots"] = _lots(book, item, own)
        figures["by_location"] = _places(
            book, own, [place for place in lying if place.item == item]
        )
    return found


def _layers(layers: Sequence[_Layer]) -> list[list[str | None]]:
    """Oldest first; adjacent ones of the same unit cost are one."""
    merged: list[_Layer] = []
    for layer in layers:
        last = merged[-1] if merged else None
        cost = unit_cost(layer.value, layer.quantity)
        if last and unit_cost(last.value, last.quantity) == cost:
            both = _Layer(layer.item, last.quantity + layer.quantity, last.value + layer.value)
            merged[-1] = both
        else:
            merged.append(layer)
    return [[text(one.quantity), unit_cost(one.value, one.quantity)] for one in merged]


def _lots(book: Book, item: str, pools: Sequence[_Pool]) -> dict[str, Figures]:
    if book.scenario.method_of(item) != "specific":
        return {}
    return {
        lot: stock_of(*_sums(pool for pool in pools if pool.lot == lot))
        for name, lot in lots_in(book.scenario)
        if name == item
    }


def _places(book: Book, pools: Sequence[_Pool], lying: Sequence[_Lying]) -> dict[str, Figures]:
    """The places of the story: by their own pools, or else by their share of the common one."""
    names = [name for name in book.spots if name not in {MAIN, CONSIGNED}]
    if any(place.location == MAIN for place in lying) or not names:
        names.append(MAIN)
    if book.scenario.costs_by_location:
        return {
            name: stock_of(*_sums(pool for pool in pools if pool.store == name)) for name in names
        }
    quantities = {place.location: place.quantity for place in lying}
    weights = [quantities.get(name, ZERO) for name in names]
    _quantity, value = _sums(pools)
    if sum(weights, ZERO) <= 0:
        return {name: stock_of(weight, ZERO) for name, weight in zip(names, weights, strict=True)}
    values = split(value, weights, book.scenario.currency_decimals)
    return {
        name: stock_of(weight, share)
        for name, weight, share in zip(names, weights, values, strict=True)
    }


def charged(session: Session) -> Charged:
    found = sql.one(session, Charged, QUERIES["charged"], {})
    assert found is not None, "a sum without its row"
    return found


def as_of(session: Session, book: Book, dates: Sequence[str]) -> dict[str, dict[str, Figures]]:
    """Stock at the end of each day of the story, by what happened until then."""
    found: dict[str, dict[str, Figures]] = {}
    for written, ends in moments_asked(dates).items():
        before = {"before": ends}
        rows = {row.item: row for row in sql.rows(session, _AsOf, QUERIES["at"], before)}
        found[written] = {
            item: stock_of(rows[item].quantity, rows[item].value)
            if item in rows
            else stock_of(ZERO, ZERO)
            for item in items_in(book.scenario)
        }
    return found


def moments_asked(dates: Sequence[str]) -> dict[str, datetime]:
    """Each day from the first to the last, and each hour that is named, with the moment it ends."""
    days = sorted({moment_of(text).replace(hour=0, minute=0, second=0) for text in dates})
    found = {day.date().isoformat(): day + DAY for day in days}
    if days and days[-1] - days[0] <= LONGEST_STORY:
        day = days[0]
        while day < days[-1]:
            day += DAY
            found[day.date().isoformat()] = day + DAY
    for text in dates:
        found.setdefault(text, moment_of(text) + timedelta(hours=1))
    return dict(sorted(found.items()))
