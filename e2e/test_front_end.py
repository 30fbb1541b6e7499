"""The scan box in a real browser: nothing lost, nothing doubled, nothing in the wrong box."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from e2e.front_end_browser import chromium, frame_with, needs_chromium
from e2e.front_end_server import Answer, Post, Stage, counted, serving, step
from e2e.patience import until

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    video = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    frame_with("6901234567892").save(video, format="JPEG", quality=90)
    with chromium(video) as browser:
        yield browser


@pytest.fixture
def stage() -> Iterator[Stage]:
    with serving() as stage:
        yield stage


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, service_workers="block")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Security" in said.text else None)
    page.goto(f"{stage.address}/step-en.html")
    page.wait_for_function("customElements.get('key-pad') && document.activeElement.id")
    yield page
    context.close()
    expected = () if stage.worker_may else ("wasm", "WebAssembly")
    assert [error for error in errors if not any(word in error for word in expected)] == []


# Keys as close together as a reader's, whatever the load of this machine: made inside the page.
KEYS = """(keys) => {
  for (const key of keys) {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }
}"""


def wedge(page: Page, code: str, ending: str = "Enter") -> None:
    """What a keyboard wedge does: characters without a pause, then its suffix."""
    page.evaluate(KEYS, [*code, *([ending] if ending else [])])


def all_answered(page: Page, stage: Stage, commands: int) -> None:
    """So many have come, they are answered, and there are no more of them."""
    until(page, lambda: len(stage.commands()) >= commands)
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")
    assert len(stage.commands()) == commands


def test_ten_scans_in_a_second_are_ten_posts_in_order(page: Page, stage: Stage) -> None:
    codes = [f"69012345678{number:02}" for number in range(10)]
    for code in codes:
        wedge(page, code)
    expect(page.locator("#step")).to_have_text("booked 10")
    all_answered(page, stage, 10)
    assert stage.scans() == codes
    assert len({post.fields["command_id"] for post in stage.posts}) == 10
    numbers = [int(post.fields["sequence"]) for post in stage.posts]
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    for before, after in zip(stage.posts, stage.posts[1:], strict=False):
        assert after.began >= before.ended, "two commands were on the way at once"


def test_the_request_is_as_agreed(page: Page, stage: Stage) -> None:
    wedge(page, "SK:L:A-01-02", "Tab")
    all_answered(page, stage, 1)
    post = stage.posts[0]
    assert post.path == "/gallery/scans"
    assert post.headers["HX-Request"] == "true"
    assert set(post.fields) == {
        "code", "symbology", "source", "command_id", "occurred_at", "sequence", "installation",
        "sent_at", "user", "_csrf",
    }  # fmt: skip
    assert post.fields["_csrf"] == "gallery-token"
    assert post.fields["command_id"][14] == "7"
    assert post.fields["source"] == "wedge"


@pytest.mark.parametrize("failure", [500, 503, 0])
def test_an_unknown_answer_is_resent_with_the_same_id(
    page: Page, stage: Stage, failure: int
) -> None:
    stage.answer = lambda post, count: (
        Answer(failure, "incident") if count == 1 else counted(post, count)
    )
    wedge(page, "6901234567892")
    expect(page.locator("outbox-badge")).to_contain_text("Not confirmed")
    wedge(page, "6909876543210")
    all_answered(page, stage, 2)
    ids = [post.fields["command_id"] for post in stage.posts]
    assert ids[0] == ids[1] != ids[2]
    assert stage.scans() == ["6901234567892", "6909876543210"]
    first, second = ({**post.fields, "sent_at": ""} for post in stage.posts[:2])
    assert first == second


def test_a_refusal_is_shown_and_the_next_scan_goes_on(page: Page, stage: Stage) -> None:
    problem = (
        '<hx-partial hx-target="#problem" hx-swap="outerHTML"><div id="problem">'
        '<p role="alert">Unknown code.</p><button hx-get="/step-en.html" hx-target="#lines" '
        'hx-select="#lines">Search</button></div></hx-partial>'
    )
    stage.answer = lambda post, count: Answer(409, problem) if count == 1 else counted(post, count)
    wedge(page, "NOBODY-KNOWS")
    expect(page.locator("#problem")).to_contain_text("Unknown code.")
    expect(page.locator("feedback-player")).to_contain_text("Refused")
    assert page.locator("#problem button").get_attribute("data-htmx-powered") == "true"
    wedge(page, "6901234567892")
    expect(page.locator("#step")).to_have_text("booked 2")
    all_answered(page, stage, 2)


def test_signed_out_scans_wait_and_go_after_the_login(page: Page, stage: Stage) -> None:
    stage.answer = lambda post, count: (
        counted(post, count) if stage.signed_in else Answer(401, "who are you?")
    )
    stage.signed_in = False
    wedge(page, "6901234567892")
    expect(page.locator("outbox-badge a")).to_have_attribute("href", "/login")
    stage.signed_in = True
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")
    assert len(stage.posts) >= 2
    assert len({post.fields["command_id"] for post in stage.posts}) == 1


def test_an_old_page_takes_its_new_token_and_goes_on(page: Page, stage: Stage) -> None:
    stage.token = "token-of-the-new-login"
    stage.answer = lambda post, count: (
        counted(post, count) if post.fields["_csrf"] == stage.token else Answer(401, "old page")
    )
    wedge(page, "6901234567892")
    # Coming back to the page may send it once more with the old token: it is the same command.
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")
    assert len({post.fields["command_id"] for post in stage.posts}) == 1
    assert [post.fields["_csrf"] == stage.token for post in stage.posts].count(True) == 1


def test_an_empty_answer_and_a_redirect(page: Page, stage: Stage) -> None:
    stage.answer = lambda *_: Answer(200, "")
    wedge(page, "6901234567892")
    all_answered(page, stage, 1)
    expect(page.locator("#step")).to_be_visible()
    stage.answer = lambda *_: Answer(204, "", {"HX-Redirect": "/table-en.html"})
    page.get_by_role("button", name="Close receipt").click()
    page.wait_for_url("**/table-en.html")


@pytest.mark.parametrize("burst", ["AAA111\nBBB222\nCCC333\n", "AAA111\\nBBB222\\nCCC333"])
def test_injected_text_with_several_codes(page: Page, stage: Stage, burst: str) -> None:
    page.keyboard.insert_text(burst)
    all_answered_scans(page, stage, ["AAA111", "BBB222", "CCC333"])
    assert page.locator("#scan-input").input_value() == ""


# An input method of the device that hands over one character after the other, without keys.
INJECT = """(text) => {
  for (const character of text) {
    if (character === '\\n') document.execCommand('insertLineBreak');
    else document.execCommand('insertText', false, character);
  }
}"""


def test_injected_character_by_character(page: Page, stage: Stage) -> None:
    page.evaluate(INJECT, "A-01\nB-02\n")
    all_answered_scans(page, stage, ["A-01", "B-02"])
    page.evaluate(INJECT, "C-03")
    all_answered_scans(page, stage, ["A-01", "B-02", "C-03"])
    assert page.locator("#scan-input").input_value() == ""


def all_answered_scans(page: Page, stage: Stage, codes: list[str]) -> None:
    all_answered(page, stage, len(codes))
    assert stage.scans() == codes


def test_no_suffix_and_no_focus(page: Page, stage: Stage) -> None:
    page.evaluate("document.activeElement.blur()")
    wedge(page, "A-01-02", ending="")
    all_answered_scans(page, stage, ["A-01-02"])


def test_gs_is_kept(page: Page, stage: Stage) -> None:
    wedge(page, "]C1010690123456789210L7\x1d17270531")
    all_answered_scans(page, stage, ["]C1010690123456789210L7\x1d17270531"])


def test_a_code_typed_by_hand_ends_with_enter(page: Page, stage: Stage) -> None:
    page.keyboard.type("A-7", delay=90)
    page.wait_for_timeout(200)
    assert stage.posts == []
    page.keyboard.press("Enter")
    all_answered_scans(page, stage, ["A-7"])
    assert stage.posts[0].fields["source"] == "typed"


QUANTITY_BOX = """() => {
  document.querySelector('#problem').innerHTML =
    '<form id="f" method="post" action="/gallery/quantities" data-command>' +
    '<input id="box" name="quantity" inputmode="decimal" value="6"></form>';
  document.querySelector('#box').focus();
}"""


def test_a_scan_never_ends_up_in_a_quantity_box(page: Page, stage: Stage) -> None:
    page.evaluate(QUANTITY_BOX)
    wedge(page, "6901234567892")
    wedge(page, "6901234567892", ending="")
    all_answered(page, stage, 2)
    page.keyboard.insert_text("6901234567892")
    all_answered(page, stage, 3)
    page.evaluate(INJECT, "6901234567892")
    page.evaluate(KEYS, ["Enter"])
    all_answered_scans(page, stage, ["6901234567892"] * 4)
    assert page.locator("#box").input_value() == "6"
    page.locator("#box").focus()
    page.keyboard.type("25", delay=90)
    page.wait_for_timeout(100)
    assert page.locator("#box").input_value() == "625"
    page.keyboard.press("Enter")
    all_answered(page, stage, 5)
    assert stage.posts[-1].fields["quantity"] == "625"


def test_the_enter_of_a_scan_presses_no_button(page: Page, stage: Stage) -> None:
    wedge(page, "6901234567892")  # this reader ends its codes
    page.get_by_role("button", name="Undo").focus()
    wedge(page, "6901234567892", ending="")
    page.keyboard.press("Enter")  # a real one, which would press the button
    all_answered_scans(page, stage, ["6901234567892"] * 2)


def test_a_button_waits_its_turn_and_is_one_command(page: Page, stage: Stage) -> None:
    wedge(page, "6901234567892")
    button = page.get_by_role("button", name="Close receipt")
    button.dblclick()
    all_answered(page, stage, 2)
    assert [post.path for post in stage.posts] == ["/gallery/scans", "/gallery/closure"]
    assert stage.posts[1].fields["command_id"][14] == "7"
    button.click()
    all_answered(page, stage, 3)
    assert stage.posts[1].fields["command_id"] != stage.posts[2].fields["command_id"]


TICK_WATCH = """() => {
  window.ticks = [];
  document.addEventListener('scan', () => { window.at = performance.now(); }, true);
  new MutationObserver(() => { window.ticks.push(performance.now() - window.at); })
    .observe(document.documentElement, { attributeFilter: ['data-tone'] });
}"""


def test_the_tick_comes_at_once(page: Page, stage: Stage) -> None:
    release = Event()
    stage.answer = lambda *_: Answer(200, step("late" if release.wait(60) else "never"))
    page.evaluate(TICK_WATCH)
    for number in range(1, 6):  # a machine that is busy with other tests may stall once
        wedge(page, "6901234567892")
        expect(page.locator("outbox-badge")).to_contain_text(f"{number} waiting")
    assert min(page.evaluate("window.ticks")) < 50
    release.set()
    all_answered(page, stage, 5)


@pytest.mark.parametrize("worker_may", [True, False])
def test_live_camera_reads_through_webassembly(page: Page, stage: Stage, worker_may: bool) -> None:
    stage.worker_may = worker_may  # else WebAssembly runs in the page itself
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("#step")).to_have_text("booked 1")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Close the camera").click()
    all_answered(page, stage, 1)
    assert stage.posts[0].fields["code"] == "6901234567892"
    assert stage.posts[0].fields["symbology"] == "ean_13"
    assert page.locator("camera-scanner").is_hidden()


GS1 = "010690123456789210L7\x1d17270531"
DECODE = """async ({ pixels, width }) => {
  const { decode } = await import('/static/build/js/camera/wasm-decoder.js');
  const gray = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const image = new ImageData(width, gray.length / width);
  gray.forEach((value, at) => image.data.set([value, value, value, 255], at * 4));
  return decode(image);
}"""


@pytest.mark.parametrize(
    ("symbology", "given", "text"),
    [
        ("EAN13", "6901234567892", "6901234567892"),
        ("Code128", "SK:L:A-01-02", "SK:L:A-01-02"),
        ("QRCode", "https://id.example.com/01/06901234567892", None),
        ("Code128", "(01)06901234567892(10)L7(17)270531", GS1),
        ("QRCode", "(01)06901234567892(10)L7(17)270531", GS1),
        ("DataMatrix", "(01)06901234567892(10)L7(17)270531", GS1),
    ],
)
def test_the_webassembly_reader_keeps_gs(
    page: Page, symbology: str, given: str, text: str | None
) -> None:
    kind = getattr(zxingcpp.BarcodeFormat, symbology)
    symbol = zxingcpp.create_barcode(given, kind, **({"gs1": True} if text == GS1 else {}))
    image = Image.fromarray(symbol.to_image(scale=4)).convert("L")
    framed = Image.new("L", (image.width + 80, image.height + 80), 255)
    framed.paste(image, (40, 40))
    pixels = base64.b64encode(framed.tobytes()).decode()
    found = page.evaluate(DECODE, {"pixels": pixels, "width": framed.width})
    assert [one["text"] for one in found] == [text or given]


def photo_answers(symbols: list[dict[str, str]]) -> object:
    def answer(post: Post, count: int) -> Answer:
        if post.path != "/scanning/photos":
            return counted(post, count)
        return Answer(200, json.dumps({"symbols": symbols}), type="application/json")

    return answer


def test_photo_with_two_codes_asks_which(page: Page, stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    frame_with("6901234567892").save(photo)
    two = [{"text": text, "symbology": "EAN-13"} for text in ("6901234567892", "6909876543210")]
    stage.answer = photo_answers(two)  # type: ignore[assignment]
    page.locator("photo-scanner input").set_input_files(photo)
    page.get_by_role("button", name="6909876543210").click()
    all_answered(page, stage, 2)
    assert stage.scans() == ["6909876543210"]
    assert "multipart/form-data" in stage.posts[0].headers["Content-Type"]


def test_photo_problem_is_told(page: Page, stage: Stage, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    frame_with("6901234567892").save(photo)
    told = json.dumps({"title": "x", "detail": "This picture is too large. Take a smaller one."})
    stage.answer = lambda *_: Answer(413, told, type="application/problem+json")
    page.locator("photo-scanner input").set_input_files(photo)
    expect(page.locator("photo-scanner output")).to_have_text(
        "This picture is too large. Take a smaller one."
    )


def test_keypad_adds_exactly(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.address}/parts-en.html")
    for key in (".", "1", "+6", "+1"):
        page.locator(f'[data-key="{key}"]').click()
    assert page.locator("#quantity").input_value() == "7.1"
