"""What the register knows about marks and names, in memory: the copy that answers thousands of questions a second.

Theory of operation. The copy is loaded in one transaction whose snapshot is the first cursor of the change feed, and
afterwards the feed says what to read again: a mark, the names of a domain, everything of a body. What is read again is
always the whole truth of the database for that object, never the change itself, so a change that is seen twice or in
another order does no harm. Each object lies here as one packed string of octets (MessagePack), because a million
Python objects with twenty fields each would fill a machine; it is unpacked, in three microseconds, when it is asked for.
"""

from collections.abc import Iterable

import msgspec

from registry.kernel.db import Connection, Record
from registry.kernel.feed import Change
from verifier.marks import store
from verifier.marks.origin import registered_name
from verifier.marks.states import MarkState
from verifier.marks.store import Mark, Name

_pack = msgspec.msgpack.Encoder().encode
_unpack_mark = msgspec.msgpack.Decoder(Mark).decode
_unpack_name = msgspec.msgpack.Decoder(Name).decode


class Snapshot:
    """The copy. Marks by number and by host (A-form), names in A-form."""

    def __init__(self) -> None:
        self.zones: frozenset[str] = frozenset()
        self._marks: dict[str, bytes] = {}
        self._hosts: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, bytes] = {}
        self._touched: set[str] = set()

    def __len__(self) -> int:
        return len(self._marks)

    def mark(self, mark_id: str) -> Mark | None:
        """The mark with this number."""
        packed = self._marks.get(mark_id)
        return _unpack_mark(packed) if packed else None

    def mark_of_host(self, host: str) -> Mark | None:
        """The mark that names this host: the one in force, else the last that was revoked."""
        ids = self._hosts.get(host, ())
        if len(ids) == 1:
            return _unpack_mark(self._marks[ids[0]])
        marks = [_unpack_mark(self._marks[one]) for one in ids]
        return max(marks, key=lambda mark: (mark.stored is not MarkState.REVOKED, mark.issued_at), default=None)

    def name(self, name: str) -> Name | None:
        """What is known of a registered name."""
        packed = self._names.get(name)
        return _unpack_name(packed) if packed else None

    def names(self, wanted: Iterable[str]) -> dict[str, Name]:
        """The same for several, without those that nobody holds."""
        return {one: _unpack_name(packed) for one in wanted if (packed := self._names.get(one))}

    def live_names(self) -> list[str]:
        """All names that are held now."""
        return [one for one, packed in self._names.items() if _unpack_name(packed).is_live]

    def hosts(self) -> Iterable[str]:
        """All hosts that a mark names or named."""
        return self._hosts

    def take_touched(self) -> set[str]:
        """The hosts whose marks were read again since the last call (after a new load: all)."""
        touched, self._touched = self._touched, set()
        return touched

    async def load(self, conn: "Connection[Record]") -> None:
        """Read everything, in the transaction of the caller's cursor."""
        marks: dict[str, bytes] = {}
        hosts: dict[str, tuple[str, ...]] = {}
        async for mark in store.read_all_marks(conn):
            marks[mark.id] = _pack(mark)
            for host in mark.hosts:
                hosts[host] = (*hosts.get(host, ()), mark.id)
        names = {name.name: _pack(name) async for name in store.read_all_names(conn)}
        self.zones = await store.read_zones(conn)
        self._touched = {*self._hosts, *hosts} if self._marks else set()
        self._marks, self._hosts, self._names = marks, hosts, names

    async def work_in(self, conn: "Connection[Record]", changes: list[Change]) -> set[str]:
        """Read again what a batch of changes is about; returns the names that may have come or gone."""
        if any(change.kind == "establishment.rolled_back" for change in changes):
            before = set(self._names)
            await self.load(conn)
            return before | set(self._names)
        bodies = await _bodies_of(conn, changes)
        roids = [change.subject for change in changes if change.kind.startswith("domain.")]
        ids = [change.subject for change in changes if change.kind.startswith("mark.")]
        names = await store.find_names_of(conn, roids, bodies) | _told(changes)
        marks = await store.find_touched_marks(conn, ids, bodies, names)
        names |= {registered_name(host) for mark in marks for host in mark.hosts}
        self._take_marks(marks)
        self._take_names(names, await store.find_names(conn, sorted(names)))
        self.zones = await store.read_zones(conn)
        return names

    def _take_marks(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            self._marks[mark.id] = _pack(mark)
            for host in mark.hosts:
                ids = self._hosts.get(host, ())
                self._hosts[host] = ids if mark.id in ids else (*ids, mark.id)
                self._touched.add(host)

    def _take_names(self, asked: Iterable[str], found: dict[str, Name]) -> None:
        for one in asked:
            if one in found and found[one].uscc:
                self._names[one] = _pack(found[one])
            else:
                self._names.pop(one, None)


async def _bodies_of(conn: "Connection[Record]", changes: list[Change]) -> set[str]:
    """The bodies that changes are about: named by themselves, or written by an import."""
    bodies = {change.subject for change in changes if change.kind.startswith("body.")}
    for change in changes:
        if change.kind == "establishment.imported" and change.subject.isdigit():
            bodies |= await store.find_bodies_of_run(conn, int(change.subject))
    return bodies


def _told(changes: list[Change]) -> set[str]:
    """Names that stand in the details of changes to domains: of what is gone, nothing else tells."""
    return {word for change in changes if change.kind.startswith("domain.") for word in _words(change.detail)} | {
        change.subject for change in changes if change.kind.startswith("domain.") and "." in change.subject
    }


def _words(detail: object) -> list[str]:
    """Names in a detail, wherever its writer put them."""
    if isinstance(detail, str):
        return [detail] if "." in detail and detail.isascii() else []
    if isinstance(detail, dict):
        return [word for value in detail.values() for word in _words(value)]
    return [word for value in detail for word in _words(value)] if isinstance(detail, list) else []
