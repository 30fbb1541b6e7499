from __future__ import annotations

import subprocess
import sys

import pytest

from app import cli
from app.cli import COMMANDS, language, main


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(command.summary in text for command in COMMANDS.values())


def test_a_misspelt_command_gets_a_hint(capsys):
    assert main(["verfy"]) == 2
    assert "Did you mean verify?" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(name, capsys):
    with pytest.raises(SystemExit) as exit_status:
        main([name, "--help"])
    assert exit_status.value.code == 0
    assert f"saoku {name}" in capsys.readouterr().out


def test_a_bad_setting_is_told_without_traceback(monkeypatch, capsys):
    monkeypatch.setenv("SAOKU_PORT", "abc")
    assert main(["verify"]) == 1
    captured = capsys.readouterr()
    assert "SAOKU_PORT" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_a_missing_file_is_told_without_traceback(monkeypatch, capsys, tmp_path):
    def missing(_arguments):
        (tmp_path / "none").read_bytes()

    command = cli.Command("", "nowhere:nothing")
    monkeypatch.setattr(cli.Command, "run", lambda _self, arguments: missing(arguments))
    monkeypatch.setitem(COMMANDS, "missing", command)
    assert main(["missing"]) == 1
    assert str(tmp_path / "none") in capsys.readouterr().err


def test_our_own_bugs_keep_their_traceback(monkeypatch):
    def broken(_self, _arguments):
        raise LookupError

    monkeypatch.setattr(cli.Command, "run", broken)
    with pytest.raises(LookupError):
        main(["verify"])


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "SAOKU_LANGUAGE": "zh_CN"}, "zh_CN"),
    ],
)
def test_the_terminals_language(env, expected):
    assert language(env) == expected


def test_help_loads_no_web_and_no_database():
    code = "import sys; from app.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"litestar", "sqlalchemy", "psycopg", "babel"})
