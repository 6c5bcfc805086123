"""Answers in memory: finished bytes, bounded, each taken out the moment that something in it changed.

Theory of operation. An answer may be given from memory only while the feed of changes is known to be read: after every read of the feed
:meth:`Answers.keep_until` is called with the instant up to which memory may be trusted, and after that instant :meth:`Answers.get` knows
nothing. So an answer is never older than that promise, whatever becomes of the feed.

Between the reading of a record and the keeping of its answer the record may change, and the change may be told before the answer is kept.
So whoever looks something up draws a number first (:meth:`Answers.number`), and an answer is kept only when nothing that it
depends on was touched since that number. What was touched is remembered for the last :data:`REMEMBERED` batches; an older number keeps nothing.

The instant in an answer ("last update") is left open: an answer is kept as the bytes before and after it.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from whois.cache.depends import EVERYTHING, Keys

REMEMBERED = 512  # batches; at ten a second, far longer than any look-up may take
OVERHEAD = 1700  # bytes that an answer costs beside its text: its key, its places in the two indexes (measured)
NEGATIVE_SHARE = 8  # answers that say "nothing" may take an eighth: whoever asks for names at random shall not push the real ones out


@dataclass(slots=True)
class Answer:
    """``head`` + instant + ``tail``, or ``head`` alone where no instant is said (``dated`` false). ``expires`` in seconds of the calendar (0: never).

    Over HTTP ``tag`` names the content (RFC 9110, section 8.8.3) and ``changed`` says when it last changed; ``found`` false is an answer
    that says "nothing".
    """

    head: bytes
    tail: bytes
    expires: float
    depends: Keys
    found: bool = True
    dated: bool = True
    status: int = 200
    tag: str = ""
    changed: str = ""

    def at(self, instant: bytes) -> bytes:
        """The whole text with the instant in its place."""
        return b"".join((self.head, instant, self.tail)) if self.dated else self.head

    @property
    def size(self) -> int:
        """What it costs in memory, about."""
        return len(self.head) + len(self.tail) + OVERHEAD


class Answers:
    """Bounded in bytes; what was not asked for the longest time goes first. Instants are seconds of the event loop, but for ``expires``."""

    def __init__(self, max_bytes: int) -> None:
        self._limits = {True: max_bytes - max_bytes // NEGATIVE_SHARE, False: max_bytes // NEGATIVE_SHARE}
        self._kept: dict[bool, OrderedDict[Hashable, Answer]] = {True: OrderedDict(), False: OrderedDict()}
        self._bytes = {True: 0, False: 0}
        self._index: dict[str, set[Hashable]] = {}
        self._batch = 0
        self._touched: deque[tuple[int, set[str]]] = deque(maxlen=REMEMBERED)
        self._opened: int | None = None  # the batch since which the feed is followed without a gap
        self._trusted_until = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._kept.values()))

    @property
    def bytes(self) -> int:
        """What all of them cost, about."""
        return sum(self._bytes.values())

    def open(self) -> None:
        """The feed is followed from now on."""
        self.close()
        self._batch += 1
        self._opened = self._batch

    def close(self) -> None:
        """The feed is not followed any more, or another server is read: forget everything."""
        self._opened, self._trusted_until = None, 0.0
        for kept in self._kept.values():
            kept.clear()
        self._bytes = {True: 0, False: 0}
        self._index.clear()
        self._touched.clear()

    def keep_until(self, instant: float) -> None:
        """The feed was read: what is in memory may be given out until then."""
        if self._opened is not None:
            self._trusted_until = instant

    def trusted(self, now: float) -> bool:
        """Whether anything may be answered from memory."""
        return now < self._trusted_until

    def get(self, key: Hashable, now: float, calendar: float) -> Answer | None:
        """The answer, if it is here and may be trusted."""
        if now >= self._trusted_until:
            return None
        for found in (True, False):
            kept = self._kept[found]
            answer = kept.get(key)
            if answer is not None:
                if answer.expires and calendar >= answer.expires:
                    self._drop(key, answer)
                    return None
                kept.move_to_end(key)
                return answer
        return None

    def number(self) -> int | None:
        """To be drawn before a record is read; None when nothing may be kept now."""
        return self._batch if self._opened is not None else None

    def put(self, key: Hashable, answer: Answer, number: int | None) -> bool:
        """Keep it, unless something that it depends on was touched since ``number`` was drawn."""
        if number is None or self._opened is None or number < self._opened or not self._stands(answer.depends, number):
            return False
        kind = answer.found
        if answer.size > self._limits[kind]:
            return False
        if (before := self._kept[kind].get(key) or self._kept[not kind].get(key)) is not None:
            self._drop(key, before)
        self._kept[kind][key] = answer
        self._bytes[kind] += answer.size
        for one in answer.depends:
            self._index.setdefault(one, set()).add(key)
        while self._bytes[kind] > self._limits[kind]:
            oldest = next(iter(self._kept[kind]))
            self._drop(oldest, self._kept[kind][oldest])
        return True

    def touch(self, keys: set[str]) -> int:
        """Take out what depends on any of these; how many answers went."""
        self._batch += 1
        self._touched.append((self._batch, keys))
        if EVERYTHING in keys:
            gone = [(key, answer) for kept in self._kept.values() for key, answer in kept.items()]
        else:
            hit = set().union(*(self._index.get(one, ()) for one in keys))
            gone = [
                (key, answer) for kept in self._kept.values() for key in hit if (answer := kept.get(key)) is not None
            ]
        for key, answer in gone:
            self._drop(key, answer)
        return len(gone)

    def _stands(self, depends: Iterable[str], number: int) -> bool:
        """Whether nothing of it was touched since the number. The newest batches stand at the end."""
        if len(self._touched) == REMEMBERED and self._touched[0][0] > number + 1:
            return False
        wanted = set(depends)
        for batch, keys in reversed(self._touched):
            if batch <= number:
                return True
            if EVERYTHING in keys or wanted & keys:
                return False
        return True

    def _drop(self, key: Hashable, answer: Answer) -> None:
        del self._kept[answer.found][key]
        self._bytes[answer.found] -= answer.size
        for one in answer.depends:
            keys = self._index.get(one)
            if keys is not None:
                keys.discard(key)
                if not keys:
                    del self._index[one]
