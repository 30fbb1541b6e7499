"""The functions that formulas may call, under their English and Chinese names.  Pure."""

from __future__ import annotations

USAGE = {
    "if": "if(a > b, x, y)",
    "min": "min(a, b)",
    "max": "max(a, b)",
    "round": "round(x, step)",
    "up": "up(x, step)",
    "down": "down(x, step)",
}
FUNCTIONS = {
    **{name: name for name in USAGE},
    "如果": "if", "最小": "min", "最大": "max", "取整": "round", "进一": "up", "舍去": "down",
}  # fmt: skip
KEYWORDS = ("or", "and", "not", "或", "且", "非")
