"""Lay another department's register beside ours: read it, match it, say what differs, all in one transaction.

Theory of operation. The rows stream from the file into a table, a thread reading ahead, so memory does not grow with the file. Codes are matched
by joins (``registry.store.comparison_load``): unified code, organisation code, what reviewers linked before. What stays is matched by name and place
block by block (``registry.policy.comparison.matching``), and rows of which no place is known by their exact name. Then every pair streams past once:
fields are compared, and what was decided before and is unchanged is not asked again. A code beats a name: who has a partner by code is no
candidate any more. A crash anywhere leaves nothing of the comparison behind.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from registry.establishment.comparison.reading import read_party
from registry.establishment.copying import keys_of
from registry.establishment.files import Source
from registry.establishment.rows import Rejected, Row, problem
from registry.establishment.staging import ahead
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason
from registry.model.comparison import Candidate, Department, Party, Score
from registry.policy.codes import region_of
from registry.policy.comparison.assignment import Assignment, assign
from registry.policy.comparison.departments import expected_kinds
from registry.policy.comparison.digests import EXISTENCE, candidates_digest, values_digest
from registry.policy.comparison.fields import differences
from registry.policy.comparison.likeness import POSSIBLE, score
from registry.policy.comparison.matching import Named, likely_pairs, score_pairs
from registry.store import comparison_load as store
from registry.store.comparison_load import NewFinding, NewRow, Pair

GROUP_ROWS = 5_000  # rows a COPY
MAX_RECORDED = 100_000  # rejected rows that are kept one by one; beyond that the file as a whole is the problem


@dataclass(frozen=True, slots=True)
class Step:
    """How far a comparison is: ``stage`` is reading, matching or comparing, ``done`` of ``total`` (0: not known) rows."""

    stage: str
    done: int
    total: int


Watch = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of the rows of a file: the comparison's number, how many were taken and refused, the first that were refused."""

    comparison: int
    rows: int
    rejected: int
    rejections: tuple[Rejected, ...]


@dataclass(slots=True)
class _Tally:
    """What was read so far."""

    rows: int
    rejected: int
    shown: list[Rejected]


async def lay_beside(
    conn: "Connection[Record]",
    comparison: int,
    source: Source,
    department: Department,
    area: str,
    watch: Watch,
    *,
    complete: bool,
) -> Laid:
    """Do all of it in the caller's transaction, in which the comparison was begun."""
    tally = _Tally(0, 0, [])
    await _read(conn, comparison, source, area, tally, watch)
    rest = await store.match_codes(conn, comparison, department)
    await _match_names(conn, comparison, department, area, rest, watch)
    await _compare(conn, comparison, department, tally.rows, watch)
    await store.add_rest(conn, comparison, department, area, expected_kinds(department), EXISTENCE, complete=complete)
    await store.end(conn, comparison, tally.rows, tally.rejected)
    return Laid(comparison, tally.rows, tally.rejected, tuple(tally.shown))


async def _read(
    conn: "Connection[Record]", comparison: int, source: Source, area: str, tally: _Tally, watch: Watch
) -> None:
    async for rows, refused in ahead(_groups(source.rows(), area)):
        await store.copy_rows(conn, comparison, rows)
        await _refuse(conn, comparison, refused, tally)
        tally.rows += len(rows)
        watch(Step("reading", tally.rows + tally.rejected, 0))
    repeated = [_repeated(*found) for found in await store.take_repeated(conn, comparison)]
    tally.rows -= len(repeated)
    await _refuse(conn, comparison, repeated, tally)


def _groups(rows: Iterator[Row | Rejected], area: str) -> Iterator[tuple[list[NewRow], list[Rejected]]]:
    parties = map(read_party, rows)
    while some := list(islice(parties, GROUP_ROWS)):
        refused = [one for one in some if isinstance(one, Rejected)]
        taken = [one for one in some if isinstance(one, Party)]
        refused += [_foreign(one) for one in taken if not one.region.startswith(area) and one.region]
        taken = [one for one in taken if one.region.startswith(area) or not one.region]
        labels = keys_of([one.name for one in taken])
        yield [_new_row(one, label) for one, label in zip(taken, labels, strict=True)], refused


def _new_row(party: Party, label: str) -> NewRow:
    place = party.region or (region_of(party.uscc) if party.uscc else "")
    return NewRow(
        int(party.key), party.uscc, party.organisation, party.name, label, party.region, "100000" if place == "000000" else place,
        party.address, party.legal_representative, party.phone, party.authority, party.status, party.established_on,
    )  # fmt: skip


def _foreign(party: Party) -> Rejected:
    wrong = problem("region", party.region, "不在比对的地区之内", "outside the regions compared", Reason.NOT_PERMITTED)
    return Rejected(int(party.key), party.uscc or party.organisation, (wrong,))


def _repeated(line: int, code: str, first: int) -> Rejected:
    zh, en = f"代码与第 {first} 行重复", f"the code stands in line {first} already"
    return Rejected(line, code, (problem("code", code, zh, en, Reason.ALREADY_EXISTS),))


async def _refuse(conn: "Connection[Record]", comparison: int, rows: list[Rejected], tally: _Tally) -> None:
    kept = rows[: max(0, MAX_RECORDED - tally.rejected)]
    tally.rejected += len(rows)
    tally.shown += kept
    if kept:
        await store.add_rejections(conn, comparison, [(row.line, row.uscc, _told(row)) for row in kept])


def _told(row: Rejected) -> list[dict[str, Any]]:
    return [
        {"where": one.where, "value": one.value, "zh": one.text.zh, "en": one.text.en, "reason": one.reason.value}
        for one in row.problems
    ]


async def _match_names(
    conn: "Connection[Record]", comparison: int, department: Department, area: str, rest: int, watch: Watch
) -> None:
    """Pairs by name and place, and the rows that may mean several."""
    done = 0
    doubtful: dict[str, tuple[Candidate, ...]] = {}
    taken: set[str] = set()
    for block, many in await store.blocks(conn):
        named = await store.names_of_block(conn, comparison, block, area)
        pairs = await asyncio.to_thread(_candidates, *named)
        found = await asyncio.to_thread(score_pairs, await store.parties_of(conn, comparison, pairs))
        taken |= {one for one, _, _ in found.pairs}
        await store.add_pairs(conn, found.pairs)
        doubtful.update(found.ambiguous)
        done += many
        watch(Step("matching", done, rest))
    found = await _match_namesakes(conn, comparison, area)
    await store.add_pairs(conn, found.pairs)
    doubtful.update(found.ambiguous)
    taken |= {one for one, _, _ in found.pairs}
    for _, line, _ in found.pairs:
        doubtful.pop(line, None)
    await store.add_ambiguous(conn, comparison, department, list(_still_doubtful(doubtful, taken)))


def _still_doubtful(
    doubtful: dict[str, tuple[Candidate, ...]], taken: set[str]
) -> Iterator[tuple[int, tuple[Candidate, ...], bytes]]:
    """What is ambiguous after all: a body that was matched in another block is nobody's candidate any more."""
    for line, meant in doubtful.items():
        left = tuple(one for one in meant if one.key not in taken)
        if left:
            yield int(line), left, candidates_digest(one.key for one in left)


def _candidates(ours: Sequence[Record], theirs: Sequence[Record]) -> list[tuple[str, str]]:
    return likely_pairs((Named(*one) for one in ours), (Named(*one) for one in theirs))


async def _match_namesakes(conn: "Connection[Record]", comparison: int, area: str) -> Assignment:
    possible: list[tuple[str, str, Score]] = []
    async for pairs in store.namesakes(conn, comparison, area):
        scored = ((ours.key, theirs.key, score(ours, theirs)) for ours, theirs in pairs)
        possible += [one for one in scored if one[2].total >= POSSIBLE]
    return assign(possible)


async def _compare(
    conn: "Connection[Record]", comparison: int, department: Department, total: int, watch: Watch
) -> None:
    done = 0
    async for pairs in store.paired(conn, comparison):
        compared = [(pair, differences(pair.ours, pair.theirs)) for pair in pairs]
        differing = [pair for pair, found in compared if found]
        known = await store.settled_before(conn, department, differing) if differing else set()
        await store.add_findings(
            conn, comparison, [NewFinding(pair, found, _kept(pair, found, known)) for pair, found in compared]
        )
        done += len(pairs)
        watch(Step("comparing", done, total))


def _kept(pair: Pair, found: dict[str, tuple[str, str]], known: set[tuple[str, str, str, bytes]]) -> list[str]:
    """The fields that were decided before, about these very values."""
    return [
        field for field, values in found.items() if (pair.ours.key, pair.there, field, values_digest(values)) in known
    ]
