from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.kit.config import (
    BadSetting,
    Settings,
    declarations,
    masked_url,
    shown,
    unknown_variables,
)


def test_every_setting_has_a_default():
    settings = Settings.from_environment({})
    assert settings.database_url is None
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 2)
    assert settings.data_dir.name == ".saoku"


def test_an_empty_variable_means_the_default():
    assert Settings.from_environment({"SAOKU_PORT": ""}).port == 8000


def test_variables_are_read_in_their_type():
    settings = Settings.from_environment(
        {"SAOKU_PORT": "9000", "SAOKU_DATA_DIR": "/srv/saoku", "SAOKU_LANGUAGE": "en"}
    )
    assert (settings.port, settings.data_dir, settings.language) == (9000, Path("/srv/saoku"), "en")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAOKU_PORT", "0"),
        ("SAOKU_PORT", "65536"),
        ("SAOKU_PORT", "80a"),
        ("SAOKU_PORT", "8_000"),
        ("SAOKU_PORT", "\N{FULLWIDTH DIGIT EIGHT}"),
        ("SAOKU_WORKERS", "-1"),
        ("SAOKU_LANGUAGE", "fr"),
        ("SAOKU_TIME_ZONE", "Mars/Olympus"),
        ("SAOKU_TIME_ZONE", "../etc/passwd"),
        ("SAOKU_DATABASE_URL", "mysql://localhost/saoku"),
        ("SAOKU_DATABASE_URL", "postgresql://localhost"),
        ("SAOKU_DATA_DIR", "/tmp/\0"),
        ("SAOKU_SECRET_KEY", "short"),
    ],
)
def test_a_bad_value_is_refused_with_name_and_what_is_accepted(name, value):
    with pytest.raises(BadSetting) as refusal:
        Settings.from_environment({name: value})
    assert refusal.value.data["name"] == name
    assert refusal.value.data["accepted"]


def test_a_refused_secret_is_not_repeated():
    with pytest.raises(BadSetting) as refusal:
        Settings.from_environment({"SAOKU_DATABASE_URL": "mysql://me:opensesame@host/db"})
    assert "opensesame" not in str(refusal.value)
    with pytest.raises(BadSetting) as refusal:
        Settings.from_environment({"SAOKU_SECRET_KEY": "opensesame"})
    assert "opensesame" not in str(refusal.value)


def test_unknown_variables_are_found():
    env = {"SAOKU_PORTT": "1", "SAOKU_PORT": "1", "PATH": "/bin", "SAOKU_TEST_DATABASE_URL": "x"}
    assert unknown_variables(env) == ["SAOKU_PORTT"]


def test_every_declaration_is_documented():
    for _, declaration in declarations():
        assert declaration.name.startswith("SAOKU_")
        assert declaration.doc.endswith(".")
        assert declaration.accepted


def test_passwords_are_masked():
    assert masked_url("postgresql://me:secret@host/db") == "postgresql://me:********@host/db"
    assert "secret" not in masked_url("postgresql://host/db?user=me&password=secret")
    assert masked_url("postgresql://me@/db?host=/run/x") == "postgresql://me@/db?host=/run/x"
    key = next(declaration for name, declaration in declarations() if name == "secret_key")
    assert shown(key, "x" * 40) == "********"


def test_the_key_is_made_once_and_private(tmp_path):
    settings = Settings.from_environment({"SAOKU_DATA_DIR": str(tmp_path / "deep" / "data")})
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.signing_key(), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    path = settings.data_dir / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in settings.data_dir.iterdir()] == ["secret_key"]


def test_a_given_key_is_used_and_nothing_is_written(tmp_path):
    env = {"SAOKU_DATA_DIR": str(tmp_path / "data"), "SAOKU_SECRET_KEY": "k" * 32}
    assert Settings.from_environment(env).signing_key() == "k" * 32
    assert not (tmp_path / "data").exists()
