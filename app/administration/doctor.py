"""Show what this installation runs on, and what is wrong with it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from ctypes import util
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import psycopg

from app.administration.findings import Finding, certificate_findings, live_findings
from app.kit.config import CHECKOUT, Settings, declarations, masked_url, shown, unknown_variables
from app.kit.migrate import state
from app.kit.problems import Problem
from app.kit.servers import Server, server_if_running

OLDEST_SERVER = 15
LEAST_FREE_BYTES = 1 << 30

# What each library is for, and the Debian package that brings it.
LIBRARIES = {
    "zbar": ("reads codes in photos", "libzbar0"),
    "pango-1.0": ("sets the text of labels and documents", "libpango-1.0-0"),
    "pangoft2-1.0": ("sets the text of labels and documents", "libpangoft2-1.0-0"),
    "harfbuzz-subset": ("embeds fonts in PDFs", "libharfbuzz-subset0"),
}
CHINESE_FONT = "Noto Sans CJK SC"
PACKAGES = ("litestar", "granian", "sqlalchemy", "psycopg", "weasyprint", "zxing-cpp")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

ROLES = """
    select rolname, rolsuper, rolbypassrls, pg_has_role(current_user, oid, 'member')
    from pg_roles where rolname in (current_user, 'saoku_app')
"""


def doctor_command(arguments: list[str]) -> int:
    if arguments[:1] == ["stock"]:
        from app.troubleshooting.cli import stock_command

        return stock_command(arguments[1:])
    parser = argparse.ArgumentParser(
        "saoku doctor",
        description=__doc__,
        epilog="`saoku doctor stock ITEM` tells where an item's stock is and why it cannot ship.",
    )
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    found = findings(settings, os.environ)
    if options.json:
        rows = {"settings": shown_settings(settings), "findings": [asdict(each) for each in found]}
        print(json.dumps(rows, ensure_ascii=False))
    else:
        show(settings, found)
    return 1 if any(each.level == "wrong" for each in found) else 0


def shown_settings(settings: Settings) -> dict[str, str]:
    return {
        declaration.name: shown(declaration, getattr(settings, field))
        for field, declaration in declarations()
    }


def findings(settings: Settings, env: Mapping[str, str]) -> list[Finding]:
    """Everything looked at, in the order that a person would mend it."""
    return [
        *_environment(env),
        *_machine(settings.data_dir),
        *_libraries(),
        *_font(),
        *_browser(),
        *_release(),
        *certificate_findings(settings),
        *_database(settings),
    ]


def show(settings: Settings, found: list[Finding]) -> None:
    values = shown_settings(settings)
    width = max(map(len, values))
    for _, declaration in declarations():
        print(f"{declaration.name.ljust(width)}  {values[declaration.name] or '(not set)'}")
        print(f"{' ' * width}    {declaration.doc} Accepted: {declaration.accepted}.")
    print()
    for each in found:
        print(f"{each.level:7}  {each.area}: {each.text}")


def _environment(env: Mapping[str, str]) -> Iterator[Finding]:
    for name in unknown_variables(env):
        yield Finding("settings", "warning", f"{name} is set, but nothing reads it: misspelt?")


def _machine(data_dir: Path) -> Iterator[Finding]:
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.platform()}")
    there = next(path for path in (data_dir, *data_dir.parents) if path.exists())
    free = shutil.disk_usage(there).free
    level = "ok" if free >= LEAST_FREE_BYTES else "wrong"
    yield Finding("disk", level, f"{free >> 20:,} MB free for {data_dir}")
    if not os.access(there, os.W_OK):
        yield Finding("disk", "wrong", f"{there} cannot be written")


def _libraries() -> Iterator[Finding]:
    for name, (purpose, package) in LIBRARIES.items():
        found = util.find_library(name)
        text = found or f"{name} is missing, which {purpose}: apt-get install {package}"
        yield Finding("library", "ok" if found else "wrong", text)


def _font() -> Iterator[Finding]:
    try:
        family = subprocess.check_output(
            ["fc-match", "--format", "%{family[0]}", f"{CHINESE_FONT}:lang=zh-cn"], text=True
        )
    except FileNotFoundError:
        yield Finding("font", "warning", "fc-match is missing, so fonts were not looked at")
        return
    right = family == CHINESE_FONT
    advice = f"{CHINESE_FONT} is missing: apt-get install fonts-noto-cjk"
    yield Finding("font", "ok" if right else "wrong", family if right else advice)


def _browser() -> Iterator[Finding]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    text = path or "no Chromium, which only the tests need: apt-get install chromium"
    yield Finding("browser", "ok" if path else "warning", text)


def _release() -> Iterator[Finding]:
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    yield Finding("release", "ok", f"Saoku {_version('saoku')} with {versions}")


def _version(package: str) -> str:
    """As installed; the product itself is no installed package, its file says it."""
    if package == "saoku":
        return str(tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"])
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "(missing)"


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        server = server_if_running(settings)
        if server is None:
            yield Finding("database", "ok", "embedded, not running (it starts with the server)")
            return
        yield from _server(server)
    except (psycopg.Error, Problem) as error:
        yield Finding("database", "wrong", " ".join(str(error).split()))


def _server(server: Server) -> Iterator[Finding]:
    with psycopg.connect(server.owner_url, connect_timeout=5) as connection:
        version = connection.info.server_version
        level = "ok" if version // 10000 >= OLDEST_SERVER else "wrong"
        text = f"PostgreSQL {version // 10000}.{version % 10000}, at least {OLDEST_SERVER} needed"
        yield Finding("database", level, f"{text}; {masked_url(server.owner_url)}")
        rows = connection.execute(ROLES).fetchall()
        yield from _roles({name: flags for name, *flags in rows})
        yield from live_findings(connection)
    current, newest = state(server.owner_url)
    level, text = "ok", f"revision {current}"
    if current != newest:
        level, text = "warning", f"revision {current}, this release brings {newest}: saoku migrate"
    yield Finding("database", level, text)


def _roles(roles: dict[str, list[bool]]) -> Iterator[Finding]:
    if "saoku_app" not in roles:
        yield Finding("role", "warning", "saoku_app does not exist yet: saoku migrate makes it")
        return
    superuser, bypasses, member = roles["saoku_app"]
    if superuser or bypasses:
        text = "saoku_app may see every store: alter role saoku_app nosuperuser nobypassrls"
        yield Finding("role", "wrong", text)
    elif not member:
        yield Finding("role", "wrong", "the owner may not switch to saoku_app: grant it")
    else:
        yield Finding("role", "ok", "saoku_app is bound by row-level security")
