"""The gazetteer: which place names there are and were, how they are shortened, and which place a name begins with.

Theory of operation. Each entry of ``tables/gazetteer.csv`` (GB/T 2260 with its changes, county level and above) has up to
three forms: its full name (湘西土家族苗族自治州), its usual short forms that keep a suffix (湘西州, 湘西自治州), and its bare
stem (湘西). All forms stand in one dictionary under their keys; a name is read from the left, longest form first, and
each further place must lie beneath the one before (湖南省长沙市岳麓区). What was read is a :class:`Chain`.

Whether a name is shared is judged by the gazetteer alone, never by what some database holds. A place that was abolished
makes nobody ambiguous any more, but its name stays reserved.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.policy.naming.keys import Keyring
from registry.policy.naming.vocabulary import Vocabulary

FULL, SHORT, STEM = "full", "short", "stem"
MIN_STEM = 2  # 沙 of 沙县 is no name of a place
_CITY_LEVEL_PROVINCES = frozenset({"11", "12", "31", "50"})  # the municipalities are provinces and cities at once


@dataclass(frozen=True, slots=True)
class Place:
    """One name of one place; ``until`` 0 means that it is alive (``since`` 0: before 1982)."""

    code: str
    name: str
    since: int
    until: int
    droppable: bool

    @property
    def alive(self) -> bool:
        """Whether the place exists under this name today."""
        return not self.until

    @property
    def rank(self) -> int:
        """0 province, 1 city (prefecture), 2 county."""
        return 0 if self.code.endswith("0000") else 1 if self.code.endswith("00") else 2

    @property
    def is_city(self) -> bool:
        """Whether it is a city (prefecture, or municipality under the centre)."""
        return self.rank == 1 or (self.rank == 0 and self.code[:2] in _CITY_LEVEL_PROVINCES)

    def is_above(self, code: str) -> bool:
        """Whether a place with ``code`` lies beneath this one."""
        return self.code != code and code.startswith(self.code[: (2, 4, 6)[self.rank]])


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that bears a form."""

    place: Place
    form: str


@dataclass(frozen=True, slots=True)
class Match:
    """One place as it was read: all places that bear the form, those beneath the place before where there is one."""

    start: int
    end: int
    text: str
    hits: tuple[Hit, ...]

    @property
    def alive(self) -> tuple[Place, ...]:
        """The living places among the hits."""
        return _distinct(hit.place for hit in self.hits if hit.place.alive)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places among the hits."""
        return _distinct(hit.place for hit in self.hits)

    @property
    def bare(self) -> bool:
        """Whether it is a bare stem and nothing else."""
        return all(hit.form == STEM for hit in self.hits if hit.place.alive) and any(h.form == STEM for h in self.hits)


@dataclass(frozen=True, slots=True)
class Chain:
    """A name as lead + places + rest: 中国共产党 + 长沙市 + 委员会. All are keys."""

    lead: str
    matches: tuple[Match, ...]
    rest: str

    @property
    def last(self) -> Match | None:
        """The place directly before the rest."""
        return self.matches[-1] if self.matches else None

    @property
    def text(self) -> str:
        """All places as they stand, as one key."""
        return "".join(match.text for match in self.matches)


class Gazetteer:
    """All places. Built once; holds no names of bodies."""

    def __init__(
        self, rows: Iterable[tuple[str, str, str, str]], source: Mapping[str, Any], ring: Keyring, words: Vocabulary
    ) -> None:
        self._kinds = tuple((k["suffix"], k["short"], bool(k.get("droppable"))) for k in source["kinds"])
        self._autonomous = {k["suffix"] for k in source["kinds"] if k.get("autonomous")}
        self._peoples = tuple(sorted(source["peoples"].split(), key=len, reverse=True))
        self._guard = re.compile(str(source["guard"]["next"]).translate(ring.table.minimum))
        self._county_guard = re.compile(str(source["guard"]["next_county"]).translate(ring.table.minimum))
        self._words = words
        self.by_code: dict[str, Place] = {}
        self._forms: dict[str, tuple[Hit, ...]] = {}
        self._alive: dict[str, tuple[Place, ...]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._readable: dict[Place, tuple[tuple[str, str], ...]] = {}
        for code, name, since, until in rows:
            self._add(Place(code, name, int(since or 0), int(until or 0), self._is_droppable(name)), ring)
        self._alive = {k: _distinct(h.place for h in hits if h.place.alive) for k, hits in self._forms.items()}
        self._longest = max(map(len, self._forms))

    def _is_droppable(self, name: str) -> bool:
        return next((droppable for suffix, _, droppable in self._kinds if name.endswith(suffix)), False)

    def _add(self, place: Place, ring: Keyring) -> None:
        if place.alive or place.code not in self.by_code:
            self.by_code[place.code] = place
        forms = tuple(self._shortened(place.name))
        self._readable[place] = forms
        for text, form in forms:
            key = ring.key(text)
            self._texts[place.code, key] = text
            self._forms[key] = (*self._forms.get(key, ()), Hit(place, form))

    def _shortened(self, name: str) -> Iterable[tuple[str, str]]:
        yield name, FULL
        suffix, short, _ = next((kind for kind in self._kinds if name.endswith(kind[0])), ("", "", False))
        if not suffix:
            return
        stem = name[: -len(suffix)]
        if suffix in self._autonomous:
            stem = self._without_peoples(stem)
            if short and len(stem) >= MIN_STEM:
                yield stem + short, SHORT
            if stem + suffix != name and len(stem) >= MIN_STEM:
                yield stem + suffix, SHORT
        if len(stem) >= MIN_STEM:
            yield stem, STEM

    def _without_peoples(self, stem: str) -> str:
        rest = stem
        while True:
            people = next((p for p in self._peoples if rest.endswith(p)), "")
            if not people:
                return rest
            if len(rest) - len(people) < MIN_STEM:  # 东乡族自治县: the people is the name
                return rest.removesuffix("族") if len(rest) > MIN_STEM else rest
            rest = rest.removesuffix(people)

    def forms_of(self, place: Place) -> tuple[tuple[str, str], ...]:
        """The readable forms of a place, each with its kind; the full name first."""
        return self._readable[place]

    def readable(self, place: Place, key: str) -> str:
        """The form of a place that has this key, as it is written."""
        return self._texts.get((place.code, key), place.name)

    def alive_with(self, key: str) -> tuple[Place, ...]:
        """The living places that bear this form."""
        return self._alive.get(key, ())

    def alive_as(self, key: str, forms: tuple[str, ...]) -> tuple[Place, ...]:
        """The living places that bear this text as one of the given kinds of form."""
        return _distinct(h.place for h in self._forms.get(key, ()) if h.place.alive and h.form in forms)

    def ancestors(self, code: str) -> tuple[Place, ...]:
        """The living places above a code, the highest first."""
        codes = dict.fromkeys((code[:2] + "0000", code[:4] + "00"))
        found = (self.by_code.get(c) for c in codes if c != code)
        return tuple(place for place in found if place is not None and place.alive)

    def own(self, code: str) -> Place | None:
        """The living place of a code."""
        place = self.by_code.get(code)
        return place if place is not None and place.alive else None

    def match(self, key: str, start: int) -> Match | None:
        """The longest place name that begins at ``start``; a bare stem only where nothing smaller is meant.

        The stem of a county that is a word of functions (公安 of 公安县) is no place name here.
        """
        for end in range(min(len(key), start + self._longest), start + 1, -1):
            text = key[start:end]
            hits = self._forms.get(text)
            if hits is None:
                continue
            if self._guard.match(key, end):
                hits = tuple(hit for hit in hits if hit.form != STEM)
            elif text in self._words.common or self._county_guard.match(key, end):
                hits = tuple(hit for hit in hits if hit.form != STEM or hit.place.rank < 2)
            if hits:
                return Match(start, end, text, hits)
        return None

    def read(self, key: str) -> Chain:
        """The places in front of a name, or behind its lead words."""
        matches = self._read_from(key, 0)
        lead = ""
        if not matches:
            lead = self._words.lead_of(key)
            matches = self._read_from(key, len(lead)) if lead else ()
            lead = lead if matches else ""
        end = matches[-1].end if matches else 0
        return Chain(lead, matches, key[end:])

    def _read_from(self, key: str, start: int) -> tuple[Match, ...]:
        matches: list[Match] = []
        while (found := self.match(key, start)) is not None:
            if matches:
                above = [hit.place for hit in matches[-1].hits]
                hits = tuple(h for h in found.hits if any(place.is_above(h.place.code) for place in above))
                if not hits:
                    break
                found = Match(found.start, found.end, found.text, hits)
                matches[-1] = _narrowed(matches[-1], hits)
            matches.append(found)
            start = found.end
        return tuple(matches)


def _narrowed(match: Match, below: tuple[Hit, ...]) -> Match:
    hits = tuple(h for h in match.hits if any(h.place.is_above(b.place.code) for b in below))
    return Match(match.start, match.end, match.text, hits)


def _distinct(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple({place.code: place for place in places}.values())
