from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e import product
from e2e.bad_network import BadNetwork, bad_network
from e2e.front_end_browser import chromium
from e2e.patience import PATIENCE_MS

# Five seconds by default: a busy machine needs longer.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def saoku(tmp_path_factory: pytest.TempPathFactory) -> Iterator[product.Product]:
    """One server for the whole session; each test makes the order it needs."""
    with product.running(tmp_path_factory.mktemp("saoku")) as running:
        yield running


@pytest.fixture
def network(saoku: product.Product) -> Iterator[BadNetwork]:
    """In front of that server, to be broken."""
    with bad_network(saoku.address) as network:
        yield network


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Without a camera; a file whose tests need one has its own."""
    with chromium() as running:
        yield running
