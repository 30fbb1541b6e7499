"""``./saoku migrate`` and ``./saoku verify``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from app.kit import migrate
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.servers import Server, running_server
from app.ledger.verify import Difference, verify

# Each slice proves its own sums in a verify.sql beside its queries; the ledger has done its own.


def migrate_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "saoku migrate", description="Run the missing migrations; `serve` does it by itself."
    )
    parser.parse_args(arguments)
    with running_server(Settings.from_environment()) as server:
        migrate.upgrade(server.owner_url)
        current, _ = migrate.state(server.owner_url)
    print(f"The database is at revision {current}.")
    return 0


def verify_command(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "saoku verify",
        description="Recompute every balance, allocation and value from the ledger."
        " Exits with 1 when something does not add up.",
    )
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args(arguments)
    with running_server(Settings.from_environment()) as server:
        differences = differences_in(server)
    if options.json:
        print(json.dumps({"differences": [asdict(each) for each in differences]}))
    else:
        show(differences)
    return 1 if differences else 0


def differences_in(server: Server) -> list[Difference]:
    """What does not add up in the database, as the application sees it."""
    database = Database(server.app_url, role=server.app_role, pool_size=1)
    try:
        return verify(database)
    finally:
        database.close()


def show(differences: list[Difference]) -> None:
    for each in differences:
        print(f"{each.check}: {each.subject}: expected {each.expected}, found {each.found}")
    if differences:
        print(f"saoku: {len(differences)} differences.", file=sys.stderr)
    else:
        print("Everything adds up.")
