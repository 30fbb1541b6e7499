"""Labels on paper: 500 and 5,000 different lot labels of 60x40 as PDF, 5,000 as ZPL.

In a process of its own, so that its highest memory is that of the labels.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.kit.config import CHECKOUT
from printing.labels import (
    LABEL_60X40,
    LotLabel,
    Printer,
    labels_commands,
    labels_pdf,
    write_labels_pdf,
)

FEW, MANY = 500, 5000


def paper() -> dict[str, object]:
    """Seconds by the clock, highest megabytes of the process, and the size of what came out."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.paper"], cwd=CHECKOUT, capture_output=True, check=True
    )
    return json.loads(run.stdout)


def lots(count: int) -> list[LotLabel]:
    return [
        LotLabel(
            name=f"高筋面粉 {number % 300}",
            item_code=f"FL-{number % 300:04d}",
            lot=f"L{number:06d}",
            gtin="06901234567892",
            spec="25kg/袋",
            expires_on=date(2026, 12, 31),
        )
        for number in range(count)
    ]


def _measured() -> dict[str, object]:
    labels = lots(MANY)
    found: dict[str, object] = {}
    with TemporaryDirectory() as folder:
        target = Path(folder) / "labels.pdf"
        found |= _timed(f"pdf_{FEW}", lambda: len(labels_pdf(labels[:FEW], LABEL_60X40)))
        found[f"pdf_{FEW}_peak_mb"] = _peak_mb()
        found |= _timed(f"pdf_{MANY}", lambda: _written(labels, target))
        found[f"pdf_{MANY}_peak_mb"] = _peak_mb()
    made = labels_commands(labels, LABEL_60X40, Printer("zpl"))
    return found | _timed(f"zpl_{MANY}", lambda: sum(len(one) for one in made))


def _written(labels: list[LotLabel], target: Path) -> int:
    write_labels_pdf(labels, LABEL_60X40, target)
    return target.stat().st_size


def _timed(name: str, make: Callable[[], int]) -> dict[str, object]:
    started = time.perf_counter()
    size = make()
    seconds = time.perf_counter() - started
    return {f"{name}_s": round(seconds, 2), f"{name}_mb": round(size / 1e6, 1)}


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(_measured()))
