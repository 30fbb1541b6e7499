"""Labels by their pages, read back from the PDF and the preview."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.harness import GTINS


@pytest.fixture
def web(as_user):
    return as_user("operator_a")


def texts(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture.convert("L"))}


def test_an_items_label_has_its_barcode(web, company) -> None:
    answer = web.get(f"/labels/items/{company.items['bread']}/pdf?size=60x40&copies=2")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.content) as pdf:
        assert len(pdf) == 2
        assert texts(pdf[0].render(scale=300 / 72).to_pil()) == {"6901234567892"}


def test_a_lots_preview_says_item_lot_and_expiry(web, company) -> None:
    answer = web.get(f"/labels/lots/{company.lots['milk']}/preview?size=60x40")
    assert texts(Image.open(io.BytesIO(answer.content))) == {f"(01){GTINS['milk']}(17)300131(10)M1"}


def test_a_pack_has_its_own_label(web, company) -> None:
    url = f"/labels/items/{company.items['bread']}/pdf?packaging={company.packagings['bread_case']}"
    with pypdfium2.PdfDocument(web.get(url).content) as pdf:
        [text] = texts(pdf[0].render(scale=300 / 72).to_pil())
    assert "16901234567899" in text


def test_a_whole_zone_in_walking_order(web, company) -> None:
    answer = web.get(f"/labels/zones/{company.a.zone_id}/pdf?size=100x150")
    with pypdfium2.PdfDocument(answer.content) as pdf:
        assert texts(pdf[0].render(scale=2).to_pil()) == {"SK:LA-DOCK"}
        assert len(pdf) == 3


def test_another_stores_place_is_not_there(web, company) -> None:
    for url in (f"locations/{company.b.locations['shelf1']}", f"zones/{company.b.zone_id}"):
        assert web.get(f"/labels/{url}/pdf").status_code == 404


def test_odd_wishes_are_refused(web, company) -> None:
    for query in ("size=3x3", "copies=0", "copies=abc", "copies=501", "size=a4-3x8&start=25"):
        url = f"/labels/items/{company.items['bread']}/pdf?{query}"
        assert web.get(url).status_code == 422, query


def test_the_page_shows_the_sizes(web, company) -> None:
    page = web.get(f"/labels/items/{company.items['bread']}")
    assert page.status_code == 200
    assert "打印标签" in page.text
    assert "a4-5x13" in page.text
