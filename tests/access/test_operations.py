"""Metrics of the moment, and what is forgotten in time."""

from __future__ import annotations

import psycopg

from app.access.operations import prune
from app.kit.database import SYSTEM
from app.kit.jobs import Job
from tests.access.conftest import ask, change


def test_metrics_tell_jobs_and_size(signed_in, database):
    change(
        database,
        "insert into procrastinate_jobs (queue_name, task_name, status)"
        " values ('q', 'x', 'failed')",
    )
    text = signed_in("administrator").get("/metrics").text
    assert 'saoku_jobs{state="failed"} 1' in text
    assert "saoku_database_bytes " in text
    assert "saoku_certificate" not in text


def test_old_logins_and_ended_sessions_are_forgotten(signed_in, database, owner_url):
    signed_in("manager_a")
    change(
        database,
        "insert into login_session (token_hash, user_id, csrf_token, expires_at)"
        " select 'old', min(id), '', now() - interval '1 second' from app_user",
    )
    with psycopg.connect(owner_url) as owner:
        owner.execute(
            "insert into login_attempt (subject, ip, succeeded, attempted_at) values"
            " ('login:x', '10.0.0.1', false, now() - interval '91 days'),"
            " ('login:y', '10.0.0.1', false, now() - interval '89 days')"
        )
    for _ in range(2):
        prune(Job(database, SYSTEM))
        assert ask(database, "select count(*) from login_session") == 1
        assert ask(database, "select count(*) from login_attempt where subject = 'login:x'") == 0
        assert ask(database, "select count(*) from login_attempt where subject = 'login:y'") == 1
