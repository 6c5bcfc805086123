"""Reading processes: a large file of CSV is read and checked by two at once, and the pieces come back in the order of the file.

Theory of operation. Reading and checking a row costs as much as writing it, and Python runs on one core. So each reader is a process of
its own that goes through the whole file, counts its lines, and takes every second piece; what it makes of a piece goes to its
standard output as one frame (length, then MessagePack). The importing process takes the frames in turn and passes them to the server.

*Bounded.* A reader that is ahead stands in its write until the frame before is taken: it never holds more than one.
*Nothing remains.* When the importing process dies, by whatever signal, a reader's next write fails and it ends; when an import is
given up, its readers are ended. A reader that fails makes the file unreadable, and nothing of it is kept.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from registry.establishment.csv_rows import check_header, csv_entries
from registry.establishment.files import Source
from registry.establishment.pieces import Piece, piece_of

READERS = 2  # with the server and the process between there is work for three cores; more readers would wait for these
MIN_BYTES = 32 * 1024 * 1024  # of a smaller file: starting two processes takes as long as reading it
PIPE_BYTES = 1024 * 1024  # what Linux lets any account have; a frame has about as much
_LENGTH_BYTES = 8


@contextmanager
def read_pieces(source: Source, now: datetime) -> Iterator[Iterator[Piece]]:
    """The rows of a file, ready for the server; read here, or by processes of their own when the file is large.

    Refuses what ``source.batches`` refuses; raises OSError where the file cannot be read to its end.
    """
    if source.path is None or source.size < MIN_BYTES or (os.cpu_count() or 1) < READERS:
        yield map(piece_of, source.batches(now))
        return
    check_header(source.path, source.encoding)
    readers = [_start(source.path, source.encoding, now, share) for share in range(READERS)]
    try:
        yield _in_turn(readers)
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


def _start(path: Path, encoding: str, now: datetime, share: int) -> "subprocess.Popen[bytes]":
    words = [str(path.absolute()), encoding, now.isoformat(), str(share)]
    reader = subprocess.Popen(  # noqa: S603  # our own program, our own arguments
        [sys.executable, "-m", __name__, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    with suppress(OSError):  # a smaller pipe is only slower
        fcntl.fcntl(_out(reader), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return reader


def _out(reader: "subprocess.Popen[bytes]") -> BinaryIO:
    return cast("BinaryIO", reader.stdout)  # it was asked for


def _in_turn(readers: "list[subprocess.Popen[bytes]]") -> Iterator[Piece]:
    decoder = msgspec.msgpack.Decoder(Piece)
    for reader in cycle(readers):
        frame = _frame(reader)
        if frame is None:
            return
        yield decoder.decode(frame)


def _frame(reader: "subprocess.Popen[bytes]") -> bytes | None:
    """What one reader made of its next piece; None at the end of the file."""
    out = _out(reader)
    size = int.from_bytes(out.read(_LENGTH_BYTES), "big")
    frame = out.read(size)
    if len(frame) < size or (not size and reader.wait()):
        raise OSError("a reading process failed")
    return frame or None


def main() -> None:
    """One reader: path, encoding, the instant of the import, its share."""
    path, encoding, now, share = sys.argv[1:]
    encoder = msgspec.msgpack.Encoder()
    with suppress(BrokenPipeError), os.fdopen(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as out:
        for batch in csv_entries(Path(path), encoding, datetime.fromisoformat(now), (int(share), READERS)):
            frame = encoder.encode(piece_of(batch))
            _write(out.fileno(), len(frame).to_bytes(_LENGTH_BYTES, "big"))
            _write(out.fileno(), frame)


def _write(pipe: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]


if __name__ == "__main__":
    main()
