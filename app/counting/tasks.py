"""Large counts are posted by a job, in parts."""

from __future__ import annotations

from dataclasses import dataclass

from app.counting.adjusting import POSTING
from app.counting.posting import JOB, PostPart, post_part
from app.kit import ids, jobs, sql
from app.kit.database import SYSTEM, Caller
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run


@dataclass(frozen=True)
class _Abandoned:
    id: int
    posting_by: int


@jobs.task(JOB)
def post_in_parts(job: jobs.Job, count_id: int) -> None:
    """Until nothing is left.  A part that is refused stays as it is, and the job is tried again."""
    while run(job.database, post_part, PostPart(count_id), Envelope(ids.new_id(), job.caller)).left:
        pass


@jobs.minutely("counting.go_on")
def go_on(job: jobs.Job) -> None:
    """Take up what a job has left half posted after its last attempt: by now it may go."""
    with job.database.reading(SYSTEM) as session:
        abandoned = sql.rows(session, _Abandoned, POSTING["abandoned"])
    for count in abandoned:
        caller = Caller(user_id=count.posting_by, stores="*")
        try:
            post_in_parts(jobs.Job(job.database, caller), count.id)
        except Problem:
            continue
