"""Radio tags as JSON: readers post what they see, programs ask for the tally, tags are encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import NAMESPACE_OID, uuid5

from litestar import get, post
from litestar.params import QueryParameter

from app.access.actor import Actor
from app.catalog import input as given
from app.kit import sql
from app.kit.database import Database
from app.kit.i18n import gettext
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, Cursor, Listing, api, envelope
from app.rfid import commands as c
from app.rfid import queries
from app.rfid.problems import EpcNotEncodable, ReadsUnusable
from app.rfid.reading import LONGEST_NAME, NO_TEXT, digest_of, reads_in, storable
from app.scanning.epc import EpcError
from app.scanning.epc_tags import identity_of, tag_for

Body = dict[str, Any]
READS_BYTES = 4 << 20


@post("/rfid/reads", sync_to_thread=True, request_max_body_size=READS_BYTES)
def record_reads(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.ReadsRecorded:
    """Fields: session, reader, reads (each epc as hex or URI, antenna, read_at, rssi).

    A reader that cannot send an Idempotency-Key may leave it out: the same request is the same
    reads.  Without ``session`` they go to the reader's newest open session, or to a new one.
    """
    actor.require("receive")
    reads = reads_in(data)
    command = c.RecordReads(
        store_id=actor.working_store_id,
        session=_name(data, "session"),
        reader=_name(data, "reader"),
        digest=digest_of(data),
        count=len(reads),
    )
    return run(database, c.recording(reads), command, envelope(request, _fields(request, command)))


def _name(data: Body, field: str) -> str:
    name = data.get(field) or ""
    if not isinstance(name, str | int) or len(str(name)) > LONGEST_NAME:
        raise ReadsUnusable(fields={field: NO_TEXT})
    return storable(str(name)).strip()


def _fields(request: AnyRequest, command: c.RecordReads) -> dict[str, str]:
    """The command id of a reader that sends none: the same content has the same one."""
    if request.headers.get("idempotency-key"):
        return {}
    return {"command_id": str(uuid5(NAMESPACE_OID, f"{command.store_id} {command.digest}"))}


@get("/rfid/sessions", sync_to_thread=True)
def list_sessions(
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: Annotated[int | None, QueryParameter()] = None,
) -> Listing[queries.SessionRow]:
    """Newest first."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        return queries.sessions(session, Cursor.read(cursor, limit))


@get("/rfid/sessions/{session_id:int}", sync_to_thread=True)
def show_session(database: Database, actor: Actor, session_id: int) -> queries.Tally:
    """The tally: tags by GTIN, logistic units, and what is no item with the reason."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        return queries.tally(session, session_id)


@post("/rfid/sessions/{session_id:int}/closure", sync_to_thread=True)
def close_session(
    request: AnyRequest, database: Database, actor: Actor, session_id: int
) -> c.SessionState:
    """End the session: later reads for it are refused."""
    actor.require("receive")
    return run(database, c.close_session, c.CloseSession(session_id), envelope(request))


@dataclass(frozen=True)
class EncodeTag:
    """Either gtin and serial, or sscc, or epc_uri (identity or tag URI)."""

    gtin: str = ""
    serial: str = ""
    sscc: str = ""
    epc_uri: str = ""
    scheme: str = ""
    filter: int = 0
    company_prefix_length: int | None = None


@dataclass(frozen=True)
class EncodedTag:
    scheme: str
    filter: int
    tag_uri: str
    epc_uri: str
    hex: str


@post("/rfid/encode", sync_to_thread=True)
def encode(request: AnyRequest, database: Database, actor: Actor, data: Body) -> EncodedTag:
    """Fields: gtin and serial, or sscc, or epc_uri; optionally scheme (sgtin-96, sgtin-198,
    sscc-96, ...), filter (0 to 7) and company_prefix_length.  The answer's hex is written to the
    EPC memory bank.
    """
    actor.require("print_label")
    wanted = given.read(EncodeTag, data)
    with database.reading(actor.caller) as session:
        own_prefix = sql.value(session, c.QUERIES["company_prefix"]) or ""
    try:
        tag = tag_for(wanted.epc_uri or _identity(wanted, own_prefix), wanted.scheme, wanted.filter)
    except EpcError as error:
        with visit_of(request).speaking():
            raise EpcNotEncodable(reason=gettext(str(error))) from None
    return EncodedTag(tag.scheme, tag.filter_value, tag.tag_uri, tag.epc_uri, tag.hex)


def _identity(wanted: EncodeTag, own_prefix: str) -> str:
    """The company's own prefix is known by its settings, others by GS1's table."""
    key = wanted.sscc[1:] if wanted.sscc else wanted.gtin.strip().zfill(14)[1:]
    is_own = bool(own_prefix) and key.startswith(own_prefix)
    return identity_of(
        gtin=wanted.gtin,
        serial=wanted.serial,
        sscc=wanted.sscc,
        company_prefix_length=wanted.company_prefix_length or (len(own_prefix) if is_own else None),
    )


router = api([record_reads, list_sessions, show_session, close_session, encode], tag="RFID")
