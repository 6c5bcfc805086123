"""What somebody means who types into the search box of the look-up page (pure)."""

import re
from dataclasses import dataclass

from registry.kernel.names import map_people

MAX_QUESTION = 2048  # characters; an address that is longer is cut, its host stands in front
_CODE = re.compile(r"[0-9A-Z]{18}")
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.\-]*:)?/+")


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """A name of two labels; ``host`` is what was typed when it was longer (a host below the name)."""

    name: str
    host: str


@dataclass(frozen=True, slots=True)
class CodeQuestion:
    """A unified social credit code, or what looks like one."""

    code: str


@dataclass(frozen=True, slots=True)
class WordQuestion:
    """The name of a body, or a part of it."""

    word: str


@dataclass(frozen=True, slots=True)
class NoQuestion:
    """Nothing was typed."""


Question = NameQuestion | CodeQuestion | WordQuestion | NoQuestion


def read_question(text: str) -> Question:
    """Takes any text, never refuses."""
    typed = "".join(" " if ord(c) < 32 else c for c in map_people(text[:MAX_QUESTION]).text).strip()
    compact = "".join(typed.split())
    if not compact:
        return NoQuestion()
    if _CODE.fullmatch(compact.upper()):
        return CodeQuestion(compact.upper())
    host = _host(compact)
    labels = host.split(".")
    if len(labels) >= 2 and all(labels):
        return NameQuestion(".".join(labels[-2:]), host)
    return WordQuestion(typed)


def _host(text: str) -> str:
    """The host of an address: scheme, user, port, path taken away."""
    rest = _SCHEME.sub("", text.lower())
    rest = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    return re.sub(r":\d*$", "", rest).strip(".")
