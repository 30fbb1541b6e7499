"""The launcher in a copy of the checkout, with stand-ins for what would fetch packages.

Real set-ups are made by continuous integration from a fresh clone; here the shell's own decisions
are tested: when it sets up, what it repairs, where it may stand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*command, cwd="/", **env):
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "SAOKU_SKIP_SYSTEM_PACKAGES": "1", "HOME": ""} | env,
    )


@pytest.fixture
def copy(tmp_path):
    """A checkout whose lock asks for nothing, so that a set-up takes a moment."""
    root = tmp_path / "with space"
    (root / "app").mkdir(parents=True)
    shutil.copy(CHECKOUT / "saoku", root)
    (root / "requirements.lock").write_text("")
    (root / "app" / "__init__.py").touch()
    (root / "app" / "cli.py").write_text(
        "import os, sys; print(sys.argv[1:], os.getcwd(), sys.prefix)"
    )
    # uv stands ready, as after an earlier set-up: nothing is fetched.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    pip = next((root / ".venv").glob("lib/python*/site-packages")) / "pip"
    pip.mkdir()
    (pip / "__main__.py").touch()
    (root / ".venv" / ".root").write_text(f"{root}\n")
    uv = root / ".venv" / "bin" / "uv"
    uv.write_text(f'#!/bin/sh\nsleep 0.2\necho "uv $@" >>"{root}/uv.log"\n')
    uv.chmod(0o755)
    return root


def set_ups(copy):
    log = copy / "uv.log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_it_sets_up_once_and_then_starts_fast(copy):
    assert run(copy / "saoku", "doctor").returncode == 0
    assert set_ups(copy) == 1
    took = []
    for _ in range(3):  # what a busy machine adds is not the launcher's
        begun = time.monotonic()
        done = run(copy / "saoku", "doctor", "--json")
        took.append(time.monotonic() - begun)
    assert min(took) < 1
    assert "['doctor', '--json']" in done.stdout
    assert str(copy / ".venv") in done.stdout
    assert set_ups(copy) == 1


def test_it_works_by_symlink_and_from_a_folder_with_an_app_of_its_own(copy, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "cli.py").write_text("print('the wrong one')")
    (tmp_path / "link").symlink_to(copy / "saoku")
    done = run(tmp_path / "link", "x", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.stdout.startswith(f"['x'] {tmp_path} ")


def test_a_changed_lock_is_installed(copy):
    run(copy / "saoku")
    (copy / "requirements.lock").write_text("# changed\n")
    run(copy / "saoku")
    assert set_ups(copy) == 2


def test_a_failed_set_up_is_told_and_done_again(copy):
    uv = copy / ".venv" / "bin" / "uv"
    good = uv.read_text()
    uv.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    failed = run(copy / "saoku", "--help")
    assert failed.returncode == 1
    assert "no network" in failed.stderr
    assert failed.stdout == ""
    uv.write_text(good)
    assert run(copy / "saoku", "--help").returncode == 0


def test_two_runs_at_once_set_up_once(copy):
    command = [copy / "saoku", "x"]
    env = {"PATH": os.environ["PATH"], "SAOKU_SKIP_SYSTEM_PACKAGES": "1"}
    runs = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait() for process in runs] == [0, 0, 0]
    assert set_ups(copy) == 1


def test_a_broken_python_is_replaced(copy, tmp_path):
    run(copy / "saoku")
    tools = tmp_path / "tools"
    tools.mkdir()
    # Makes the venv without pip, which would take half a minute on a busy machine.
    (tools / "python3").write_text(
        f'#!/bin/sh\ncase $2 in venv) set -- -m venv --without-pip $3 "$4";; esac\n'
        f'exec {sys.executable} "$@"\n'
    )
    (tools / "python3").chmod(0o755)
    python = copy / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    # The empty lock names no uv to fetch, so it ends there, but with a fresh venv.
    done = run(copy / "saoku", SAOKU_PYTHON=str(tools / "python3"), PIP_NO_INDEX="1")
    assert "Making" in done.stderr
    assert python.exists()


def test_missing_packages_are_named_with_the_command(copy, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    answers = {"dpkg-query": "exit 1", "apt-get": "exit 1", "sudo": "exit 1", "id": "echo 1000"}
    for name, text in answers.items():
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    done = run(copy / "saoku", PATH=path, SAOKU_SKIP_SYSTEM_PACKAGES="")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends -y libzbar0" in done.stderr
