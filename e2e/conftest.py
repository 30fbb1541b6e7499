from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e import product


@pytest.fixture(scope="session")
def saoku(tmp_path_factory: pytest.TempPathFactory) -> Iterator[product.Product]:
    """One server for the whole session; each test makes the order it needs."""
    with product.running(tmp_path_factory.mktemp("saoku")) as running:
        yield running
