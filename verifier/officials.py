"""The names of the register by look, sound and spelling, so that a copy finds its original. In memory, pure.

One look-up asks, for every label of a strange host: is it, or does it look or sound like, the label of a name
that the register holds? Names are folded once when they are added (some 30 microseconds each), a look-up is a
handful of searches in sorted tables (:mod:`verifier.key_table`). The register itself refuses look-alikes under our
own TLDs; this index is for the rest of the world.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from registry.kernel.names import TLDS, split, to_a, to_u
from verifier.address import SLASH_LOOK_ALIKES, read_host, readable
from verifier.key_table import KeyTable
from verifier.skeleton import look_of, sound_of, without_added_words

MIN_LOOK = 2  # a single character is like too many
MIN_SOUND = 3  # 北大 sounds like 背带: two syllables prove nothing
MIN_CONTAINED = 4  # 北大 is part of a thousand words, 北京大学 is not
MIN_NEAR = 4  # one character more or less is a small part only of a long name
MIN_ROMAN = 8  # letters; shorter pinyin is anybody's word
MAX_CONTAINED = 24  # the longest names of bodies; longer labels are not searched for them
MAX_NEAR = 16  # longer names are told apart by their length already
SETTLED_AT_ONCE = 200_000  # names whose keys wait in dictionaries while an index is filled: about 400 MB
MAX_FOUND = 8  # what a page can explain


class Likeness(StrEnum):
    """How a host is like an official name. The order is that of alarm."""

    INSIDE = "inside"  # 清华大学.公益.evil.example
    JOINED = "joined"  # 清华大学-公益.example
    LOOK = "look"  # 清芔大学.公益
    ADDED = "added"  # 清华大学官网.example
    SOUND = "sound"  # 青花大学.公益
    TLD = "tld"  # 清华大学.公溢
    CONTAINS = "contains"  # 清华大学招生办.example
    SAME = "same"  # 清华大学.example: the very name, elsewhere
    ROMAN = "roman"  # qinghuadaxue.example
    NEAR = "near"  # 清华大大学.公益


@dataclass(frozen=True, slots=True)
class Like:
    """``official`` (A-form, label and TLD) is what ``label`` of the host resembles."""

    kind: Likeness
    label: str
    official: str


class Officials:
    """The index. Names in A-form."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._look, self._sound, self._roman, self._near = KeyTable(), KeyTable(), KeyTable(), KeyTable()

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def fill(self, names: Iterable[str]) -> None:
        """Take many names in at once, into tables that are small and fast; for an index that is still empty."""
        for count, name in enumerate(names, 1):
            self.add(name)
            if count % SETTLED_AT_ONCE == 0:
                self._settle()
        self._settle()

    def _settle(self) -> None:
        for table in (self._look, self._sound, self._roman, self._near):
            table.settle()

    def add(self, name: str) -> None:
        """Take a name in; a second time changes nothing."""
        if name in self._numbers:
            return
        self._numbers[name] = number = len(self._names)
        self._names.append(name)
        for table, key in self._keys(_label_of(name)):
            table.add(key, number)

    def discard(self, name: str) -> None:
        """Forget a name. Its keys stay where they are and lead nowhere."""
        number = self._numbers.pop(name, None)
        if number is not None:
            self._names[number] = ""

    def _keys(self, label: str) -> Iterator[tuple[KeyTable, str]]:
        look = look_of(label)
        if len(look) >= MIN_LOOK:
            yield self._look, look
        sound = sound_of(label)
        if len(label) >= MIN_SOUND and sound:
            yield self._sound, sound
        if len(roman := sound.replace("-", "")) >= MIN_ROMAN:
            yield self._roman, roman
        if MIN_NEAR <= len(look) <= MAX_NEAR:
            for shorter in _one_less(look):
                yield self._near, shorter

    def _find(self, table: KeyTable, key: str) -> set[str]:
        return {name for number in table.find(key) if (name := self._names[number])}

    def likes(self, host_u: str) -> tuple[Like, ...]:
        """What the host resembles, most alarming first; nothing that is the host's own registered name."""
        labels = host_u.split(".")
        own = _a_form(".".join(labels[-2:]))
        found = {like: None for like in self._scan(labels) if like.official != own}
        order = list(Likeness)
        return tuple(sorted(found, key=lambda like: (order.index(like.kind), like.official))[:MAX_FOUND])

    def named_in(self, text: str) -> tuple[str, ...]:
        """Official names that stand in a piece of text such as a user name or a path, in either form."""
        words = _host_like(f"{text} {unquote(text)}")
        pairs = (".".join(pair) for word in words for pair in pairwise(word))
        return tuple(dict.fromkeys(name for pair in pairs if (name := _a_form(pair)) in self._numbers))

    def _scan(self, labels: list[str]) -> Iterator[Like]:
        pieces = [piece for label in labels[:-1] for piece in _SEPARATORS.split(label) if piece]
        for first, second in pairwise(pieces):
            if (name := _a_form(f"{first}.{_as_our_tld(second)}")) in self._numbers:
                yield Like(Likeness.INSIDE, f"{first}.{second}", name)
        for label in labels[:-1]:
            yield from self._of_label(label, labels[-1])

    def _of_label(self, label: str, tld: str) -> Iterator[Like]:
        yield from self._joined(label)
        bare = label.replace("-", "")
        seen = self._find(self._look, look_of(label))
        for name in seen:
            yield Like(self._same_or_look(bare, name, tld), label, name)
        core = without_added_words(label)
        if core and core != bare:
            for name in self._find(self._look, look_of(core)):
                yield Like(Likeness.ADDED, label, name)
        sound = sound_of(label)
        for name in self._find(self._sound, sound) - seen:
            yield Like(Likeness.SOUND, label, name)
        if label.isascii():
            for name in self._find(self._roman, core or bare):
                yield Like(Likeness.ROMAN, label, name)
        else:
            yield from self._nearly(label)
            yield from self._containing(label)

    @staticmethod
    def _same_or_look(bare: str, name: str, tld: str) -> Likeness:
        if bare != _label_of(name).replace("-", ""):
            return Likeness.LOOK
        return Likeness.TLD if _is_like_our_tld(tld) else Likeness.SAME

    def _joined(self, label: str) -> Iterator[Like]:
        """The name and its TLD in one label: 清华大学公益, 清华大学-公益, www-清华大学-公益."""
        look = look_of(without_added_words(label))
        for tld in _OUR_LOOKS:
            head, found, _ = look.rpartition(tld)
            for name in self._find(self._look, head) if found else ():
                yield Like(Likeness.JOINED, label, name)

    def _containing(self, label: str) -> Iterator[Like]:
        """A whole name at the beginning or the end of a longer word."""
        look = look_of(label)
        for length in range(MIN_CONTAINED, min(len(look) - 1, MAX_CONTAINED) + 1):
            for name in self._find(self._look, look[:length]) | self._find(self._look, look[-length:]):
                yield Like(Likeness.CONTAINS, label, name)

    def _nearly(self, label: str) -> Iterator[Like]:
        """One character too many, too few, or another."""
        look = look_of(label)
        if not MIN_NEAR - 1 <= len(look) <= MAX_NEAR + 1:
            return
        names = self._find(self._near, look)
        for shorter in _one_less(look):
            names |= self._find(self._near, shorter) | self._find(self._look, shorter)
        for name in names:
            if look_of(_label_of(name)) != look:
                yield Like(Likeness.NEAR, label, name)


@lru_cache(maxsize=65536)
def _label_of(name: str) -> str:
    """The first label of a registered name, as people read it."""
    return split(to_u(name))[0]


def _one_less(text: str) -> set[str]:
    return {text[:i] + text[i + 1 :] for i in range(len(text))}


_SEPARATORS = re.compile(f"[{SLASH_LOOK_ALIKES}\u2024\u00b7\u30fb\u2027_]")  # what passes for a dot or a slash
_OUR_LOOKS = tuple(look_of(tld) for tld in TLDS)


def _as_our_tld(label: str) -> str:
    """政务-cn, 政务网: a label that is the name of one of our domains but for words that a copy adds; others as they are."""
    core = label.partition("-")[0] if "-" in label else without_added_words(label)
    return core if core in TLDS else label


def _is_like_our_tld(tld: str) -> bool:
    return tld not in TLDS and look_of(tld) in _OUR_LOOKS


def _a_form(name: str) -> str:
    try:
        return to_a(name)
    except ValueError:
        return ""


def _host_like(text: str) -> list[list[str]]:
    """The dotted words of a text, as lists of labels in lower case."""
    words = "".join(c if c.isalnum() or c in "-.。．｡" else " " for c in text).split()
    hosts = (read_host(word.strip(".-。"))[0] for word in words)
    return [readable(host).split(".") for host in hosts if "." in host]
