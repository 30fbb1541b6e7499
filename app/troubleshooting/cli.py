"""``./saoku doctor stock``: the diagnosis on the command line, for whoever runs the server."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import msgspec

from app.access.actor import NOBODY, Actor
from app.access.roles import ADMINISTRATOR
from app.catalog.codes import normalised
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database
from app.kit.formats import moment, quantity
from app.kit.i18n import gettext, mark, speaking
from app.kit.servers import running_server
from app.kit.terminal import language
from app.troubleshooting import queries
from app.troubleshooting.answer import BucketView, Diagnosis
from app.troubleshooting.questions import Question, diagnose

STATES = {"holds": mark("keeps {quantity}"), "look": mark("look"), "clear": mark("clear")}
STALE = mark("stale")
MOST_LINES = 10


def stock_command(arguments: list[str]) -> int:
    """Print where every unit of an item is and why it cannot ship; exit status 1 if none can."""
    parser = argparse.ArgumentParser("saoku doctor stock", description=stock_command.__doc__)
    parser.add_argument("item", metavar="ITEM", help="its code or a barcode of it")
    parser.add_argument("--order", metavar="N", help="the number of an order that wants it")
    parser.add_argument("--user", metavar="LOGIN", help="as this person sees it")
    parser.add_argument("--store", metavar="CODE", help="the store that asks; else the first one")
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args(arguments)
    with running_server(Settings.from_environment()) as server, speaking(language()):
        database = Database(server.app_url, role=server.app_role, pool_size=1)
        try:
            found = _diagnosis(database, options)
        finally:
            database.close()
        text = msgspec.json.encode(found).decode() if options.json else "\n".join(_lines(found))
    print(text)
    return 0 if found.can_ship > 0 else 1


def _diagnosis(database: Database, options: argparse.Namespace) -> Diagnosis:
    """Asked by an administrator, who sees every store.

    Raises:
        NothingByThis: no such item, order, store or person.
    """
    with database.reading(SYSTEM) as session:
        item_id = queries.item_of_code(session, options.item, normalised(options.item))
        store_id = queries.store_of_code(session, options.store)
        user_id = queries.user_of_login(session, options.user) if options.user else None
        line_id = None
        if options.order:
            line_id = queries.line_of_order(session, options.order, item_id)
    row = NOBODY._replace(role=ADMINISTRATOR, stores="*", store_id=store_id)
    question = Question(line_id, None if line_id else item_id, as_user=user_id)
    return diagnose(database, Actor(row), question)


# Words ------------------------------------------------------------------------------------------


def _lines(found: Diagnosis) -> Iterator[str]:
    title = f"{found.item.code}  {found.item.name} {found.item.specification}".rstrip()
    yield f"{title}  ({found.store})"
    yield found.headline
    yield from found.notices
    yield ""
    for bucket in found.buckets:
        yield f"{quantity(bucket.quantity):>14} {found.item.base_unit}  {bucket.label}"
        yield from _below(bucket)
    yield f"{quantity(found.total):>14} {found.item.base_unit}  ="
    yield ""
    for check in found.checks:
        state = gettext(STATES[check.state]).format(quantity=quantity(check.quantity))
        yield f"{check.number} {check.title}: {state}. {check.answer}"
        yield from (f"    {fact}" for fact in check.evidence if fact != check.answer)


def _below(bucket: BucketView) -> Iterator[str]:
    """Documents where there are some, else places; the largest ones."""
    for document in bucket.documents[:MOST_LINES]:
        stale = f" ({gettext(STALE)})" if document.is_stale else ""
        facts = (document.number, document.customer, document.owner, moment(document.promised_at))
        yield f"{quantity(document.quantity):>20}  {'  '.join(filter(None, facts))}{stale}"
    if bucket.documents:
        return
    for part in bucket.parts[:MOST_LINES]:
        facts = (part.store, part.location, part.lot, part.why)
        yield f"{quantity(part.quantity):>20}  {'  '.join(filter(None, facts))}"
    for store in bucket.unseen:
        yield f"{quantity(store.on_hand):>20}  {store.store_name}  {store.ask}".rstrip()
