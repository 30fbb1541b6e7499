"""Reading the forms of quality: what was ticked, what was scanned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast

from litestar.enums import RequestEncodingType
from litestar.params import Body

from app.kit.forms import number_in
from app.quality import problems
from app.quality.changing import ChangeStatus, Piece
from app.quality.stock import MOST_PLACES, Aim
from app.scanning.meanings import (
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    Meaning,
    SearchMeaning,
)
from app.scanning.resolver import shown

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
KEYS = ("item_id", "location_id", "lot_id", "logistic_unit_id")
_LONGEST_ID = 18


def text_in(data: Mapping[str, Any], name: str) -> str:
    given = data.get(name)
    return str(given) if given is not None else ""


def aim_in(data: Mapping[str, Any], store_id: int) -> Aim:
    """What an address or a form aims at."""
    ids = {name: number_in(data, name) for name in KEYS}
    return Aim(store_id, **ids, from_status=text_in(data, "from_status") or None)


def change_in(data: Mapping[str, Any], store_id: int) -> ChangeStatus:
    """The command of a form: pieces that were ticked (``balance_id`` with ``quantity_<id>``), or
    the ids that it aims at with one ``quantity``.
    """
    pieces = _pieces(data)
    ids = {} if pieces else {name: number_in(data, name) for name in KEYS}
    return ChangeStatus(
        store_id=store_id,
        to_status=text_in(data, "to_status")[:40],
        reason=text_in(data, "reason"),
        note=text_in(data, "note"),
        photo_id=number_in(data, "photo_id"),
        pieces=pieces,
        from_status=(text_in(data, "from_status")[:40] or None) if not pieces else None,
        quantity=text_in(data, "quantity")[:60] if not pieces else "",
        **ids,
    )


def _pieces(data: Mapping[str, Any]) -> tuple[Piece, ...]:
    given: Any = data.get("balance_id", [])
    ticked = cast("list[Any]", given) if isinstance(given, list) else [given]
    found = [number_in({"id": one}, "id") for one in ticked[: MOST_PLACES + 1]]
    return tuple(
        Piece(one, text_in(data, f"quantity_{one}")[:60])
        for one in dict.fromkeys(found)
        if one is not None
    )


def scanned(meaning: Meaning, code: str) -> dict[str, int]:
    """The ids that a scan aims at, for the address of the screen.

    Raises:
        ScanMeansNothingHere: it is no location, lot, item or carton.
    """
    match meaning:
        case ItemMeaning(item=item, known=lot) if lot is not None:
            return {"item_id": item.id, "lot_id": lot.id}
        case ItemMeaning(item=item):
            return {"item_id": item.id}
        case LotMeaning(lot=lot):
            return {"lot_id": lot.id}
        case LocationMeaning(id=location_id):
            return {"location_id": location_id}
        case LogisticUnitMeaning(id=unit_id) if unit_id is not None:
            return {"logistic_unit_id": unit_id}
        case SearchMeaning(candidates=candidates) if len(candidates) == 1:
            return {"item_id": candidates[0].id}
        case _:
            raise problems.ScanMeansNothingHere(given=shown(code))
