"""How long the browser tests wait for what is to happen: as long as a loaded machine may need.

Waiting ends with the thing waited for, so patience costs time only where something is broken.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from playwright.sync_api import Page

PATIENCE_SECONDS = 60
PATIENCE_MS = PATIENCE_SECONDS * 1000


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait for what only a script or the server can tell.

    The policy of our pages forbids what Playwright's own waiting for a script does, and it takes a
    promise for true.
    """
    deadline = monotonic() + PATIENCE_SECONDS
    while not holds():
        assert monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(20)
