"""Production and disassembly; what a bill takes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.kit.money import ZERO, plain, rounded
from app.ledger.movements import Movement
from app.ledger.producing import Output, Production, disassemble, produce
from app.producing.bom import rounded_down, rounded_up
from app.scenarios import events
from app.scenarios.book import DECIMALS, Posting
from app.scenarios.working import (
    Part,
    Work,
    base,
    movement,
    moves_of,
    out_of,
    parts_of,
)


def produce_event(work: Work, event: events.Produce) -> Posting:
    posting = work.begun(event)
    consumed = [_consumed(work, line) for line in event.consume]
    outputs = [_output(work, event, line) for line in event.outputs]
    production = Production(
        consumed=[one for line in consumed for one in line],
        outputs=outputs,
        overheads=[work.money(amount) for amount in event.overhead],
    )
    produced = produce(work.session, work.envelope, production)
    posting.outputs = [one.move_id if one else None for one in produced.outputs]
    posting.moves = [move_id for move_id in posting.outputs if move_id is not None]
    posting.consumed = [one.move_id for one in produced.consumed]
    posting.quantity = sum((base(one.qty, one.uom_factor) for one in event.outputs), ZERO)
    posting.amount = produced.cost
    posting.numbers["values"] = produced.values
    posting.lines = [len(line) for line in consumed]
    return posting


def _consumed(work: Work, line: events.Component) -> list[Movement]:
    quantity = base(line.qty, line.uom_factor)
    return [
        movement(
            work, line.item, part, out_of(work, part, "production"), "production_out", "producing"
        )
        for part in parts_of(work, line.item, quantity, line.lot, line.location)
    ]


def _output(work: Work, event: events.Produce, line: events.Output) -> Output:
    spot = work.book.spot(line.location)
    quantity = base(line.qty, line.uom_factor)
    part = Part(spot, work.book.lot(line.item, line.lot), quantity)
    way = (work.book.outside(spot, "production"), spot.place)
    one = movement(work, line.item, part, way, "production_in", "producing")
    by_quantity = event.share_by == "quantity"
    has_shares = any(each.share is not None for each in event.outputs)
    share = quantity if by_quantity or not has_shares else line.share or ZERO
    is_set = line.fixed_value is not None or line.unit_cost_of_component
    return Output(
        movement=None if line.lost else one,
        share=None if is_set else share,
        fixed_value=line.fixed_value,
        as_component=line.unit_cost_of_component,
    )


def disassemble_event(work: Work, event: events.Disassemble) -> Posting:
    """The first output (or the item that is named) goes; its share of each component comes back."""
    posting, made = work.begun(event), work.earlier(event.of)
    posting.quantity = base(event.qty, event.uom_factor)
    position = _taken_apart(made, event.item)
    output = moves_of(work, [made.outputs[position] or 0])[0]
    item = _line_of(made, position).item
    part = parts_of(work, item, posting.quantity, event.lot, event.location)[0]
    goods = movement(
        work, item, part, out_of(work, part, "production"), "production_out", "disassembling"
    )
    recovered = _recovered(work, made, posting.quantity / output.quantity)
    done = disassemble(work.session, work.envelope, goods, recovered, output.id)
    posting.consumed = [done.goods.move_id]
    posting.outputs = [one.move_id for one in done.recovered]
    posting.moves = [one.move_id for one in done.recovered]
    return posting


def _line_of(made: Posting, position: int) -> events.Output:
    assert isinstance(made.event, events.Produce), "the reading has seen to that"
    return made.event.outputs[position]


def _taken_apart(made: Posting, item: str | None) -> int:
    """Which output: the first that came into stock, of the item where one is named."""
    positions = [n for n, move_id in enumerate(made.outputs) if move_id is not None]
    named = [n for n in positions if item in {None, _line_of(made, n).item}]
    return (named or positions)[0]


def _recovered(work: Work, made: Posting, part: Decimal) -> Sequence[Movement]:
    assert isinstance(made.event, events.Produce), "the reading has seen to that"
    found: list[Movement] = []
    for move in moves_of(work, made.consumed):
        quantity = rounded(move.quantity * part, DECIMALS)
        store = move.store_id
        found.append(
            Movement(
                store_id=store,
                item_id=move.item_id,
                quantity=quantity,
                source=work.book.virtual[store, "production"],
                target=work.book.place(move.real_id),
                biz_step="disassembling",
                kind="production_in",
                lot_id=move.lot_id,
            )
        )
    return found


def expand(work: Work, event: events.BomExpand) -> Posting:
    """What making so many takes and leaves, by the product's own rounding of recipes."""
    posting = work.begun(event)
    runs = Fraction(event.qty) / Fraction(event.per_output)
    posting.numbers["quantities"] = [_expanded(line, runs) for line in event.lines]
    return posting


def _expanded(line: events.BomLine, runs: Fraction) -> Decimal:
    needed = Fraction(line.per) * runs
    if line.round is None:
        return Decimal(plain(rounded_up(needed, DECIMALS)))
    return rounded_up(needed, 0) if line.round == "up" else rounded_down(needed, 0)
