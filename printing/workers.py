"""One process per core for long jobs: WeasyPrint holds the interpreter's lock."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from printing.pages import Chunk
from printing.problems import LabelError
from printing.worker import received, send

_ROOT = Path(__file__).parent.parent
_MOST_PROCESSES = 4
_END_SECONDS = 5


class _Process:
    """One worker, used by one thread at a time."""

    def __init__(self) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-m", "printing.worker"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def pdf(self, chunk: Chunk) -> bytes:
        """The chunk's PDF. LabelError if a label is wrong or the process died."""
        try:
            send(_pipe(self.running.stdin), chunk)
            answer = received(_pipe(self.running.stdout))
        except (EOFError, OSError) as error:
            status = self.running.wait(_END_SECONDS)
            raise LabelError("worker", reason=f"exit status {status}") from error
        if isinstance(answer, LabelError):
            raise answer
        assert isinstance(answer, bytes)
        return answer

    def end(self) -> None:
        """Now; what it was doing is lost."""
        self.running.kill()
        self.running.wait()
        for pipe in (self.running.stdin, self.running.stdout):
            with suppress(OSError):
                _pipe(pipe).close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def pdfs(
    chunks: list[Chunk], finished: Callable[[int, bytes], None], meanwhile: Callable[[], object]
) -> None:
    """Set all chunks; `finished(number, pdf)` is called here as each is done, in any order.

    `meanwhile` runs here while the processes start. Any exception, also one of the two
    functions', ends all processes.
    """
    with ExitStack() as stack:
        idle: SimpleQueue[_Process] = SimpleQueue()
        count = min(os.cpu_count() or 1, len(chunks), _MOST_PROCESSES)
        # Left in the opposite order: processes end first, so that no thread waits for one.
        threads = stack.enter_context(ThreadPoolExecutor(count))
        for _ in range(count):
            process = _Process()
            stack.callback(process.end)
            idle.put(process)
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        meanwhile()
        for number, pdf in _answers(threads, idle, chunks):
            finished(number, pdf)


def _answers(
    threads: ThreadPoolExecutor, idle: "SimpleQueue[_Process]", chunks: list[Chunk]
) -> Iterator[tuple[int, bytes]]:
    def set_one(chunk: Chunk) -> bytes:
        process = idle.get()
        try:
            return process.pdf(chunk)
        finally:
            idle.put(process)

    waiting: dict[Future[bytes], int] = {
        threads.submit(set_one, chunk): number for number, chunk in enumerate(chunks)
    }
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for one in done:
            yield waiting.pop(one), one.result()
