"""The word of the moment: a word and a figure that change every ten minutes, the same on the badge and on the page of its mark. Pure.

A copied picture shows yesterday's word, and so gives itself away to whoever compares. Whoever copies live, minute by minute, can show today's
as well: the pages say so, and nobody should take the word for more than it is (verifier.md 3.5 e). It is drawn from a secret of ours, so
that it cannot be told in advance, and each mark has its own, so that one genuine badge does not give away the others'.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SECONDS = 600  # long enough to tap and compare, short for a person who copies pictures by hand
GRACE = timedelta(seconds=90)  # while the badge in an open page may still show the word before
COLOURS = ("青", "赤", "金", "白", "紫", "墨", "银", "碧", "朱", "翠", "苍", "绛", "玄", "黛", "橙", "蓝")
THINGS = ("松", "鹤", "山", "马", "舟", "桥", "鱼", "星", "月", "莲", "竹", "梅", "鹿", "燕", "灯", "钟")
SIDE = 5  # squares of the figure, mirrored left and right


@dataclass(frozen=True, slots=True)
class Moment:
    """``cells`` are the squares (column, row) of the figure that are filled; ``until`` is when the next word comes."""

    word: str
    cells: tuple[tuple[int, int], ...]
    until: datetime


def moment_of(secret: bytes, mark_id: str, now: datetime) -> Moment:
    """The word of this mark at this instant."""
    window = int(now.timestamp()) // SECONDS
    drawn = hmac.digest(secret, f"moment|{mark_id}|{window}".encode(), hashlib.sha256)
    word = COLOURS[drawn[0] % len(COLOURS)] + THINGS[drawn[1] % len(THINGS)]
    return Moment(word, _cells(int.from_bytes(drawn[2:4])), datetime.fromtimestamp((window + 1) * SECONDS, UTC))


def moment_before(secret: bytes, mark_id: str, now: datetime) -> Moment | None:
    """The last word, while a badge that was drawn with it may still be seen."""
    begun = moment_of(secret, mark_id, now).until - timedelta(seconds=SECONDS)
    return moment_of(secret, mark_id, begun - timedelta(seconds=1)) if now - begun < GRACE else None


def _cells(bits: int) -> tuple[tuple[int, int], ...]:
    half = SIDE // 2 + 1
    left = [(place % half, place // half) for place in range(half * SIDE) if bits >> place & 1]
    return tuple(sorted({cell for column, row in left for cell in ((column, row), (SIDE - 1 - column, row))}))
