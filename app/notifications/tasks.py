"""The jobs of notifications: sending through a channel, and looking after what was left behind."""

from __future__ import annotations

from app.kit import jobs
from app.kit.config import current_settings
from app.notifications.publishing import SEND
from app.notifications.sending import QUERIES, send_due


@jobs.task(SEND)
def send_task(job: jobs.Job, channel_id: int) -> None:
    """Send what is due through a channel.  May start again at any point: see ``sending``."""
    send_due(job.database, current_settings(), channel_id)


@jobs.minutely("notifications.look_again")
def look_again(job: jobs.Job) -> None:
    """Another job for each channel whose own was lost."""
    for (channel_id,) in jobs.note(job.database, QUERIES["due_channels"], {}):
        jobs.go_on_later(job.database, SEND, channel_id=channel_id)


@jobs.hourly("notifications.forget", minute=50)
def forget(job: jobs.Job) -> None:
    """Messages that are long over, after half a year."""
    jobs.note(job.database, QUERIES["forget"], {})
