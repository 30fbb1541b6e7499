"""Large counts are posted by a job, in parts."""

from __future__ import annotations

from app.counting.posting import JOB, PostPart, post_part
from app.kit import ids, jobs
from app.kit.transactions import Envelope, run


@jobs.task(JOB)
def post_in_parts(job: jobs.Job, count_id: int) -> None:
    """Until nothing is left.  A part that is refused stays as it is, and the job is tried again."""
    while run(job.database, post_part, PostPart(count_id), Envelope(ids.new_id(), job.caller)).left:
        pass
