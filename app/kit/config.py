"""Settings: environment variables named ``SAOKU_*``, each declared once, here.

A declaration holds the variable's name, its default, how its text is read, what is accepted and
what it means, so that ``./saoku doctor`` and the error messages never drift from the code.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from app.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, mark
from app.kit.problems import Problem

CHECKOUT = Path(__file__).resolve().parents[2]
PREFIX = "SAOKU_"
MASK = "********"

# Variables of the launcher and of the test run: known to doctor, no part of the settings.
TOOL_VARIABLES = {
    "SAOKU_SKIP_SYSTEM_PACKAGES": "1: the launcher does not look for system packages.",
    "SAOKU_TEST_DATABASE_URL": "Superuser URL of the PostgreSQL that the tests use (>= 15).",
}


class BadSetting(Problem):
    """An environment variable cannot be understood; the program does not start."""

    code = "bad_setting"
    status = 422
    text = mark("The setting {name} is {value}, but it must be {accepted}.")
    advice = mark("Correct the environment variable, or unset it to use its default.")


Reader = Callable[[str], object]
"""Text of a variable -> its value; raises ValueError on anything else."""


@dataclass(frozen=True)
class Declaration:
    """One ``SAOKU_*`` variable."""

    name: str
    read: Reader
    accepted: str
    doc: str
    secret: bool = False


def _integer(low: int, high: int) -> tuple[Reader, str]:
    def read(text: str) -> int:
        # int() also takes "1_000", " 7" and other scripts' digits; a setting is plain.
        if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
            raise ValueError(text)
        return int(text)

    return read, f"a whole number from {low} to {high}"


def _one_of(*choices: str) -> tuple[Reader, str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return read, "one of " + ", ".join(choices)


def _text(least: int) -> tuple[Reader, str]:
    def read(text: str) -> str:
        if len(text) < least:
            raise ValueError(text)
        return text

    return read, f"a text of at least {least} characters"


def _read_path(text: str) -> Path:
    if "\0" in text:
        raise ValueError(text)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:  # ~ without a home
        raise ValueError(text) from error


def _read_database_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError(text)
    return text


def _read_networks(text: str) -> str:
    for network in text.split(","):
        ip_network(network.strip())
    return text


def _read_web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(text)
    return text.rstrip("/")


def _read_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (LookupError, OSError, ValueError) as error:
        raise ValueError(text) from error


_PATH: tuple[Reader, str] = (_read_path, "a path")
_DATABASE_URL: tuple[Reader, str] = (
    _read_database_url,
    "a URL such as postgresql://user:password@host:5432/saoku",
)
_WEB_ADDRESS: tuple[Reader, str] = (
    _read_web_address,
    "an address such as https://saoku.example.com",
)
_ZONE: tuple[Reader, str] = (_read_zone, "a time zone such as Asia/Shanghai")
_NETWORKS: tuple[Reader, str] = (
    _read_networks,
    "networks with commas between them, such as 192.168.0.0/16,10.1.0.0/16",
)


T = TypeVar("T")


def _setting(
    name: str, kind: tuple[Reader, str], default: T, doc: str, *, secret: bool = False
) -> T:
    read, accepted = kind
    declaration = Declaration(PREFIX + name, read, accepted, doc, secret)
    return field(default=default, metadata={"declaration": declaration})


@dataclass(frozen=True)
class Settings:
    """What a process needs to know about where it runs; read once, at its start."""

    data_dir: Path = _setting(
        "DATA_DIR",
        _PATH,
        CHECKOUT / ".saoku",
        "Everything that this installation keeps: the embedded PostgreSQL, its log, the key.",
    )
    database_url: str | None = _setting(
        "DATABASE_URL",
        _DATABASE_URL,
        cast("str | None", None),
        "Owner of the tables in any PostgreSQL >= 15; unset: the embedded PostgreSQL.",
        secret=True,
    )
    database_app_url: str | None = _setting(
        "DATABASE_APP_URL",
        _DATABASE_URL,
        cast("str | None", None),
        "Login for the application role, where the owner may not switch to it by itself.",
        secret=True,
    )
    database_pool: int = _setting(
        "DATABASE_POOL", _integer(1, 200), 10, "Database connections of one worker."
    )
    host: str = _setting("HOST", _text(1), "127.0.0.1", "Address that the web server listens on.")
    port: int = _setting("PORT", _integer(1, 65535), 8000, "Port that the web server listens on.")
    workers: int = _setting("WORKERS", _integer(1, 64), 2, "Web worker processes.")
    secret_key: str | None = _setting(
        "SECRET_KEY",
        _text(32),
        cast("str | None", None),
        "Key that signs cookies; unset: made once and kept in SAOKU_DATA_DIR/secret_key.",
        secret=True,
    )
    log_level: str = _setting(
        "LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info", "Least severity logged."
    )
    log_file: Path | None = _setting(
        "LOG_FILE",
        _PATH,
        cast("Path | None", None),
        "File for the logs of the server's processes; unset: standard error.",
    )
    log_max_bytes: int = _setting(
        "LOG_MAX_BYTES",
        _integer(10_000, 1 << 40),
        20 << 20,
        "Bytes after which the log file is set aside as .1, the older ones as .2 and so on.",
    )
    log_files_kept: int = _setting(
        "LOG_FILES_KEPT", _integer(0, 1000), 5, "How many log files that were set aside are kept."
    )
    tls_certificate: Path | None = _setting(
        "TLS_CERTIFICATE",
        _PATH,
        cast("Path | None", None),
        "Certificate (PEM, with its chain) for HTTPS without a proxy; `--lan` makes its own.",
    )
    tls_key: Path | None = _setting(
        "TLS_KEY", _PATH, cast("Path | None", None), "Private key (PEM) of that certificate."
    )
    trusted_proxies: str = _setting(
        "TRUSTED_PROXIES",
        _NETWORKS,
        "",
        "Addresses or networks of proxies whose X-Forwarded-For and -Proto are believed.",
    )
    language: str = _setting(
        "LANGUAGE", _one_of(*LANGUAGES), DEFAULT_LANGUAGE, "Language of a user who chose none."
    )
    time_zone: str = _setting(
        "TIME_ZONE", _ZONE, "Asia/Shanghai", "Time zone of a store that names none."
    )
    shared_data: Path = _setting(
        "SHARED_DATA",
        _PATH,
        CHECKOUT.parent / "shared" / "data",
        "Public test vectors and photos; tests that need them are skipped where it is missing.",
    )
    photo_max_bytes: int = _setting(
        "PHOTO_MAX_BYTES", _integer(1, 1 << 30), 20 << 20, "Largest photo file to decode, in bytes."
    )
    import_max_bytes: int = _setting(
        "IMPORT_MAX_BYTES", _integer(1, 1 << 30), 50 << 20, "Largest file to import, in bytes."
    )
    printer_networks: str = _setting(
        "PRINTER_NETWORKS",
        _NETWORKS,
        "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
        "Networks that printers may be in: an address elsewhere is neither kept nor connected to.",
    )
    public_url: str | None = _setting(
        "PUBLIC_URL",
        _WEB_ADDRESS,
        cast("str | None", None),
        "Where people's phones reach Saoku, for the links in messages; unset: this machine's own.",
    )
    notification_networks: str = _setting(
        "NOTIFICATION_NETWORKS",
        _NETWORKS,
        "",
        "Networks of the company that messages may be sent to besides the internet: a mail server"
        " or a webhook of its own, such as 192.168.1.0/24.",
    )

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read every setting; an unset or empty variable means its default.

        Raises:
            BadSetting: names the variable, its value (a secret's is masked) and what is accepted.
        """
        values = {
            setting.name: _value(declaration_of(setting), env[declaration_of(setting).name])
            for setting in fields(cls)
            if env.get(declaration_of(setting).name)
        }
        return cls(**cast("dict[str, Any]", values))

    def signing_key(self) -> str:
        """The secret key; made and stored (0600) on first use where no variable gives one."""
        return self.secret_key or _stored_key(self.data_dir / "secret_key")


_adopted: list[Settings] = []


def adopt(settings: Settings) -> None:
    """This process runs with these: its command line may have changed some (``--port``)."""
    _adopted[:] = [settings]


def current_settings() -> Settings:
    """For jobs, which nobody hands any settings: what was adopted, else the environment's."""
    return _adopted[0] if _adopted else Settings.from_environment()


def declaration_of(setting: Field[Any]) -> Declaration:
    return cast("Declaration", setting.metadata["declaration"])


def declarations() -> list[tuple[str, Declaration]]:
    """Each settings field with its declaration, in the order of the class."""
    return [(setting.name, declaration_of(setting)) for setting in fields(Settings)]


def unknown_variables(env: Mapping[str, str] = os.environ) -> list[str]:
    """``SAOKU_*`` variables that nothing reads: probably misspelt."""
    known = {declaration.name for _, declaration in declarations()} | TOOL_VARIABLES.keys()
    return sorted(name for name in env if name.startswith(PREFIX) and name not in known)


def shown(declaration: Declaration, value: object) -> str:
    """A setting's value for people: passwords and keys are masked."""
    if value is None:
        return ""
    if not declaration.secret:
        return str(value)
    return masked_url(str(value)) if declaration.read is _read_database_url else MASK


def masked_url(url: str) -> str:
    """A database URL without its password, wherever the URL carries it."""
    try:
        parts = urlsplit(url)
        if not parts.scheme:
            return MASK
        userinfo, at, place = parts.netloc.rpartition("@")
        user = userinfo.partition(":")[0] + (":" + MASK if ":" in userinfo else "")
        query = [(k, MASK if "pass" in k else v) for k, v in parse_qsl(parts.query)]
    except ValueError:
        return MASK
    return urlunsplit(parts._replace(netloc=user + at + place, query=urlencode(query, safe="/*")))


def _value(declaration: Declaration, text: str) -> object:
    try:
        return declaration.read(text)
    except ValueError:
        value = shown(declaration, text) if declaration.secret else repr(text)
        raise BadSetting(
            name=declaration.name, value=value, accepted=declaration.accepted
        ) from None


def _stored_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return path.read_text(encoding="ascii")
    # Written aside and linked into place: of two processes that start together the first one
    # wins, and nobody ever reads half a key.
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # made 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    Path(fresh).unlink()
    return path.read_text(encoding="ascii")
