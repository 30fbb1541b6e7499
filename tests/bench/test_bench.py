"""The benchmark runs, says what it promises to say, and leaves a ledger that adds up."""

from __future__ import annotations

import json
import os

import pytest

from bench.command import bench_command

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("SAOKU_TEST_DATABASE_URL" in os.environ, reason="brings its own server"),
]


def test_a_short_run(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("SAOKU_DATA_DIR", str(tmp_path))
    short = ["--json", "--seconds", "1", "--items", "1600", "--moves", "500"]
    names = ("receive", "hot", "on_hand", "diagnosis", "margin")
    parts = [word for part in names for word in ("--only", part)]
    done = bench_command([*short, *parts, "--sales", "500"])
    [line] = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (done, found["verify"]) == (0, "ok")
    wanted = {f"{name}_{n}" for name in ("limit_tps", "http_tps", "ratio") for n in (1, 16)}
    assert wanted <= found["receive"].keys()
    assert found["hot"]["http_tps_16"] > 0
    assert found["picks_lost"] == 0
    assert found["on_hand"]["export_rows"] > 400
    assert found["diagnosis"]["api_ms"] > 0
    assert found["margin"]["order_by_lot_ms"] > 0
    assert "pick" not in found
