from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from app.kit.embedded_postgres import (
    EmbeddedPostgres,
    PostgresDidNotStart,
    PostgresOfAnotherVersion,
    SocketDirectoryTaken,
    private_directory,
)
from app.kit.postgres_processes import is_postmaster, processes_in
from app.kit.postgres_settings import tuned_settings
from app.kit.server_account import open_way, server_account


@pytest.fixture
def data_dir():
    # Not pytest's own directory: it is deep, which is another test's subject.
    path = Path(tempfile.mkdtemp(prefix="saoku-test-"))
    yield path
    for pid in processes_in(path / "postgres"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def running():
    path = Path(tempfile.mkdtemp(prefix="saoku-test-"))
    server = EmbeddedPostgres(path, unsafe_fast=True)
    with server as connection:
        yield server, connection
    shutil.rmtree(path)


def value(url, query):
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def run(url, *statements):
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_application_role_has_no_privileges(running):
    _, connection = running
    query = (
        "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication"
        " from pg_roles where rolname = current_user"
    )
    assert value(connection.app_url, "select current_user") == "saoku_app"
    assert value(connection.app_url, query) is False
    assert value(connection.owner_url, "select current_user") == "saoku_owner"


def test_there_is_no_tcp_listener_and_the_socket_is_private(running):
    server, connection = running
    assert value(connection.owner_url, "show listen_addresses") == ""
    assert connection.socket_directory.stat().st_mode & 0o077 == 0
    inodes = set()
    for entry in Path(f"/proc/{server.postmaster_pid()}/fd").iterdir():
        with contextlib.suppress(OSError):
            target = str(entry.readlink())
            inodes |= {target[8:-1]} if target.startswith("socket:") else set()
    for table in ("tcp", "tcp6"):
        rows = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        assert inodes.isdisjoint(row.split()[9] for row in rows)


def test_the_cluster_is_utf8_with_checksums(running):
    _, connection = running
    assert value(connection.owner_url, "show server_encoding") == "UTF8"
    assert value(connection.owner_url, "show data_checksums") == "on"
    assert value(connection.owner_url, "select '库存' < '收货'") is True


def test_one_cluster_holds_many_databases(running):
    _, connection = running
    with psycopg.connect(connection.owner_url, autocommit=True) as owner:
        owner.execute("create database another")
    assert value(connection.url("another"), "select current_database()") == "another"


def test_a_second_user_joins_and_the_last_one_stops(data_dir):
    first, second = (EmbeddedPostgres(data_dir, unsafe_fast=True) for _ in range(2))
    first.start()
    pid = first.postmaster_pid()
    url = second.start().owner_url
    assert second.postmaster_pid() == pid
    first.stop()
    assert value(url, "select 1") == 1
    second.stop()
    assert second.postmaster_pid() is None
    assert processes_in(data_dir / "postgres") == []


def test_data_survives_a_restart_and_default_settings_are_durable(data_dir):
    with EmbeddedPostgres(data_dir) as connection:
        run(connection.owner_url, "create table kept (n int)", "insert into kept values (7)")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert value(connection.owner_url, f"show {setting}") == "on"
    with EmbeddedPostgres(data_dir) as connection:
        assert value(connection.owner_url, "select n from kept") == 7
    log = (data_dir / "postgres.log").read_text()
    assert "automatic recovery" not in log
    assert "database system is shut down" in log


ENOUGH = 100


def write_until_cut_off(url, acknowledged, started):
    with contextlib.suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as connection:
        for number in range(1_000_000):
            connection.execute("insert into load values (%s)", (number,))
            acknowledged.append(number)
            if number > ENOUGH:
                started.set()


def test_acknowledged_rows_survive_kill_9_in_the_middle_of_a_load(data_dir):
    server = EmbeddedPostgres(data_dir)
    connection = server.start()
    run(connection.owner_url, "create table load (n int primary key)")
    acknowledged, started = [], threading.Event()
    writer = threading.Thread(
        target=write_until_cut_off, args=(connection.owner_url, acknowledged, started)
    )
    writer.start()
    assert started.wait(60)
    os.kill(server.postmaster_pid(), signal.SIGKILL)
    writer.join()
    connection = server.start()
    with psycopg.connect(connection.owner_url) as reader:
        there = {row[0] for row in reader.execute("select n from load").fetchall()}
    server.stop()
    assert len(acknowledged) > ENOUGH
    assert there >= set(acknowledged)
    assert len(there) <= len(acknowledged) + 1


def test_a_server_whose_starter_was_killed_is_taken_over(data_dir):
    code = (
        "import pathlib, sys, time; from app.kit.embedded_postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1]), unsafe_fast=True).start()\n"
        "print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "up\n"
        starter.kill()
    server = EmbeddedPostgres(data_dir, unsafe_fast=True)
    orphan = server.postmaster_pid()
    assert orphan is not None
    with server as connection:
        assert server.postmaster_pid() == orphan
        assert value(connection.owner_url, "select 1") == 1
    assert not is_postmaster(orphan, data_dir / "postgres")


def test_a_stale_pid_file_of_another_living_process_is_no_obstacle(data_dir):
    server = EmbeddedPostgres(data_dir, unsafe_fast=True)
    with server:
        pass
    stale = data_dir / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{data_dir / 'postgres'}\n1\n5432\n/nowhere\n\n1 1\nready\n")
    with server as connection:
        assert value(connection.owner_url, "select 1") == 1


def test_an_interrupted_set_up_is_begun_again(data_dir):
    half_made = data_dir / "postgres.new"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, unsafe_fast=True) as connection:
        assert value(connection.owner_url, "select 1") == 1


def test_starters_at_the_same_moment_share_one_server(data_dir):
    servers = [EmbeddedPostgres(data_dir, unsafe_fast=True) for _ in range(3)]
    threads = [threading.Thread(target=server.start) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.postmaster_pid() for server in servers}) == 1
    for server in servers:
        server.stop()
    assert processes_in(data_dir / "postgres") == []


def test_a_deep_data_directory_gets_a_short_socket_path(data_dir):
    deep = data_dir / ("very-long-name-" * 4) / ("another-long-name-" * 4)
    with EmbeddedPostgres(deep, unsafe_fast=True) as connection:
        assert value(connection.app_url, "select 1") == 1
        assert len(str(connection.socket_directory)) < 60
    shutil.rmtree(connection.socket_directory)


def test_an_administrators_own_settings_win(data_dir):
    (data_dir / "postgresql.conf").write_text("work_mem = '5MB'\nfsync = off\n")
    (data_dir / "postgresql.conf").chmod(0o644)
    with EmbeddedPostgres(data_dir) as connection:
        assert value(connection.owner_url, "show work_mem") == "5MB"
        assert value(connection.owner_url, "show fsync") == "on"


def test_a_server_that_cannot_start_says_why(data_dir):
    (data_dir / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresDidNotStart) as refusal:
        EmbeddedPostgres(data_dir, unsafe_fast=True).start()
    assert "no_such_setting" in str(refusal.value)


def test_another_major_version_is_refused(data_dir):
    cluster = data_dir / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresOfAnotherVersion) as refusal:
        EmbeddedPostgres(data_dir).start()
    assert refusal.value.data["found"] == "15"


def test_a_socket_directory_that_others_may_enter_is_refused(data_dir):
    account = server_account(data_dir / "postgres")
    (data_dir / "open").mkdir()
    (data_dir / "open").chmod(0o777)
    (data_dir / "link").symlink_to("/tmp")
    for name in ("open", "link"):
        with pytest.raises(SocketDirectoryTaken):
            private_directory(data_dir / name, account)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to switch to another account")
def test_the_servers_account_may_pass_and_others_still_not(data_dir):
    account = server_account(data_dir / "postgres")
    inner = data_dir / "inner"
    inner.mkdir(mode=0o700)
    assert not account.can("-x", inner)
    open_way(account, inner)
    assert account.can("-x", inner)
    assert not account.can("-r", inner)
    assert data_dir.stat().st_mode & 0o007 == 0


def test_memory_settings_follow_the_machine(tmp_path):
    small = tuned_settings(tmp_path / "none", 512 << 20)
    large = tuned_settings(tmp_path / "none", 64 << 30)
    assert "shared_buffers = 64MB" in small
    assert "shared_buffers = 2048MB" in large
