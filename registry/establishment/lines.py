"""Lines of text out of a file of unknown encoding, none longer than a bound, none able to spoil the next.

Theory of operation. Files come from many places: UTF-8 with or without a byte order mark, GB18030 from older office
programs, sometimes pieces of both glued together. One pass over the bytes gives the fingerprint and tells whether the
whole is UTF-8 or the whole is GB18030; only when it is neither does the encoding with fewer undecodable lines win,
and the others are rejected one by one. A record is one line: a quotation mark that is never closed must not swallow
the rest of the file.
"""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from registry.establishment.rows import Rejected, problem, rejected
from registry.kernel.errors import Reason

MAX_LINE_BYTES = 64 * 1024  # the longest lawful row is some 30 KB: 20 columns at their limits in four-byte characters
CHUNK_BYTES = 1024 * 1024
PIECE_BYTES = 1024 * 1024  # some four thousand rows: what is checked as one text
ENCODINGS = ("utf-8", "gb18030")  # the first that fits the whole file is taken


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the file found."""

    sha256: bytes
    encoding: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end."""

    number: int
    text: str


def survey(path: Path) -> Survey:
    """Fingerprint and encoding of a text file."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(ENCODINGS[0])()
    fits = True
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            fits = fits and _fits(decoder, chunk, final=False)
    if fits and _fits(decoder, b"", final=True):
        return Survey(digest.digest(), ENCODINGS[0])
    return Survey(digest.digest(), ENCODINGS[1] if _is_all(path, ENCODINGS[1]) else _likelier(path))


def _is_all(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if not _fits(decoder, chunk, final=False):
                return False
    return _fits(decoder, b"", final=True)


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _likelier(path: Path) -> str:
    """The encoding that fails on fewer lines of a file that is neither."""
    failures = dict.fromkeys(ENCODINGS, 0)
    with path.open("rb") as file:
        for raw in iter(lambda: file.readline(MAX_LINE_BYTES), b""):
            for name in ENCODINGS:
                try:
                    raw.decode(name)
                except UnicodeDecodeError:
                    failures[name] += 1
    return min(ENCODINGS, key=lambda name: failures[name])


def read_lines(path: Path, encoding: str) -> Iterator[Line | Rejected]:
    """Every line that is not empty; one that is too long or not in the encoding is a rejected row."""
    with path.open("rb") as file:
        yield from lines_of(file, encoding)


def lines_of(file: BinaryIO, encoding: str, first: int = 1) -> Iterator[Line | Rejected]:
    """The same from an open file whose next line has the number ``first``."""
    number = first - 1
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
            skip_line(file)
            yield _too_long(number)
            continue
        line = _decoded(number, raw, encoding)
        if isinstance(line, Rejected) or line.text.strip():
            yield line


def chunks_of(file: BinaryIO, first: int) -> Iterator[tuple[int, bytes]]:
    """Pieces of whole lines, each with the number of its first line.

    Of a line without end the piece holds more than :data:`MAX_LINE_BYTES`, so that it is seen to be too long; the rest of it is skipped.
    """
    number = first
    while piece := file.read(PIECE_BYTES):
        if not piece.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
            piece += rest
            if len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                skip_line(file)
        yield number, piece
        number += piece.count(b"\n") + (not piece.endswith(b"\n"))


def _decoded(number: int, raw: bytes, encoding: str) -> Line | Rejected:
    if number == 1:
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return Line(number, raw.decode(encoding).rstrip("\r\n"))
    except UnicodeDecodeError:
        zh, en = f"这一行不是 {encoding.upper()} 编码的文字", f"this line is not text in {encoding.upper()}"
        return rejected(number, problem("encoding", "", zh, en))


def skip_line(file: BinaryIO) -> None:
    """Read to the end of the line without keeping it."""
    while rest := file.readline(CHUNK_BYTES):
        if rest.endswith(b"\n"):
            return


def _too_long(number: int) -> Rejected:
    zh = f"这一行超过 {MAX_LINE_BYTES} 字节"
    return rejected(
        number, problem("line", "", zh, f"this line is longer than {MAX_LINE_BYTES} bytes", Reason.TOO_LARGE)
    )
