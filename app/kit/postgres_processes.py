"""Which processes serve a cluster, told from /proc: a number alone may be anybody's by now."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerState:
    """What a server writes about itself; ``pid`` 0 where there is none."""

    pid: int = 0
    socket_directory: Path = Path()
    ready: bool = False


def server_state(file: Path) -> ServerState:
    """Read ``postmaster.pid``, which the server fills line by line while it starts."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ServerState()
    match [line.strip() for line in lines]:
        case [pid, _, _, _, socket_directory, _, _, status]:
            return ServerState(int(pid), Path(socket_directory), status == "ready")
        case [pid, *_] if pid.isdigit():
            return ServerState(int(pid))
        case _:
            return ServerState()


def is_postmaster(pid: int, cluster: Path) -> bool:
    """Whether a live process (no zombie, no newcomer under an old number) serves this cluster."""
    return pid > 1 and _works_in(pid, cluster)


def processes_in(cluster: Path) -> list[int]:
    """Live processes whose working directory is the cluster: a server and its backends."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if pid != os.getpid() and _works_in(pid, cluster)]


def _works_in(pid: int, cluster: Path) -> bool:
    try:
        # A zombie's link cannot be read.
        return Path(f"/proc/{pid}/cwd").readlink() == cluster and _is_postgres(pid)
    except OSError:
        return False


def _is_postgres(pid: int) -> bool:
    return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "postgres"
