"""The job of a big voucher.  It may start again at any point: the state says what is left."""

from __future__ import annotations

import uuid

import psycopg
import structlog
from sqlalchemy.exc import OperationalError

from app.kit import jobs
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.landing.posting import JOB, CarryOut, carrying_out, fail_posting, failure
from app.landing.problems import PostingCrashed

log = structlog.get_logger("saoku.landing")


@jobs.task(JOB)
def carry_out_task(job: jobs.Job, voucher_id: int, command_id: str) -> None:
    """Post or reverse the voucher, once however often the job runs.

    Its own command has an id that follows from the one that asked for it.  A database that went
    away is no fault of the voucher: the queue tries again.
    """

    def report(done: int, total: int) -> None:
        jobs.report(job.database, progress_key(voucher_id), done, total)

    own = uuid.uuid5(uuid.UUID(command_id), JOB)
    try:
        run(job.database, carrying_out(report), CarryOut(voucher_id), Envelope(own, job.caller))
    except Problem as problem:
        _fail(job, voucher_id, problem)
    except (psycopg.OperationalError, OperationalError):
        raise
    except Exception:
        log.exception("posting crashed", voucher_id=voucher_id)
        _fail(job, voucher_id, PostingCrashed())
        raise


def progress_key(voucher_id: int) -> str:
    return f"landing/{voucher_id}"


def _fail(job: jobs.Job, voucher_id: int, problem: Problem) -> None:
    run(job.database, fail_posting, failure(voucher_id, problem), Envelope(new_id(), job.caller))
