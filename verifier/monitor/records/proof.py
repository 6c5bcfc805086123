"""Evidence bundles, and the one digest a day that stands for all of them.

A bundle is a manifest in JSON: the incident, the finding with the version of its rule, the looks of all places, and the digests of the bodies. The
manifest is a body itself, so its digest proves everything in it. :func:`day_digest` folds the bundles of a day into one root after RFC 6962,
section 2.1 (leaves in order of time and number), so that a single bundle can be proved to lie in a published root without the others.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from registry.kernel.db import Connection, Database, Record
from registry.kernel.ids import new_public_id
from verifier.monitor.records.bodies import Bodies, keep_for_ever
from verifier.monitor.records.facts import facts_of
from verifier.monitor.records.incidents import Incident, find

MEDIA = "application/vnd.zhengming.evidence+json"
BUNDLE_BITS = 60

_LACKING = """
select id from verifier.incident i where confirmed_at is not null and state <> 'dismissed'
  and not exists (select from verifier.bundle b where b.incident = i.id) order by confirmed_at limit $1"""
_SITE = "select site_id, origin, host from verifier.watch where no = $1"
_ADD = "insert into verifier.bundle (id, incident, at, digest) values ($1, $2, $3, $4)"
_OF_DAY = "select id, incident, at, digest from verifier.bundle where at >= $1 and at < $2 order by at, id"
_CLOSE = """
insert into verifier.evidence_day (day, bundles, root) values ($1, $2, $3)
on conflict (day) do update set bundles = excluded.bundles, root = excluded.root where verifier.evidence_day.root <> excluded.root"""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A proof that was put together. ``digest`` is the SHA-256 (hexadecimal) of its manifest."""

    id: str
    incident: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class DayDigest:
    """``root`` (hexadecimal) over the bundles of a day in UTC; of no bundles it is the hash of nothing (RFC 6962)."""

    day: date
    bundles: tuple[Bundle, ...]
    root: str


async def bundle_confirmed(db: Database, bodies: Bodies, now: datetime, most: int = 200) -> int:
    """Put together the proof of every confirmed incident that has none; how many."""
    made = 0
    for row in await db.fetch(_LACKING, most):
        one = await find(db, row["id"])
        if one is not None:
            made += await _bundle(db, bodies, one, now)
    return made


async def _bundle(db: Database, bodies: Bodies, one: Incident, now: datetime) -> int:
    site = await db.fetchrow(_SITE, one.watch_no)
    if site is None:
        return 0
    check = one.rule.partition(".")[0]
    seen = [each for each in await facts_of(db, one.watch_no) if each.check == check]
    manifest = {
        "incident": one.id,
        "rule": one.rule,
        "version": one.finding.version,
        "site": dict(site),
        "opened_at": one.opened_at,
        "confirmed_at": one.confirmed_at,
        "finding": one.finding,
        "looks": one.reports,
        "facts": seen,
        "before": one.before,
        "after": one.after,
        "made_at": now,
    }
    kept = bodies.keep(msgspec.json.encode(manifest, order="deterministic"), MEDIA)
    async with db.transaction() as conn:
        await bodies.note(conn, [kept], now)
        await keep_for_ever(conn, [kept.digest])
        await conn.execute(_ADD, new_public_id(BUNDLE_BITS), one.id, now, kept.digest)
    return 1


async def day_digest(db: "Database | Connection[Record]", day: date) -> DayDigest:
    """What the public log publishes for a day in UTC. The same answer for ever once the day is over."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rows = await db.fetch(_OF_DAY, start, start + timedelta(days=1))
    bundles = tuple(Bundle(row["id"], row["incident"], row["at"], row["digest"]) for row in rows)
    return DayDigest(day, bundles, tree_hash([bytes.fromhex(one.digest) for one in bundles]).hex())


async def close_day(db: Database, day: date) -> DayDigest:
    """Write the digest of a day down, for whoever follows."""
    found = await day_digest(db, day)
    await db.execute(_CLOSE, day, len(found.bundles), found.root)
    return found


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The Merkle Tree Hash of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()
