"""The commands of ``./saoku``: a table of names, each calling one function of its owner.

Modules are imported when their command runs, so that ``--help`` and ``parse-code`` start fast.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import NoReturn

from app.kit.terminal import language

__all__ = ["language", "main"]
FAILED, MISUSED, INTERRUPTED, TERMINATED = 1, 2, 130, 143


@dataclass(frozen=True)
class Command:
    """A sub-command: one line for the list, and ``module:function`` taking its arguments."""

    summary: str
    target: str

    def run(self, arguments: list[str]) -> int:
        module, _, function = self.target.partition(":")
        # What a module makes stays: looking for garbage in it is a fifth of the time it takes.
        gc.disable()
        imported = import_module(module)
        gc.enable()
        return getattr(imported, function)(arguments)


COMMANDS = {
    "demo": Command(
        "Start everything with a sample company, and print how to get in.",
        "app.main:demo_command",
    ),
    "serve": Command("Run the whole product until Ctrl-C.", "app.main:serve_command"),
    "worker": Command("Run background jobs only.", "app.main:worker_command"),
    "user": Command("Add people, set passwords and PINs.", "app.access.cli:user_command"),
    "parse-code": Command(
        "Say what a code means, without a database.", "app.scanning.cli:parse_code_command"
    ),
    "decode": Command("Read the codes in photos.", "app.scanning.cli:decode_command"),
    "bench": Command(
        "Measure this machine, beside the database's own limit.", "bench.command:bench_command"
    ),
    "migrate": Command(
        "Bring the database to this release.",
        "app.administration.database:migrate_command",
    ),
    "verify": Command(
        "Recompute stock, promises and value from the ledger; name each difference.",
        "app.administration.database:verify_command",
    ),
    "costing": Command(
        "Run scenarios of costing through the posting code, and compare.",
        "app.scenarios.cli:costing_command",
    ),
    "backup": Command(
        "Write the whole database to one file.", "app.administration.backup:backup_command"
    ),
    "restore": Command(
        "Bring back a backup, verified before it takes the place of what is there.",
        "app.administration.restore:restore_command",
    ),
    "doctor": Command(
        "Show settings, system packages, fonts and the database; name what is wrong.",
        "app.administration.doctor:doctor_command",
    ),
    "test": Command("Run the checks and tests.", "app.administration.checks:test_command"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status: 0 done, 1 failed or refused, 2 misused."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if name in {"-h", "--help", "help"}:
        return print_help()
    if name not in COMMANDS:
        return refuse_unknown(name)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return COMMANDS[name].run(rest)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more may be flushed into its pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if not explain(error):
            raise
        return FAILED


def print_help() -> int:
    width = max(map(len, COMMANDS))
    print("Usage: ./saoku COMMAND [OPTIONS]     (./saoku COMMAND --help tells more)\n")
    for name, command in COMMANDS.items():
        print(f"  {name.ljust(width)}  {command.summary}")
    return 0


def refuse_unknown(name: str) -> int:
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f" Did you mean {near[0]}?" if near else " ./saoku --help lists the commands."
    print(f"saoku: there is no command {name!r}.{hint}", file=sys.stderr)
    return MISUSED


def explain(error: Exception) -> bool:
    """Print what a person can act on; False for a bug of ours, which deserves its traceback."""
    from app.kit.i18n import speaking
    from app.kit.problems import Problem

    with speaking(language()):
        if isinstance(error, Problem):
            text = f"{error.message}\n{error.next_step}"
        elif _is_unreachable_database(error):
            text = f"The database does not answer: {_cause(error)}"
        elif isinstance(error, OSError) and error.filename is not None:
            text = f"{error.strerror}: {os.fsdecode(error.filename)}"
        else:
            return False
    print("saoku:", text.strip(), file=sys.stderr)
    return True


def _is_unreachable_database(error: Exception) -> bool:
    # Asked without importing psycopg: if it was never imported, the error is not its.
    psycopg = sys.modules.get("psycopg")
    return psycopg is not None and isinstance(_cause(error), psycopg.OperationalError)


def _cause(error: Exception) -> Exception:
    """Psycopg's own error under SQLAlchemy's."""
    return getattr(error, "orig", None) or error


def _terminate(_signal: int, _frame: object) -> NoReturn:
    # Unwinds, so that an embedded server is left properly.
    sys.exit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
