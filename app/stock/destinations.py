"""Which page tells about a scanned thing."""

from __future__ import annotations

from urllib.parse import urlencode

from app.scanning.meanings import (
    DocumentMeaning,
    ItemMeaning,
    LocationMeaning,
    LotMeaning,
    Meaning,
    SearchMeaning,
)
from app.scanning.resolver import shown
from app.stock.problems import UnknownCode

DOCUMENTS = {
    "purchase_order": "/purchase-orders/{id}",
    "receipt": "/receiving/{id}",
    "sales_order": "/sales-orders/{id}",
    "pick": "/picking/{id}",
    "shipment": "/shipping/{id}",
    "production_order": "/production-orders/{id}",
}


def destination(meaning: Meaning, code: str) -> str:
    """The address to go to.  Raises UnknownCode for what has no page here."""
    match meaning:
        case ItemMeaning(known=lot) if lot is not None:
            return f"/stock/lots/{lot.id}"
        case ItemMeaning(item=item):
            return f"/stock/items/{item.id}"
        case LotMeaning(lot=lot):
            return f"/stock/lots/{lot.id}"
        case LocationMeaning(id=location_id):
            return f"/stock/locations/{location_id}"
        case DocumentMeaning(kind=kind, id=document_id) if kind in DOCUMENTS:
            return DOCUMENTS[kind].format(id=document_id)
        case SearchMeaning(text=text):
            return "/stock?" + urlencode({"text": text})
        case _:
            raise UnknownCode(given=shown(code))
