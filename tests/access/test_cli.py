"""``./saoku user``: people without a browser."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest

from app.access import cli
from app.kit.problems import Problem
from app.kit.servers import Server
from tests.access.conftest import ask


@pytest.fixture
def user(monkeypatch, postgres, database_name, company):
    """Runs a command line with what is typed on standard input."""

    @contextmanager
    def running(_settings):
        yield Server(
            postgres.url(database_name), postgres.app_url(database_name), postgres.app_role
        )

    monkeypatch.setattr(cli, "running_server", running)

    def call(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return cli.user_command(arguments)

    return call


def test_the_first_administrator_is_made_here(user, database, open_browser):
    assert user("add", "Boss", "--role", "administrator", typed="a very long one\n") == 0
    assert open_browser().sign_in("boss", "a very long one").status_code == 303


def test_someone_of_a_store_is_added_and_listed(user, capsys):
    user("add", "li", "--name", "李", "--store", "A", "--badge", "SK:B9", typed="a long one\n")
    user("list")
    listed = capsys.readouterr().out.splitlines()
    assert "li\toperator\tactive\tA 店\t李" in listed
    assert len(listed) == 8


def test_what_does_not_exist_is_named(user):
    with pytest.raises(SystemExit, match=r"No such store: Z\. Known: A, B"):
        user("add", "x", "--store", "Z", typed="a long one\n")
    with pytest.raises(Problem, match="no_such_user"):
        user("password", "nobody", typed="a long one\n")


def test_password_pin_and_deactivation(user, database, open_browser):
    user("password", "operator_a", typed="the new one\n")
    assert open_browser().sign_in("operator_a", "the new one").status_code == 303
    user("pin", "operator_a", typed="2580\n")
    with_pin = "select pin_hash is not null from app_user where login = 'operator_a'"
    assert ask(database, with_pin)
    user("pin", "operator_a", typed="\n")
    assert not ask(database, with_pin)
    user("deactivate", "operator_a")
    assert open_browser().sign_in("operator_a", "the new one").status_code == 422


def test_a_weak_password_is_refused(user, database):
    with pytest.raises(Problem, match="weak_password"):
        user("add", "x", typed="short\n")
    assert ask(database, "select count(*) from app_user where login = 'x'") == 0
