"""One log file for all processes: no torn line, no lost line, set aside when it is long."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import structlog

from app.kit import logs
from app.kit.config import Settings
from app.kit.log_file import LogFile

WRITER = """
import sys
from pathlib import Path
from app.kit.log_file import LogFile
log = LogFile(Path(sys.argv[1]), 20_000, 50)
for number in range(1000):
    log.write(f"{sys.argv[2]} {number:04d} " + "x" * 60 + "\\n")
"""


def test_several_processes_lose_and_tear_no_line(tmp_path):
    path = tmp_path / "logs" / "saoku.log"
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    files = [one for one in path.parent.iterdir() if not one.name.startswith(".")]
    assert len(files) >= 6
    # Two that look at the same moment both find room for their line.
    assert all(one.stat().st_size <= 20_000 + 2 * 68 for one in files)
    lines = [line for one in files for line in one.read_text().splitlines()]
    assert len(lines) == 2000
    assert {len(line) for line in lines} == {67}
    assert len({line[:6] for line in lines}) == 2000


def test_only_so_many_are_kept(tmp_path):
    path = tmp_path / "saoku.log"
    log = LogFile(path, 100, 2)
    for number in range(20):
        log.write(f"{number:049d}\n")
    names = sorted(one.name for one in tmp_path.iterdir() if not one.name.startswith("."))
    assert names == ["saoku.log", "saoku.log.1", "saoku.log.2"]
    assert path.read_text().split()[-1].endswith("19")
    assert (tmp_path / "saoku.log.1").read_text().split()[-1].endswith("17")
    none = LogFile(tmp_path / "other.log", 100, 0)
    for number in range(5):
        none.write(f"{number:049d}\n")
    assert not (tmp_path / "other.log.1").exists()


def test_a_file_that_somebody_moved_away_is_begun_anew(tmp_path):
    path = tmp_path / "saoku.log"
    log = LogFile(path, 10_000, 2)
    log.write("one\n")
    path.rename(tmp_path / "kept")
    log.write("two\n")
    assert path.read_text() == "two\n"


def test_the_settings_lead_all_loggers_there(tmp_path):
    path = tmp_path / "saoku.log"
    logs.configure(Settings(log_file=path, log_level="info"))
    try:
        structlog.get_logger("saoku").info("好", command="c1")
        structlog.get_logger("saoku").debug("unseen")
        logging.getLogger("library").warning("from a library")
        first, second = path.read_text("utf-8").splitlines()
        assert json.loads(first)["event"] == "好"
        assert "from a library" in second
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True)
