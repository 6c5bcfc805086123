"""Searching bodies: by code, by any name present or past, by how it sounds, by its initials, by a part of it, with a slip of the pen.

Theory of operation. What was typed says itself what is meant: a code, letters (a sound or initials), or a name. Each way
of matching is one question to an index and gives a grade; the best grade of a body counts, then its rank. Nothing
slower than needed is asked: only when no name holds what was typed, names that sound the same are looked for (the usual slip of
a Chinese typist), and then names that differ in one character. Every question reads a bounded number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

from registry.establishment import search_keys as keys
from registry.kernel.db import Connection, Record
from registry.model.body import Body
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring
from registry.store import body_search
from registry.store.bodies import MAX_SEARCHED, find_bodies
from registry.store.body_search import Met

MAX_ASKED = 60  # characters; longer than any short form of a name that people type
MIN_CODE = 6  # characters of a code that are worth looking for: department, kind and province
MIN_LIKENESS = 0.5  # of the pairs of what was typed: one wrong character spoils two of them
MAX_READINGS = 2  # ways to cut letters into syllables that are asked about within names: xian and xi an
LIKENESS_WEIGHT = 100_000  # above every rank
_CODE_CHARACTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXYZ")


class Grade(IntEnum):
    """How well a name matches, the best first."""

    CODE = 0
    EXACT = 1
    BEGINNING = 2
    PART = 3
    SOUND = 4
    INITIALS = 5
    SLIP = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A body, the name of it that matched (``role``: full, short, alias or former), and how."""

    body: Body
    role: str
    name: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Question:
    """``region``: two, four or six digits; ``kind``: one or two characters; empty ones do not narrow."""

    text: str
    region: str = ""
    kind: str = ""

    @property
    def narrowing(self) -> list[int]:
        """The keys of place and kind."""
        place = [keys.place_gram(self.region)] if self.region else []
        return [*place, *([keys.kind_gram(self.kind)] if self.kind else [])]


@cache
def _keyring() -> Keyring:
    return Keyring(shipped_table())


async def search(
    conn: "Connection[Record]", text: str, limit: int = 20, *, region: str = "", kind: str = ""
) -> list[Found]:
    """The best matches, each body once, at most ``limit``; any text is a question, and strange ones find nothing."""
    question = Question(text.strip()[:MAX_ASKED], region.removesuffix("00").removesuffix("00"), kind.upper())
    if not question.text or "\0" in question.text:
        return []
    graded = await _by_code(conn, question) or await _by_letters(conn, question) or await _by_name(conn, question)
    return await _best(conn, graded, max(1, min(limit, MAX_SEARCHED)))


Graded = list[tuple[Grade, Met]]


async def _by_code(conn: "Connection[Record]", question: Question) -> Graded:
    code = question.text.upper()
    if not MIN_CODE <= len(code) <= 18 or not _CODE_CHARACTERS.issuperset(code) or not any(map(str.isdigit, code)):
        return []
    return [(Grade.CODE, met) for met in await body_search.by_code(conn, code)]


async def _by_letters(conn: "Connection[Record]", question: Question) -> Graded:
    """Letters alone: a sound from its beginning, initials, a sound within, initials within; names in Latin script first."""
    letters = question.text.lower().replace(" ", "").replace("'", "")
    if not (letters.isascii() and letters.isalpha()):
        return []
    narrow = question.narrowing
    graded = _graded(
        Grade.EXACT, await body_search.exact(conn, _keyring().key(question.text), question.region, question.kind)
    )
    graded += _graded(Grade.BEGINNING, await body_search.by_prefix(conn, "sound", letters, narrow))
    graded += _graded(Grade.INITIALS, await body_search.by_prefix(conn, "initials", letters, narrow))
    for parts in () if len(graded) >= body_search.PAGE else keys.cut_syllables(letters)[:MAX_READINGS]:
        grams = keys.syllable_grams(parts)
        if grams:
            graded += _graded(Grade.SOUND, await body_search.by_grams(conn, [*grams, *narrow], sound=letters))
    if len(letters) >= 3 and not graded:
        grams = [*keys.initial_grams(letters), *narrow]
        graded += _graded(Grade.INITIALS, await body_search.by_grams(conn, grams, initials=letters))
    return graded


async def _by_name(conn: "Connection[Record]", question: Question) -> Graded:
    label, narrow = _keyring().key(question.text), question.narrowing
    if not label:
        return []
    graded = _graded(Grade.EXACT, await body_search.exact(conn, label, question.region, question.kind))
    graded += _graded(Grade.BEGINNING, await body_search.by_prefix(conn, "plain", label, narrow))
    grams = keys.character_grams(label)
    if grams:
        graded += _graded(Grade.PART, await body_search.by_grams(conn, [*grams, *narrow], plain=label))
    return graded or (await _by_slip(conn, question.text, label, narrow) if label.isalnum() else [])


async def _by_slip(conn: "Connection[Record]", text: str, label: str, narrow: Sequence[int]) -> Graded:
    """Names that sound the same; then names that differ in one character, or hold one more or less."""
    parts = keys.syllables(text)
    same = keys.syllable_grams(parts)
    if same:
        alike = await body_search.by_grams(conn, [*same, *narrow], sound="".join(parts))
        if alike:
            return _graded(Grade.SOUND, alike)
    choices = [[*rest, *narrow] for rest in keys.leave_one_out(keys.character_grams(label)) if len(label) > 2]
    near = await body_search.by_any(conn, choices)
    return _graded(
        Grade.SLIP, [_by_likeness(met, label) for met in near if keys.likeness(label, met.plain) >= MIN_LIKENESS]
    )


def _by_likeness(met: Met, label: str) -> Met:
    """What is most like the question goes before what is of a higher level; likeness both ways, so that a longer name is not favoured."""
    like = keys.likeness(label, met.plain) + keys.likeness(met.plain, label)
    return replace(met, rank=round((2 - like) * LIKENESS_WEIGHT) + met.rank)


def _graded(grade: Grade, met: Sequence[Met]) -> Graded:
    return [(grade, one) for one in met]


async def _best(conn: "Connection[Record]", graded: Graded, limit: int) -> list[Found]:
    best: dict[str, tuple[Grade, Met]] = {}
    for grade, met in sorted(graded, key=lambda one: (one[0], one[1].rank, one[1].name, one[1].uscc)):
        best.setdefault(met.uscc, (grade, met))
    chosen = list(best.values())[:limit]
    bodies = await find_bodies(conn, [met.uscc for _, met in chosen])
    return [Found(bodies[met.uscc], met.role, met.name, grade) for grade, met in chosen if met.uscc in bodies]
