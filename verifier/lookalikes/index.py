"""The index of all official names, by look, sound, letters and nearness. In memory; batches in, matches out.

Theory of operation. Copies are not generated and looked for; every name is folded, and so is every stranger. A name has one key for its look, one
for its sound, one for its letters and one for each character left out; a stranger has the same, and where two keys meet the two texts are
compared (:mod:`verifier.lookalikes.likeness`). A million names take some 0.4 GB and ten seconds to fold; strangers are asked in batches, because
numpy pays for a call, not for a row. New names go to a small second index of the same shape, so that the first need not be made again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from verifier.lookalikes.folds import Codes, look_table, sound_table
from verifier.lookalikes.keytable import WIDTH, Flags, Ids, Keys, KeyTable, Places, Rows, as_codes, rows_of
from verifier.lookalikes.likeness import MIN_NEAR, MIN_ROMAN, MIN_SOUND, Kind, nearly, roman
from verifier.lookalikes.words import cores, plain

CHUNK = 20_000  # rows folded at once: the arrays of a chunk stay within some 50 MB
MAX_MATCHES = 8  # of one label; more explain nothing
MIN_CORE = 4  # characters of an official name that is also known without words such as 网: 政务服务 alone is nobody
MIN_LEARNT = 10_000  # names from which it can be learnt which neighbours are usual in names
LONGEST_SYLLABLE = 6  # letters, as in zhuang
SYLLABLE_FLOOR = 0x200000


@dataclass(frozen=True, slots=True)
class Match:
    """``official`` is the name as it was given to the index."""

    kind: Kind
    official: str


def official_cores(text: str) -> tuple[str, ...]:
    """The shorter forms under which an official name is known as well."""
    return tuple(short for short in cores(text) if len(short) >= MIN_CORE)


class Tier:
    """Names that do not change. ``texts`` are their plain texts, in the same order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.texts = tuple(text if (text := plain(name)) != name else name for name in names)
        ids = np.arange(len(names), dtype=np.uint32)
        extra = [(n, short) for n, text in enumerate(self.texts) for short in official_cores(text)]
        forms = [*self.texts, *(short for _, short in extra)]
        owners = np.concatenate([ids, np.array([n for n, _ in extra], np.uint32)])
        self._look, self._near, self._sound = _folded_tables(forms, owners)
        del forms, owners, extra  # as many strings as there are names
        self._roman = _roman_table(self.texts)
        self.usual = _pairs_of(self.texts) if len(names) >= MIN_LEARNT else frozenset()

    def __len__(self) -> int:
        return len(self.names)

    @property
    def octets(self) -> int:
        """Memory of the tables, without the names themselves."""
        return sum(table.octets for table in (self._look, self._near, self._sound, self._roman))

    def pairs(self, asked: "Asked") -> Iterator[tuple[Kind, int, int]]:
        """(kind, row asked, name) where a key met a key; what is only ``NEAR`` has still to be compared.

        A label that is somebody's own name meets only what looks the same.
        """
        for kind, table, keys, rows in (
            (Kind.LOOK, self._look, asked.look.keys, None),
            (Kind.SOUND, self._sound, asked.sounds[asked.strange], asked.strange),
            (Kind.ROMAN, self._roman, asked.letters, asked.letter_rows),
            (Kind.NEAR, self._near, asked.look.keys[asked.strange], asked.strange),
            (Kind.NEAR, self._look, asked.shortened, asked.shortened_rows),
            (Kind.NEAR, self._near, asked.shortened, asked.shortened_rows),
        ):
            places, ids = table.find(keys)
            where = places if rows is None else rows[places]
            for row, name in zip(where.tolist(), ids.tolist(), strict=True):
                yield kind, row, name


def _pairs_of(texts: Sequence[str]) -> frozenset[str]:
    """Neighbouring characters of all names: what stands in one of them is no sign of a copy in another."""
    parts = []
    for start in range(0, len(texts), CHUNK):
        codes = as_codes(texts[start : start + CHUNK]).astype(np.uint64)
        pairs = codes[:, :-1] << np.uint64(32) | codes[:, 1:]
        parts.append(np.unique(pairs[codes[:, 1:] != 0]))
    return frozenset(chr(pair >> 32) + chr(pair & 0xFFFFFFFF) for pair in np.unique(_joined(parts, np.uint64)).tolist())


def _roman_table(texts: Sequence[str]) -> KeyTable:
    keys: list[Keys] = []
    ids: list[Ids] = []
    for start in range(0, len(texts), CHUNK):
        letters = [roman(text) for text in texts[start : start + CHUNK]]
        kept = np.flatnonzero([len(each) >= MIN_ROMAN for each in letters])
        keys.append(rows_of(as_codes([letters[n] for n in kept])).keys)
        ids.append((kept + start).astype(np.uint32))
    return KeyTable(_joined(keys, np.uint64), _joined(ids, np.uint32))


def _exact_table(texts: Sequence[str]) -> KeyTable:
    keys = [rows_of(as_codes(texts[start : start + CHUNK])).keys for start in range(0, len(texts), CHUNK)]
    return KeyTable(_joined(keys, np.uint64), np.zeros(len(texts), np.uint32))


def _folded_tables(forms: list[str], owners: Ids) -> tuple[KeyTable, KeyTable, KeyTable]:
    look: list[Keys] = []
    near: list[Keys] = []
    near_ids: list[Ids] = []
    sounding: list[Keys] = []
    for start in range(0, len(forms), CHUNK):
        codes = as_codes(forms[start : start + CHUNK])
        rows = rows_of(look_table()[codes])
        look.append(rows.keys)
        keys, of = rows.shortened()
        long = rows.lengths[of] >= MIN_NEAR
        near.append(keys[long])
        near_ids.append(owners[start : start + CHUNK][of[long]])
        sounding.append(_sounds(codes))
    sound_keys = _joined(sounding, np.uint64)
    return (
        KeyTable(_joined(look, np.uint64), owners),
        KeyTable(_joined(near, np.uint64), _joined(near_ids, np.uint32)),
        KeyTable(sound_keys[sound_keys != 0], owners[sound_keys != 0]),
    )


def _sounds(codes: Codes) -> Keys:
    """The keys of how rows are read; 0 for rows too short to prove anything."""
    syllables = sound_table()[codes]
    counts = np.count_nonzero(syllables >= SYLLABLE_FLOOR, axis=1)
    return np.where(counts >= MIN_SOUND, rows_of(syllables).keys, np.uint64(0))


def _joined(parts: list[Any], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """Labels to look up: ``texts`` plain, and after them what is left without added words; ``owner`` the label of each text.

    ``own`` says of each label whether it is the very name of somebody, ``strange`` are the rows of the others.
    """

    texts: tuple[str, ...]
    owner: tuple[int, ...]
    own: Flags
    look: Rows
    sounds: Keys
    strange: Places
    shortened: Keys
    shortened_rows: Places
    letters: Keys
    letter_rows: Places


def _asked(texts: Sequence[str], exact: KeyTable) -> Asked:
    own = exact.holds(rows_of(as_codes(texts)).keys)
    shorter = [(n, short) for n, text in enumerate(texts) if not own[n] for short in cores(text)]
    forms, owner = (*texts, *(short for _, short in shorter)), (*range(len(texts)), *(n for n, _ in shorter))
    codes = as_codes(forms)
    look = rows_of(look_table()[codes])
    strange = np.flatnonzero(~own[np.array(owner, np.int64)])
    shortened, rows = Rows(look.sums[strange], look.lengths[strange]).shortened()
    lettered = [(n, letters) for n in strange.tolist() if (letters := _letters(forms[n]))]
    return Asked(
        texts=forms,
        owner=owner,
        own=own,
        look=look,
        sounds=_sounds(codes),
        strange=strange,
        shortened=shortened,
        shortened_rows=strange[rows],
        letters=rows_of(as_codes([letters for _, letters in lettered])).keys,
        letter_rows=np.array([n for n, _ in lettered], np.int64),
    )


def _letters(text: str) -> str:
    """Only a text that holds letters is read as pinyin; one all in Han is found by its sound."""
    if not any("a" <= c <= "z" for c in text):
        return ""
    letters = roman(text)
    return letters if len(letters) >= MIN_ROMAN else ""


class Index:
    """The names, and who looks like them."""

    def __init__(self, names: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        """``known`` are honest names of others that are not watched themselves: whoever bears one is nobody's copy by sound or nearness."""
        self._base = Tier(tuple(dict.fromkeys(names)))
        self._watched = set(self._base.names)
        self._recent: dict[str, None] = {}
        self._second: Tier | None = None
        self._exact = _exact_table((*self._base.texts, *(plain(name) for name in known)))

    def __len__(self) -> int:
        return len(self._watched)

    @property
    def octets(self) -> int:
        """Memory of the tables."""
        return self._base.octets + (self._second.octets if self._second else 0)

    def add(self, name: str) -> None:
        """Watch one more name from now on."""
        if name not in self._watched:
            self._watched.add(name)
            self._recent[name] = None
            self._second = None

    def discard(self, name: str) -> None:
        """Watch a name no longer."""
        self._watched.discard(name)
        if name in self._recent:
            del self._recent[name]
            self._second = None

    def look_up(self, labels: Sequence[str]) -> list[tuple[Match, ...]]:
        """For each U-label what it is like, most alarming first. Ask for hundreds at once when there are hundreds."""
        if not labels:
            return []
        texts = [plain(label) for label in labels]
        asked = _asked(texts, self._exact)
        found: list[dict[str, Kind]] = [{} for _ in labels]
        for tier in self._tiers():
            for kind, row, number in tier.pairs(asked):
                self._note(asked, kind, row, tier, number, found)
        return [_first(kinds) if kinds else () for kinds in found]

    def _tiers(self) -> Iterator[Tier]:
        yield self._base
        if self._recent:
            self._second = self._second or Tier(tuple(self._recent))
            yield self._second

    def _note(self, asked: Asked, kind: Kind, row: int, tier: Tier, number: int, found: list[dict[str, Kind]]) -> None:
        owner, name, official = asked.owner[row], tier.names[number], tier.texts[number]
        label, form = asked.texts[owner], asked.texts[row]
        if name not in self._watched or (known := found[owner].get(name)) is Kind.SAME:
            return
        if kind is Kind.LOOK and label != form:
            kind = Kind.ADDED
        elif kind is Kind.LOOK and label == official:
            kind = Kind.SAME
        if (kind is Kind.LOOK and asked.own[owner]) or (known is not None and _ORDER[known] <= _ORDER[kind]):
            return
        if self._holds(kind, form, official):
            found[owner][name] = kind

    def _holds(self, kind: Kind, form: str, official: str) -> bool:
        if kind is Kind.NEAR:
            return nearly(form, official, self._base.usual)
        if kind is Kind.ROMAN:
            return len(official) < WIDTH // LONGEST_SYLLABLE or roman(form) == roman(official)
        return len(form) < WIDTH or len(form) == len(
            official
        )  # beyond the width only the length can still differ by the key


_ORDER = {kind: number for number, kind in enumerate(Kind)}


def _first(kinds: dict[str, Kind]) -> tuple[Match, ...]:
    ordered = sorted(kinds.items(), key=lambda item: (_ORDER[item[1]], item[0]))
    return tuple(Match(kind, name) for name, kind in ordered[:MAX_MATCHES])
