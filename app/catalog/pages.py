"""Every page of the catalog, for the composition root."""

from app.catalog import item_pages, list_pages, partner_pages, place_pages

handlers = [
    *item_pages.handlers,
    *place_pages.handlers,
    *partner_pages.handlers,
    *list_pages.handlers,
]
