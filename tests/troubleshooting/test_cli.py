"""``./saoku doctor stock``."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from app.administration.doctor import doctor_command


@pytest.fixture
def terminal(made, owner_url, postgres, database_name, monkeypatch):
    monkeypatch.setenv("SAOKU_DATABASE_URL", owner_url)
    if postgres.app_role is None:
        monkeypatch.setenv("SAOKU_DATABASE_APP_URL", postgres.app_url(database_name))
    monkeypatch.setenv("SAOKU_LANGUAGE", "zh_CN")
    return made


def test_stock_on_the_command_line(terminal, capsys):
    terminal.stock("shelf1", 80, status="inspection")
    terminal.stock("shelf2", 5)
    order = terminal.order(20)
    assert doctor_command(["stock", "BREAD"]) == 0
    assert "在库 85，能发 5：80 待检" in capsys.readouterr().out
    assert doctor_command(["stock", "6901234567892", "--order", order.number, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (Decimal(found["can_ship"]), found["line"]["number"]) == (5, order.number)
    assert doctor_command(["stock", "BREAD", "--user", "operator_b"]) == 1
    assert "operator_b 看不到" in capsys.readouterr().out
