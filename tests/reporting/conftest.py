from __future__ import annotations

from tests.quality.conftest import house

__all__ = ["house"]
