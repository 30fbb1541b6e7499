"""What the terminal wants, asked without importing anything heavy."""

from __future__ import annotations

import os
from collections.abc import Mapping


def language(env: Mapping[str, str] = os.environ) -> str:
    """Of the terminal: ``SAOKU_LANGUAGE`` if set, else what the locale says; English elsewhere."""
    chosen = env.get("SAOKU_LANGUAGE")
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return chosen or ("zh_CN" if locale.startswith("zh") else "en")
