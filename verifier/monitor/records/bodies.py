"""Bodies on disk: what was served, by its SHA-256, compressed, once however often it was seen.

A file is written beside its place and moved there, so a reader finds a whole body or none; the row comes after the file, and a file without a row
is swept. ``read`` checks the digest: a body that was changed on disk is refused, never shown as proof.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import zstandard

from registry.kernel.db import Connection, Record
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from verifier.checks.fact import Seen

LEVEL = 3  # verifier.md 4.3: 80 KB become 23 KB in 0.16 ms
MAX_BODY = 32 << 20  # of one body that is read back; the fetcher's own cap lies far below
KEPT = timedelta(days=90)  # without an incident
_HEX = frozenset("0123456789abcdef")
DIGEST_LENGTH = 64

_NOTE = """
insert into verifier.body (digest, media, size, stored, first_at, seen_at, kept_until)
select d.digest, d.media, d.size, d.stored, $5, $5, $6
from unnest($1::text[], $2::text[], $3::integer[], $4::integer[]) as d (digest, media, size, stored)
order by d.digest
on conflict (digest) do update set seen_at = excluded.seen_at,
    kept_until = case when verifier.body.kept_until is null then null else greatest(verifier.body.kept_until, excluded.kept_until) end
where verifier.body.seen_at < excluded.seen_at - interval '1 hour'"""
_FOR_EVER = "update verifier.body set kept_until = null where digest = any($1::text[])"
_DUE = "delete from verifier.body where digest in (select digest from verifier.body where kept_until < $1 limit $2) returning digest"


@dataclass(frozen=True, slots=True)
class Kept:
    """A body that lies on disk."""

    digest: str
    media: str
    size: int
    stored: int


class Bodies:
    """The folder of one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where a body lies; ``VALUE_INVALID`` for what is no digest."""
        if len(digest) != DIGEST_LENGTH or not _HEX.issuperset(digest):
            raise Refusal(Reason.VALUE_INVALID, "不是摘要", "this is no digest", where="digest", value=digest[:80])
        return self.folder / digest[:2] / f"{digest[2:]}.zst"

    def keep_all(self, seen: Iterable[Seen]) -> tuple[Kept, ...]:
        """Write the bodies of observations, each once."""
        found: dict[str, Kept] = {}
        for one in seen:
            for evidence in one.observation.evidence:
                if evidence.digest in one.bodies and evidence.digest not in found:
                    found[evidence.digest] = self.keep(one.bodies[evidence.digest], evidence.media)
        return tuple(found.values())

    def keep(self, body: bytes, media: str) -> Kept:
        """Write one body."""
        digest = hashlib.sha256(body).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            packed = zstandard.compress(body, LEVEL)
            beside = path.with_name(f".{new_token()[:12]}")
            beside.write_bytes(packed)
            beside.replace(path)
            return Kept(digest, media, len(body), len(packed))
        return Kept(digest, media, len(body), path.stat().st_size)

    def read(self, digest: str) -> bytes:
        """A body. ``NOT_FOUND`` when it is not kept (any more); ``VALUE_INVALID`` when what lies there is not it."""
        try:
            packed = self.path(digest).read_bytes()
        except FileNotFoundError as error:
            raise Refusal(
                Reason.NOT_FOUND, "该证据已不保存", "this body is not kept any more", where="digest", value=digest
            ) from error
        try:
            body = zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_BODY)
        except zstandard.ZstdError:
            body = b""
        if hashlib.sha256(body).hexdigest() != digest:
            raise Refusal(
                Reason.VALUE_INVALID,
                "证据文件与摘要不符",
                "the file is not the body of this digest",
                where="digest",
                value=digest,
            )
        return body

    async def note(self, conn: "Connection[Record]", kept: Sequence[Kept], now: datetime) -> None:
        """Write the rows of bodies that lie on disk."""
        if kept:
            await conn.execute(
                _NOTE, [one.digest for one in kept], [one.media for one in kept], [one.size for one in kept],
                [one.stored for one in kept], now, now + KEPT,
            )  # fmt: skip

    async def forget(self, conn: "Connection[Record]", now: datetime, most: int = 5000) -> int:
        """Remove bodies whose time is over; how many."""
        digests = [row["digest"] for row in await conn.fetch(_DUE, now, most)]
        for digest in digests:
            self.path(digest).unlink(missing_ok=True)
        return len(digests)


async def keep_for_ever(conn: "Connection[Record]", digests: Iterable[str]) -> None:
    """An incident rests on these bodies."""
    await conn.execute(_FOR_EVER, list(digests))


def free_octets(folder: Path) -> int:
    """Room on the disk where bodies go."""
    where = folder if folder.exists() else folder.parent
    facts = os.statvfs(where)
    return facts.f_bavail * facts.f_frsize
