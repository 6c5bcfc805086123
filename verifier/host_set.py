"""The hosts that are genuine now, as a set that a browser keeps: sorted short hashes, with what was added and taken since.

Theory of operation. A host stands in the set by the first 40 bits of the SHA-256 of its A-form; a million hosts are five
megabytes, and a strange host is taken for a member once in a million, so a client asks once more, by hash prefix,
before it vouches. A version of the set is named by the SHA-256 of its sorted octets, nothing else: two processes that know
the same marks name their versions alike, a client says which version it has and gets the difference or, when
that version is too old to be remembered, the whole. What it then holds it checks against the signed statement
(:mod:`verifier.marks.host_statement`), so it trusts neither the way nor the difference.
"""

import hashlib
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from verifier.marks.states import MarkState
from verifier.snapshot import Snapshot

OCTETS = 5
REMEMBERED = 2000  # versions that a client may have; one a second would be half an hour, one a minute a day and a half
BUCKET_DIGITS = 4  # hexadecimal digits of the shortest prefix that may be asked for


@dataclass(frozen=True, slots=True)
class Difference:
    """What leads from version ``base`` (empty: from nothing) to the present one; sorted octets, five an entry."""

    base: str
    added: bytes
    removed: bytes


@dataclass(slots=True)
class _Version:
    name: str
    added: list[int] = field(default_factory=list)  # since the version before
    removed: list[int] = field(default_factory=list)


def digest_of(host: str) -> str:
    """The whole hash of a host (A-form), in hexadecimal digits."""
    return hashlib.sha256(host.encode()).hexdigest()


class HostSet:
    """The set of one process; ``follow`` before reading."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._members: set[str] = set()
        self._sorted: list[int] = []
        self._buckets: dict[str, list[str]] = {}
        self._versions: deque[_Version] = deque(maxlen=REMEMBERED)
        self._octets = b""

    def __len__(self) -> int:
        return len(self._sorted)

    @property
    def name(self) -> str:
        """The present version."""
        return self._versions[-1].name if self._versions else ""

    @property
    def octets(self) -> bytes:
        """The whole set."""
        return self._octets

    def follow(self) -> None:
        """Take in what changed in the snapshot since the last call; the first time everything."""
        if not self._versions:
            self._snapshot.take_touched()
            self._begin()
            return
        version = _Version("")
        for host in self._snapshot.take_touched():
            self._place(host, version)
        if version.added or version.removed:
            self._close(version)

    def difference(self, have: str) -> Difference:
        """From the version that a client has."""
        names = [version.name for version in self._versions]
        if have not in names:
            return Difference("", self._octets, b"")
        net: Counter[int] = Counter()
        for version in list(self._versions)[len(names) - names[::-1].index(have) :]:
            net.update(version.added)
            net.subtract(version.removed)
        added = [entry for entry, count in net.items() for _ in range(count)]
        removed = [entry for entry, count in net.items() for _ in range(-count)]
        return Difference(have, _octets(sorted(added)), _octets(sorted(removed)))

    def under(self, prefix: str) -> list[tuple[str, str]]:
        """Hash and host of everything ever marked whose hash begins with ``prefix`` (at least four digits, lower case)."""
        hosts = self._buckets.get(prefix[:BUCKET_DIGITS], ())
        return sorted((digest, host) for host in hosts if (digest := digest_of(host)).startswith(prefix))

    def _begin(self) -> None:
        for host in self._snapshot.hosts():
            self._remember(host)
            if _is_genuine(self._snapshot, host):
                self._members.add(host)
        self._sorted = sorted(_entry(host) for host in self._members)
        self._close(_Version(""))

    def _place(self, host: str, version: _Version) -> None:
        self._remember(host)
        is_in = _is_genuine(self._snapshot, host)
        if is_in and host not in self._members:
            self._members.add(host)
            insort(self._sorted, _entry(host))
            version.added.append(_entry(host))
        elif not is_in and host in self._members:
            self._members.discard(host)
            del self._sorted[bisect_left(self._sorted, _entry(host))]
            version.removed.append(_entry(host))

    def _remember(self, host: str) -> None:
        bucket = self._buckets.setdefault(digest_of(host)[:BUCKET_DIGITS], [])
        if host not in bucket:
            bucket.append(host)

    def _close(self, version: _Version) -> None:
        self._octets = _octets(self._sorted)
        version.name = hashlib.sha256(self._octets).hexdigest()
        self._versions.append(version)


def _is_genuine(snapshot: Snapshot, host: str) -> bool:
    mark = snapshot.mark_of_host(host)
    return mark is not None and mark.state is MarkState.VALID


def _entry(host: str) -> int:
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:OCTETS])


def _octets(entries: Iterable[int]) -> bytes:
    return np.asarray(list(entries), dtype=">u8").view(np.uint8).reshape(-1, 8)[:, 8 - OCTETS :].tobytes()
