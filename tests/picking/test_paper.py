from __future__ import annotations

import pypdfium2

from app.picking.paper import pick_list
from printing.pick_list import pick_list_pdf
from tests.picking.conftest import Floor


def test_the_pick_list_says_where_and_how_much(floor: Floor) -> None:
    floor.stock("bread", "20")
    orders = [floor.order(("BREAD", quantity)).order_id for quantity in ("2", "3")]
    floor.begin(*orders, kind="cluster")
    with floor.database.reading(floor.caller) as session:
        paper = pick_list(session, floor.pick_id, address="http://localhost/p", printed_by="a")
    assert [(line.location, line.cart, line.quantity) for line in paper.lines] == [
        ("A-SHELF1", "A-CART1", 2), ("A-SHELF1", "A-CART2", 3),
    ]  # fmt: skip
    for language, word in (("zh", "拣货单"), ("en", "Pick list")):
        pdf = pypdfium2.PdfDocument(pick_list_pdf(paper, language))
        text = pdf[0].get_textpage().get_text_range()
        assert all(part in text for part in (word, paper.number, "A-SHELF1", "A-CART2", "可颂"))
