"""The form of an answer on port 43: ``Key: value`` lines, blank lines between blocks (docs/protocols/whois.md).

No value can break the form: control characters and line separators of every kind become spaces.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

Pair = tuple[str, str]
NEWLINE = "\r\n"  # RFC 3912, section 2
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def line(key: str, value: str) -> str:
    """One line; the value is made safe."""
    return f"{key}: {_BREAKS.sub(' ', value).strip()}"


def remark(zh: str, en: str) -> str:
    """A line for people, which programs skip: it begins with a percent sign."""
    return f"% {_BREAKS.sub(' ', zh)} / {_BREAKS.sub(' ', en)}"


def padded(words: str, columns: int) -> str:
    """The words filled up with spaces; a Chinese character takes two columns of a terminal."""
    wide = sum(1 for c in words if unicodedata.east_asian_width(c) in "WF")
    return words + " " * max(1, columns - len(words) - wide)


def block(pairs: Iterable[Pair]) -> str:
    """Lines of the pairs whose value is not empty."""
    return NEWLINE.join(line(key, value) for key, value in pairs if value)


def text(blocks: Iterable[str]) -> bytes:
    """The whole answer."""
    return (NEWLINE * 2).join(one for one in blocks if one).encode("utf-8", "replace") + NEWLINE.encode()


def instant(at: datetime | None) -> str:
    """``2026-06-01T01:00:00Z``, or nothing."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
