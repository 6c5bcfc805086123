"""The hash chain of the audit log: what is hashed, and how a break is told. Pure.

Each entry's hash covers the hash before it and every field of the entry, each with its length in front, so that no byte can move
from one field into the next. Position 1 follows thirty-two zero bytes. A flipped byte breaks its own hash; a removed row leaves a gap
in the positions; a swapped pair breaks both, because the position is hashed too.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit entry as it was written; ``detail`` is the stored text, not parsed."""

    id: int
    at: datetime
    actor: str
    act: str
    subject: str
    trid: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry with its place in the chain."""

    entry: Entry
    position: int
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold; ``position`` is where, ``what`` says it in two languages."""

    position: int
    zh: str
    en: str


def hash_of(entry: Entry, position: int, previous: bytes) -> bytes:
    """SHA-256 over the previous hash, the position and the length-prefixed fields."""
    digest = hashlib.sha256(previous)
    digest.update(position.to_bytes(8, "big"))
    for text in (str(entry.id), entry.at.isoformat(), entry.actor, entry.act, entry.subject, entry.trid, entry.detail):
        raw = text.encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.digest()


def seal(entries: Iterable[Entry], position: int, previous: bytes) -> Iterator[Sealed]:
    """Give each entry the next position and hash; ``position`` and ``previous`` are the chain's head."""
    for entry in entries:
        position += 1
        current = hash_of(entry, position, previous)
        yield Sealed(entry, position, previous, current)
        previous = current


class Checker:
    """Fed sealed entries in the order of their positions; ``breaks`` holds what was found."""

    def __init__(self) -> None:
        self.position = 0
        self.hash = GENESIS
        self.breaks: list[Break] = []

    def feed(self, sealed: Sealed) -> None:
        """Check one entry against the one before it."""
        if sealed.position != self.position + 1:
            gap = f"{self.position + 1}–{sealed.position - 1}"
            self._broken(sealed.position, f"缺少第 {gap} 条", f"entries {gap} are missing")
        elif sealed.previous != self.hash:
            self._broken(sealed.position, "与上一条的摘要不衔接", "does not follow the hash before it")
        if hash_of(sealed.entry, sealed.position, sealed.previous) != sealed.hash:
            self._broken(sealed.position, "内容与摘要不符", "its content does not match its hash")
        self.position, self.hash = sealed.position, sealed.hash

    def finish(self, head_position: int, head_hash: bytes) -> None:
        """Compare with the head that was recorded apart from the entries."""
        if self.position != head_position:
            zh = f"链头记录到第 {head_position} 条，实际到第 {self.position} 条"
            self._broken(self.position, zh, f"the head says {head_position} entries, there are {self.position}")
        elif self.hash != head_hash:
            self._broken(self.position, "末条摘要与链头不符", "the last hash is not the head's")

    def _broken(self, position: int, zh: str, en: str) -> None:
        self.breaks.append(Break(position, zh, en))
