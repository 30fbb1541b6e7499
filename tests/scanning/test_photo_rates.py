"""Rates on the public photos; ``pytest -s`` shows the table by symbology."""

from __future__ import annotations

import json
from collections import Counter
from statistics import median
from time import process_time

import pytest

from app.scanning.photo import decode_photo

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

# Two pictures of the set hold another text than their manifest says, two no decoder reads.
LEAST_RIGHT = 127


def plain(text):
    """Without FNC1 and brackets, and a GTIN without its leading zeros."""
    return text.replace("\x1d", "").replace("(", "").replace(")", "").lstrip("0")


def test_photo_rates(shared_data):
    folder = shared_data / "barcodes"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entries = manifest if isinstance(manifest, list) else manifest["images"]
    images, right = Counter(), Counter()
    wrong, seconds = [], []
    for entry in entries:
        started = process_time()
        symbols = decode_photo((folder / entry["file"]).read_bytes())
        seconds.append(process_time() - started)
        texts = {plain(symbol.text) for symbol in symbols}
        expected = plain(entry["expected"] or "")
        allowed = {expected, *map(plain, entry.get("also_present", []))}
        kind = entry["symbology"] or "(no code)"
        images[kind] += 1
        right[kind] += (expected in texts) if entry["expected"] else not texts
        wrong += [(entry["file"], text) for text in texts - allowed]
    print()
    for kind, count in images.items():
        print(f"{kind:16} {right[kind]:3} of {count:3}")
    print(f"median {median(seconds) * 1000:.0f} ms, worst {max(seconds) * 1000:.0f} ms")
    assert wrong == []
    assert sum(right.values()) - right["(no code)"] >= LEAST_RIGHT
    assert median(seconds) < 0.15
    assert max(seconds) < 2
