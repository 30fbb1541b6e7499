"""Debian's Chromium for the front-end tests, with a film in place of its camera."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Playwright, sync_playwright

from e2e.patience import PATIENCE_MS

CHROMIUM = "/usr/bin/chromium"
needs_chromium = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed")


def frame_with(code: str) -> Image.Image:
    """A camera frame of 640x480 with one EAN-13 on it."""
    symbol = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13)
    drawn = Image.fromarray(symbol.to_image(scale=3)).convert("RGB")
    frame = Image.new("RGB", (640, 480), "#c8ccca")
    frame.paste("white", (120, 120, 520, 360))
    frame.paste(drawn, ((640 - drawn.width) // 2, (480 - drawn.height) // 2))
    return frame


@contextmanager
def chromium(video: Path | None = None) -> Iterator[Browser]:
    """A running browser; ``video`` is an MJPEG file that its camera shows, permission granted."""
    with sync_playwright() as driver:
        browser = launched(driver, video)
        yield browser
        browser.close()


def launched(driver: Playwright, video: Path | None = None) -> Browser:
    """The same from a running Playwright, of which there is one at a time; closed by the caller."""
    arguments = ["--no-sandbox"]
    if video:
        arguments += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ]
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
    browser.on("context", lambda context: context.set_default_timeout(PATIENCE_MS))
    return browser
