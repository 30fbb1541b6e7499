from __future__ import annotations

import pytest
from litestar.testing import TestClient

from app.demo.company import PASSWORD, PEOPLE, PIN
from app.demo.maker import Maker, beginning, look
from app.demo.orders import OPEN
from app.demo.pages import made_on
from app.demo.pictures import pictures
from app.demo.selling import READY
from app.demo.sheet import WRONG, barcode_sheet
from app.kit.config import Settings
from app.kit.database import SYSTEM, Database
from app.kit.i18n import gettext
from app.main import create_app
from app.scanning.meanings import (
    BadgeMeaning,
    CommandMeaning,
    DocumentMeaning,
    ItemMeaning,
    LocationMeaning,
)
from app.scanning.resolver import resolve
from printing.documents import SheetEntry

PAGES = ("/demo", "/demo/barcodes", "/demo/barcodes.pdf")


@pytest.fixture
def web(demo: Database, tmp_path):
    app = create_app(Settings(data_dir=tmp_path), demo, demo=True)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


def sign_in(web: TestClient, login: str) -> TestClient:
    web.headers["Accept"] = "text/html"
    answer = web.post("/login", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303
    return web


@pytest.mark.parametrize("login", PEOPLE)
def test_everybody_printed_can_sign_in_and_sees_the_pages(web: TestClient, login) -> None:
    sign_in(web, login)
    assert web.get("/").status_code == 200
    assert [web.get(path).status_code for path in PAGES[:2]] == [200, 200]


def test_the_home_screen_leads_to_the_guide(web: TestClient) -> None:
    assert 'href="/demo"' in sign_in(web, "zhang").get("/").text
    guide = web.get("/demo").text
    assert 'aria-current="step"' in guide or "aria-current=step" in guide


def test_the_sheet_prints(web: TestClient) -> None:
    answer = sign_in(web, "zhang").get("/demo/barcodes.pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("path", PAGES)
def test_a_real_installation_has_no_such_pages(demo: Database, tmp_path, path) -> None:
    app = create_app(Settings(data_dir=tmp_path), demo)
    with TestClient(app) as web:
        web.follow_redirects = False
        assert sign_in(web, "hq").get(path).status_code == 404


def scanned(entry: SheetEntry) -> str:
    """What a reader gives for this entry: element strings with FNC1 between, else the text."""
    if not entry.code.elements:
        return entry.code.text
    return "]Q3" + "\x1d".join(ai + value for ai, value in entry.code.elements)


def test_each_code_of_the_sheet_means_what_it_says(demo: Database) -> None:
    sheet = barcode_sheet(made_on(demo), PIN)
    found: dict[type, int] = {}
    with demo.reading(SYSTEM) as session:
        for group in sheet.groups:
            if group.title == gettext(WRONG):
                continue
            for entry in group.entries:
                meaning = resolve(session, scanned(entry))
                found[type(meaning)] = found.get(type(meaning), 0) + 1
    known = {ItemMeaning, LocationMeaning, DocumentMeaning, CommandMeaning, BadgeMeaning}
    assert set(found) == known
    assert found[DocumentMeaning] == len(OPEN) + len(READY)


def test_what_should_be_refused_is_no_goods(demo: Database) -> None:
    maker = Maker(demo, beginning(look(demo)))
    wrong = barcode_sheet(maker.today, PIN).groups[-1]
    with demo.reading(SYSTEM) as session:
        kinds = [type(resolve(session, scanned(entry))).__name__ for entry in wrong.entries]
    assert "ItemMeaning" not in kinds


def test_a_picture_has_its_quiet_zone(demo: Database) -> None:
    for _title, codes in pictures(barcode_sheet(made_on(demo), PIN)):
        for code in codes:
            left = int(code.box.split()[0])
            assert left <= -2
            assert code.path.startswith("M")
