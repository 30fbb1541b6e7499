from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import timedelta
from ipaddress import ip_address

import psycopg

from app.administration import findings as doctors
from app.administration.doctor import findings
from app.administration.findings import certificate_findings, live_findings
from app.kit import clock
from app.kit.certificates import ensure_certificate
from app.kit.config import Settings


def doctor(*arguments, **env):
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "doctor", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | env,
    )


def test_doctor_lists_every_setting_and_masks_secrets(tmp_path):
    done = doctor("--json", SAOKU_DATA_DIR=str(tmp_path), SAOKU_SECRET_KEY="opensesame" * 4)
    settings = json.loads(done.stdout)["settings"]
    assert settings["SAOKU_DATA_DIR"] == str(tmp_path)
    assert settings["SAOKU_SECRET_KEY"] == "********"
    assert "opensesame" not in done.stdout


def test_doctor_names_misspelt_variables(tmp_path):
    settings = Settings.from_environment({"SAOKU_DATA_DIR": str(tmp_path)})
    texts = [each.text for each in findings(settings, {"SAOKU_PROT": "1"})]
    assert any("SAOKU_PROT" in text for text in texts)


def test_an_unreachable_database_is_wrong_and_its_password_unseen(tmp_path):
    done = doctor(
        "--json",
        SAOKU_DATA_DIR=str(tmp_path),
        SAOKU_DATABASE_URL="postgresql://me:opensesame@127.0.0.1:1/saoku",
    )
    found = json.loads(done.stdout)["findings"]
    assert [each["level"] for each in found if each["area"] == "database"] == ["wrong"]
    assert done.returncode == 1
    assert "opensesame" not in done.stdout + done.stderr


def test_looking_starts_and_writes_nothing(tmp_path):
    settings = Settings.from_environment({"SAOKU_DATA_DIR": str(tmp_path / "none")})
    areas = {each.area: each.level for each in findings(settings, {})}
    assert areas["database"] == "ok"
    assert not (tmp_path / "none").exists()


def levels(found, area):
    return [one.level for one in found if one.area == area]


def test_a_certificate_is_looked_at(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path)
    assert list(certificate_findings(settings)) == []
    files = ensure_certificate(tmp_path, ["here"], [ip_address("10.0.0.1")])
    assert levels(certificate_findings(settings), "certificate") == ["ok"]
    files.key.chmod(0o644)
    assert levels(certificate_findings(settings), "certificate") == ["ok", "wrong"]
    files.key.chmod(0o600)
    for days, level in ((380, "warning"), (400, "wrong")):
        later = clock.now() + timedelta(days=days)
        monkeypatch.setattr(doctors, "now", lambda later=later: later)
        assert levels(certificate_findings(settings), "certificate") == [level]
    (tmp_path / "none").write_text("x")
    broken = Settings(data_dir=tmp_path, tls_certificate=tmp_path / "none")
    assert levels(certificate_findings(broken), "certificate") == ["wrong"]


def test_clock_jobs_and_printers_of_a_running_database(owner_url, company, monkeypatch):
    with psycopg.connect(owner_url, autocommit=True) as connection:
        assert levels(live_findings(connection), "clock") == ["ok"]
        assert levels(live_findings(connection), "jobs") == ["ok"]
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status)"
            " values ('q', 'x', 'failed')"
        )
        assert levels(live_findings(connection), "jobs") == ["warning"]
        connection.execute("drop table if exists printer cascade")
        connection.execute(
            "create table printer (store_id int, name text, host text, port int, is_active boolean)"
        )
        with socket.create_server(("127.0.0.1", 0)) as there:
            connection.execute(
                "insert into printer values (1, 'a', '127.0.0.1', %s, true),"
                " (1, 'b', '127.0.0.1', 1, true), (1, 'c', '127.0.0.1', 1, false)",
                [there.getsockname()[1]],
            )
            assert levels(live_findings(connection), "printer") == ["ok", "warning"]
        connection.execute("drop table printer")
        assert levels(live_findings(connection), "printer") == []
        later = clock.now() + timedelta(hours=1)
        monkeypatch.setattr(doctors, "now", lambda: later)
        assert levels(live_findings(connection), "clock") == ["wrong"]


def test_the_release_and_its_parts_are_named(tmp_path):
    settings = Settings.from_environment({"SAOKU_DATA_DIR": str(tmp_path)})
    [text] = [each.text for each in findings(settings, {}) if each.area == "release"]
    assert "Saoku 0." in text
    assert "missing" not in text
