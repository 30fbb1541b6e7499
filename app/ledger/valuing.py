"""What a move does to value: the general way, through the pure stock of its pool.

The hot paths (a priced receipt, an issue at the average) are single statements in ``posting``; they
compute the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import books
from app.ledger.books import Entry
from app.ledger.costing.stock import AVERAGE, Layer, Piece, Rank, Stock
from app.ledger.movements import Movement
from app.ledger.pools import QUERIES, Moment, Pool, whole_company

FRONT = 8
"""Layers that are read at first; most issues need one."""


@dataclass(frozen=True)
class LayerRow:
    """A layer as the database has it."""

    id: int
    move_id: int
    remaining: Decimal
    value: Decimal
    occurred_at: datetime

    def layer(self) -> Layer:
        rank = Rank(self.occurred_at, self.id)
        return Layer(self.move_id, rank, self.remaining, self.value)


@dataclass(frozen=True)
class Held:
    """What an issue has from a layer: negative, as the pool sees it."""

    pool_id: int
    layer: int
    quantity: Decimal
    amount: Decimal
    entry_id: int | None


class Valued:
    """One pool while one move is valued: its stock in memory, and what is to be written of it.

    Only what the event may touch is loaded, so that an issue costs what it takes, not what lies
    there.
    """

    def __init__(self, session: Session, envelope: Envelope, pool: Pool, when: Moment) -> None:
        self.session, self.envelope, self.pool, self.when = session, envelope, pool, when
        self.ids: dict[int, int | None] = {AVERAGE: None}
        self.stock = Stock(queued=pool.queued, decimals=pool.decimals, last_cost=pool.last_cost)
        if not pool.queued and pool.quantity > 0:
            rank = Rank(None, AVERAGE)
            self.stock.add(Layer(AVERAGE, rank, pool.quantity, pool.value))

    @property
    def rank(self) -> Rank:
        # Behind every layer of the same moment: ids only grow.
        return Rank(self.when.at, 1 << 62)

    def load(self, rows: Iterable[LayerRow]) -> None:
        """Bring layers into the stock; those that are there already are left alone."""
        for row in rows:
            if row.move_id not in self.ids:
                self.ids[row.move_id] = row.id
                self.stock.add(row.layer())

    def load_front(self, quantity: Decimal) -> None:
        """Layers to take so much from; the whole queue only where so many are needed."""
        if not self.pool.queued or self.pool.quantity <= 0:
            return None
        most = FRONT
        while True:
            values = {"pool_id": self.pool.id, "quantity": quantity, "most": most}
            rows = sql.rows(self.session, LayerRow, QUERIES["oldest_layers"], values)
            if len(rows) < most or sum((row.remaining for row in rows), ZERO) >= quantity:
                return self.load(rows)
            most *= 8

    def load_debts(self) -> None:
        """What was issued and not there; a pool in credit owes nothing."""
        if self.pool.quantity < 0:
            self.load_all()

    def load_all(self) -> None:
        values = {"pool_id": self.pool.id}
        self.load(sql.rows(self.session, LayerRow, QUERIES["layers_of_pool"], values))

    def load_layers(self, moves: Sequence[int]) -> None:
        """Layers that these moves made, empty ones too."""
        wanted = [move for move in moves if move not in self.ids]
        if wanted:
            values = {"pool_id": self.pool.id, "move_ids": wanted}
            self.load(sql.rows(self.session, LayerRow, QUERIES["layers_of_moves"], values))

    def write(self, pieces: Sequence[Piece], entry: Entry) -> Decimal:
        """Book the pieces; what the move itself made of value.

        ``entry`` says what is the same for all that belongs to the move; what covers another issue
        is a correction of that issue, caused by it.
        """
        own = [piece for piece in pieces if piece.move == entry.move_id]
        others = [piece for piece in pieces if piece.move != entry.move_id]
        stores = self._stores(others)
        rows = [self._entry(piece, entry, entry.store_id) for piece in own]
        rows += [self._covering(piece, entry, stores[piece.move]) for piece in others]
        if others:
            with whole_company(self.session):
                books.write(self.session, self.envelope, rows)
        else:
            books.write(self.session, self.envelope, rows)
        self._remember()
        return sum((piece.amount for piece in own), ZERO)

    def _entry(self, piece: Piece, entry: Entry, store_id: int) -> Entry:
        return Entry(
            store_id,
            piece.move,
            self.pool.id,
            self.layer_id(piece),
            piece.quantity,
            piece.amount,
            entry.kind,
            entry.at,
            cause_id=entry.cause_id,
            priced=entry.priced,
        )

    def _covering(self, piece: Piece, entry: Entry, store_id: int) -> Entry:
        return Entry(
            store_id,
            piece.move,
            self.pool.id,
            self.layer_id(piece),
            piece.quantity,
            piece.amount,
            "correction",
            # A late receipt covers what was taken after it: at the moment when that was taken.
            max(entry.at, self.stock.ranks[piece.move].at or entry.at),
            cause_row=0,
        )

    def layer_id(self, piece: Piece) -> int | None:
        """The layer's row, made where it is new."""
        if piece.layer not in self.ids:
            self.ids[piece.layer] = books.layer_id(
                self.session, self.pool.id, piece.layer, abs(piece.quantity), self.when.at
            )
        return self.ids[piece.layer]

    def _stores(self, pieces: Sequence[Piece]) -> dict[int, int]:
        moves = {piece.move for piece in pieces}
        if not moves:
            return {}
        with whole_company(self.session):
            rows = sql.rows(
                self.session, _StoreOfMove, QUERIES["stores_of_moves"], {"move_ids": list(moves)}
            )
        return {row.move_id: row.store_id for row in rows}

    def _remember(self) -> None:
        """Where nothing is left, what one was worth last is kept for who takes on credit."""
        if not self.stock.open and self.stock.last_cost != self.pool.last_unit_cost:
            books.set_last_cost(self.session, self.pool.id, self.stock.last_cost)


@dataclass(frozen=True)
class _StoreOfMove:
    move_id: int
    store_id: int


def held_by(session: Session, move_id: int) -> list[Held]:
    """What the issue has taken and not given back yet."""
    with whole_company(session):
        return sql.rows(session, Held, QUERIES["held_by_issue"], {"move_id": move_id})


Valuing = Callable[[Valued], list[Piece]]


def entry_of(movement: Movement, move_id: int, at: datetime) -> Entry:
    """What is the same for every entry of a move."""
    return Entry(
        movement.store_id,
        move_id,
        None,
        None,
        ZERO,
        ZERO,
        movement.kind,
        at,
        cause_id=movement.cause_id,
    )


def columns(movement: Movement) -> dict[str, Any]:
    """The places of a movement, for the statement that asks whose goods they hold."""
    return {"from": movement.source.location_id, "to": movement.target.location_id}
