"""Writes docs/counting-states.md from the table of the flow."""

from __future__ import annotations

from pathlib import Path

from app.counting.flow import diagram

TEXT = """# States of a place that is counted

Generated from the table in `app/counting/flow.py` by `python -m tests.counting.write_diagram`;
a test compares them. An arrow names the kinds of event that can lead there; events that keep the
step (refusals, reminders, labels) are left out. Every step answers every kind.

```mermaid
{diagram}
```
"""


def main() -> None:
    path = Path(__file__).parents[2] / "docs" / "counting-states.md"
    path.write_text(TEXT.format(diagram=diagram()), encoding="utf-8")


if __name__ == "__main__":
    main()
