"""Alerts that ask for a count."""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
