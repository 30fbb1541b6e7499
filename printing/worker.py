"""A process that sets pages: `python -m printing.worker`. Chunks in, PDFs out, until input ends.

Each message is a length of 8 bytes and a pickle. Both ends are our own code and the pipe is
private. What a big job needs in memory goes back to the system with the process.
"""

import pickle
import sys
from typing import IO

from printing.pages import chunk_pdf
from printing.problems import LabelError

LENGTH_BYTES = 8


def send(pipe: IO[bytes], message: object) -> None:
    """Write one message."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(body).to_bytes(LENGTH_BYTES))
    pipe.write(body)
    pipe.flush()


def received(pipe: IO[bytes]) -> object:
    """Read one message. EOFError where the other end has closed."""
    length = int.from_bytes(_exactly(pipe, LENGTH_BYTES))
    return pickle.loads(_exactly(pipe, length))  # noqa: S301 - from our own process


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    found = pipe.read(count)
    if len(found) < count:
        raise EOFError
    return found


def main() -> None:
    """Answer each chunk with its PDF or its LabelError."""
    while True:
        try:
            chunk = received(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = chunk_pdf(chunk)  # pyright: ignore[reportArgumentType] - by contract
        except LabelError as error:
            answer = error
        send(sys.stdout.buffer, answer)


if __name__ == "__main__":
    main()
