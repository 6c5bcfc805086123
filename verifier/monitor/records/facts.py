"""Facts: what each check saw last at each place, and what it saw before, from when to when. Written only where something changed.

A digest over outcome and facts says whether anything is different; times and durations are left out of it, because they always are.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from registry.kernel.db import Connection, Database, Record
from verifier.checks.fact import Evidence, Observation, Outcome

RESTLESS = ("_ms", "etag", "modified", "today", "now")  # endings of facts that differ at every look

_LOCK = """
select watch_no, check_id, vantage, at, changed_at, digest, outcome, target, facts, evidence from verifier.fact
where (watch_no, check_id, vantage) in (select * from unnest($1::integer[], $2::text[], $3::text[]))
order by watch_no, check_id, vantage for update"""
_PAST = """
insert into verifier.fact_past (watch_no, check_id, vantage, from_at, until_at, outcome, target, facts, evidence)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"""
_NOW = """
insert into verifier.fact (watch_no, check_id, vantage, at, changed_at, outcome, target, facts, evidence, digest)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (watch_no, check_id, vantage) do update set at = excluded.at, changed_at = excluded.changed_at, outcome = excluded.outcome,
    target = excluded.target, facts = excluded.facts, evidence = excluded.evidence, digest = excluded.digest"""
_OF_SITE = "select check_id, vantage, at, outcome, target, facts, evidence from verifier.fact where watch_no = $1 order by check_id, vantage"
_HISTORY = """
select check_id, vantage, from_at, until_at, outcome, target, facts, evidence from verifier.fact_past
where watch_no = $1 and ($2 = '' or check_id = $2) order by until_at desc limit $3"""

Key = tuple[int, str, str]


async def write_facts(conn: "Connection[Record]", seen: Sequence[tuple[int, Observation]]) -> set[int]:
    """Write observations; the numbers of the sites of which something is different now."""
    if not seen:
        return set()
    ordered = sorted(seen, key=lambda pair: (pair[0], pair[1].check, pair[1].vantage))
    keys = [(no, one.check, one.vantage) for no, one in ordered]
    rows = await conn.fetch(_LOCK, *([key[n] for key in keys] for n in range(3)))
    before = {(row["watch_no"], row["check_id"], row["vantage"]): row for row in rows}
    fresh = [
        (key, one, digest_of(one))
        for key, (_, one) in zip(keys, ordered, strict=True)
        if _is_newer(before.get(key), one)
    ]
    changed = [(key, one, digest) for key, one, digest in fresh if key not in before or before[key]["digest"] != digest]
    await conn.executemany(_PAST, [_past(key, before[key], one.at) for key, one, _ in changed if key in before])
    moved = {key for key, _, _ in changed}
    await conn.executemany(
        _NOW,
        [_now(key, one, digest, one.at if key in moved else before[key]["changed_at"]) for key, one, digest in fresh],
    )
    return {key[0] for key in moved}


def _is_newer(row: Record | None, one: Observation) -> bool:
    return row is None or one.at > row["at"]


def _past(key: Key, row: Record, until: datetime) -> tuple[Any, ...]:
    return (*key, row["changed_at"], until, row["outcome"], row["target"], row["facts"], row["evidence"])


def _now(key: Key, one: Observation, digest: str, changed_at: datetime) -> tuple[Any, ...]:
    evidence = msgspec.to_builtins(one.evidence)
    facts = msgspec.json.decode(msgspec.json.encode(one.facts))
    return (*key, one.at, changed_at, one.outcome, one.target, facts, evidence, digest)


def digest_of(one: Observation) -> str:
    """The same for observations that say the same."""
    told = msgspec.json.encode([one.outcome, one.target, _steady(one.facts)], order="deterministic")
    return hashlib.sha256(told).hexdigest()


def _steady(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _steady(inner) for key, inner in value.items() if not str(key).endswith(RESTLESS)}
    return [_steady(inner) for inner in value] if isinstance(value, list | tuple) else value


async def facts_of(db: "Database | Connection[Record]", watch_no: int) -> list[Observation]:
    """What is known of a site now, at all places."""
    return [_observation(row, row["at"]) for row in await db.fetch(_OF_SITE, watch_no)]


async def past_of(
    db: "Database | Connection[Record]", watch_no: int, check: str = "", most: int = 200
) -> list[Observation]:
    """What was known before, the newest first; ``at`` is when it began."""
    return [_observation(row, row["from_at"]) for row in await db.fetch(_HISTORY, watch_no, check, most)]


def _observation(row: Record, at: datetime) -> Observation:
    evidence = tuple(Evidence(**one) for one in row["evidence"])
    return Observation(
        row["check_id"], row["target"], row["vantage"], at, row["facts"], evidence, Outcome(row["outcome"])
    )
