from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from app.administration.backup import BackupExists, back_up, manifest_of
from app.administration.restore import (
    DamagedBackup,
    DatabaseInUse,
    IncompleteRestore,
    NotEmpty,
    restore,
)
from app.kit import migrate
from app.kit.embedded_postgres import EmbeddedPostgres
from app.kit.servers import Server


@pytest.fixture(scope="module")
def cluster():
    path = Path(tempfile.mkdtemp(prefix="saoku-test-"))
    with EmbeddedPostgres(path, unsafe_fast=True) as connection:
        migrate.upgrade(connection.owner_url)
        yield connection
    shutil.rmtree(path)


@pytest.fixture
def server(cluster, request):
    """A migrated database with one table of three rows beside ours."""
    name = f"saoku_{abs(hash(request.node.name)):x}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as owner:
        owner.execute(f"create database {name} template saoku")
    with psycopg.connect(cluster.url(name)) as owner:
        owner.execute("create table extra as select generate_series(1, 3) as n")
    return Server(cluster.url(name), cluster.url(name, "saoku_app"), None)


def rows(url, query="select n from extra order by n"):
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def execute(url, statement):
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_a_restore_brings_back_what_was_backed_up(server, tmp_path):
    file = tmp_path / "saoku.dump"
    manifest = back_up(server.owner_url, file)
    assert manifest.rows["public.extra"] == 3
    assert file.stat().st_mode & 0o077 == 0
    execute(server.owner_url, "delete from extra where n > 1; insert into extra values (9)")
    kept, restored = restore(server, file, replace_rows=True)
    assert restored == manifest.rows
    assert rows(server.owner_url) == [1, 2, 3]
    assert rows(server.app_url, "select current_user::text") == ["saoku_app"]
    name = psycopg.conninfo.conninfo_to_dict(server.owner_url)["dbname"]
    assert rows(server.owner_url.replace(f"/{name}?", f"/{kept}?")) == [1, 9]


def test_a_backup_overwrites_only_by_force(server, tmp_path):
    file = tmp_path / "saoku.dump"
    back_up(server.owner_url, file)
    with pytest.raises(BackupExists):
        back_up(server.owner_url, file)
    back_up(server.owner_url, file, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["saoku.dump", "saoku.dump.json"]


def test_a_restore_over_rows_must_be_asked_for(server, tmp_path):
    back_up(server.owner_url, tmp_path / "b")
    with pytest.raises(NotEmpty):
        restore(server, tmp_path / "b")


def test_a_database_in_use_is_not_exchanged(server, tmp_path):
    back_up(server.owner_url, tmp_path / "b")
    with psycopg.connect(server.owner_url), pytest.raises(DatabaseInUse):
        restore(server, tmp_path / "b", replace_rows=True)


def damage_end(file):
    file.write_bytes(file.read_bytes()[:-10])


def damage_start(file):
    file.write_bytes(b"hello")


def damage_manifest(file):
    manifest_of(file).write_text("{")


def cut_without_manifest(file):
    manifest_of(file).unlink()
    file.write_bytes(file.read_bytes()[:-2000])


DAMAGES = [damage_end, damage_start, damage_manifest, cut_without_manifest]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_before_anything_is_touched(
    server, tmp_path, damage, monkeypatch
):
    file = tmp_path / "b"
    back_up(server.owner_url, file)
    damage(file)
    monkeypatch.setattr("app.administration.restore._maintenance", None)
    with pytest.raises(DamagedBackup):
        restore(server, file, replace_rows=True)
    assert rows(server.owner_url) == [1, 2, 3]


def test_missing_rows_are_noticed_and_the_database_in_use_stays(server, tmp_path):
    file = tmp_path / "b"
    back_up(server.owner_url, file)
    manifest = json.loads(manifest_of(file).read_text())
    manifest["rows"]["public.extra"] = 4
    manifest_of(file).write_text(json.dumps(manifest))
    before = rows(server.owner_url, "select count(*) from pg_database")
    with pytest.raises(IncompleteRestore) as refusal:
        restore(server, file, replace_rows=True)
    assert "public.extra" in str(refusal.value)
    assert rows(server.owner_url) == [1, 2, 3]
    assert rows(server.owner_url, "select count(*) from pg_database") == before


def test_a_restore_makes_the_database_that_is_not_there_yet(server, cluster, tmp_path):
    file = tmp_path / "b"
    back_up(server.owner_url, file)
    fresh = f"saoku_new_{abs(hash(tmp_path)):x}"
    new = Server(cluster.url(fresh), cluster.url(fresh, "saoku_app"), None)
    kept, restored = restore(new, file)
    assert kept is None
    assert restored["public.extra"] == 3
    assert rows(new.owner_url) == [1, 2, 3]


def test_the_owner_may_have_another_name(server, cluster, tmp_path):
    """From the embedded PostgreSQL to one's own, where neither owner nor role is the same."""
    file = tmp_path / "b"
    back_up(server.owner_url, file)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as owner:
        owner.execute(
            "do $$ begin if not exists (select from pg_roles where rolname = 'newcomer') then"
            " create role newcomer login superuser; end if; end $$"
        )
    # One that the backup names and this server does not know.
    manifest = json.loads(manifest_of(file).read_text())
    fresh = f"saoku_other_{abs(hash(tmp_path)):x}"
    theirs = cluster.url(fresh, "newcomer")
    restore(Server(theirs, cluster.url(fresh, "saoku_app"), None), file)
    execute(theirs, "create table later (n int)")
    assert rows(cluster.url(fresh, "saoku_app"), "select count(*) from later") == [0]
    assert manifest["rows"]["public.extra"] == 3


def test_a_backup_is_complete_with_its_manifest_and_private(server, tmp_path):
    file = tmp_path / "b"
    back_up(server.owner_url, file)
    assert manifest_of(file).stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "b.json"]
