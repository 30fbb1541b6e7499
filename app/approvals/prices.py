"""Changes of an item's price, where a policy says that somebody approves them.

Catalog lies below approvals, so the composition root gives its pages this handler in place of its
own (``change_item`` in the application's state).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.approvals.asking import QUERIES, Ask, Subject, Title, ask
from app.catalog.items import Changed, ChangeItem, change_item, checked_change
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO, plain, rounded
from app.kit.transactions import Envelope

RATE_DECIMALS = 6


def change_item_or_ask(session: Session, command: ChangeItem, envelope: Envelope) -> Changed:
    """As ``catalog.change_item``; the whole change waits where its price needs approval.

    A first price is no change.

    Raises:
        ChangedUnderneath, and what ``change_item`` refuses.
    """
    item, new = checked_change(session, command)
    if item.price not in {ZERO, new.price}:
        store_id = envelope.caller.store_id or int(sql.value(session, QUERIES["first_store"]))
        asked = _ask(command, store_id, (item.code, item.name), (item.price, new.price))
        waiting = ask(session, envelope, asked)
        if waiting is not None:
            return Changed(command.item_id, waiting.request_id)
    return change_item(session, command, envelope)


def _ask(
    command: ChangeItem, store_id: int, item: tuple[str, str], prices: tuple[Decimal, Decimal]
) -> Ask:
    (code, name), (old, new) = item, prices
    facts: dict[str, Any] = {
        "item": code,
        "old_price": old,
        "new_price": new,
        "change_rate": rounded((new - old) / old, RATE_DECIMALS),
    }
    return Ask(
        kind="price_change",
        facts=facts,
        command=command,
        handler=change_item_or_ask,
        subject=Subject("item", command.item_id, f"/catalog/items/{command.item_id}"),
        store_id=store_id,
        reason="",
        title=Title(
            mark("Change the price of {item} from {old} to {new}"),
            {"item": name, "old": plain(old), "new": plain(new)},
        ),
    )
