from __future__ import annotations

import json
import os
import subprocess
import sys

from app.administration.doctor import findings
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
