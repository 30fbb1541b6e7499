"""What the embedded PostgreSQL is told: safety by command line, tuning by a file."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

MEGABYTE = 1 << 20

# Appended once to postgresql.conf.
CONFIGURATION = "include 'saoku.conf'\n"

# The command line wins over every file, so nobody opens a port or loses durability by accident.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
UNSAFE_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # its databases live for minutes, and statistics come when a test asks
}


def forced_settings(socket_directory: Path, *, unsafe_fast: bool) -> list[str]:
    """Arguments for ``postgres``: local socket only, durable unless it is a test cluster."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket_directory}"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        **(UNSAFE_FAST if unsafe_fast else DURABLE),
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def tuned_settings(own: Path, memory_bytes: int | None = None) -> str:
    """The text of ``saoku.conf`` for a machine that PostgreSQL shares with the web workers.

    Args:
        own: the administrator's file; what it says wins.
        memory_bytes: of the machine; measured where not given.
    """
    memory = (memory_bytes or usable_memory()) // MEGABYTE
    shared = min(max(memory // 8, 64), 2048)
    settings = {
        "max_connections": "100",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(memory // 2, 128)}MB",
        "work_mem": f"{min(max(memory // 512, 4), 32)}MB",
        "maintenance_work_mem": f"{min(max(memory // 32, 32), 256)}MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        # Short statements gain nothing from compiling them.
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %u %d '",
        "log_min_duration_statement": "1s",
        "log_lock_waits": "on",
        "log_checkpoints": "off",
    }
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    lines += [f"include '{own}'\n"] if own.exists() else []
    return f"# Written at every start; own settings go into {own}\n" + "".join(lines)


def host_rules(account: str) -> str:
    """``pg_ident.conf``: only the server's account, this one and root may log in, as any role."""
    names = {account, "root", pwd.getpwuid(os.geteuid()).pw_name}
    return "".join(f'saoku "{name}" all\n' for name in sorted(names))


def usable_memory() -> int:
    """Bytes of the machine, or of the control group that limits this process."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return min(machine, int(Path(path).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return machine
