from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e import product
from e2e.bad_network import BadNetwork, bad_network
from e2e.front_end_browser import chromium
from e2e.patience import PATIENCE_MS
from tests import harness
from tests.harness import postgres

__all__ = ["postgres"]

# Five seconds by default: a busy machine needs longer.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def saoku(
    postgres: harness.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[product.Product]:
    """One server and company for all files that only receive; each test makes its own order.

    Files that sell or count have one ``alone``: in a company that they shared, an order that one
    leaves open would reserve what the next one brings.
    """
    with product.running(postgres, tmp_path_factory.mktemp("saoku")) as running:
        yield running
        left = "select number from sales_order where state not in ('draft', 'done', 'cancelled')"
        assert running.rows(left) == [], "whose are these?"


@pytest.fixture(scope="module")
def alone(
    postgres: harness.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[product.Product]:
    """A server and a company of one file's own."""
    with product.running(postgres, tmp_path_factory.mktemp("saoku")) as running:
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
