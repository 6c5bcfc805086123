"""Places and kinds of bodies in words: the tables of the policy, read for showing and not for judging."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TABLES = "registry.policy.tables"


@dataclass(frozen=True, slots=True)
class Place:
    """A division of today with its GB/T 2260 code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of body is called."""

    code: str
    zh: str
    en: str


def places_of(region: str) -> tuple[Place, ...]:
    """Province, city and county that a region code lies in, as far as the gazetteer knows them; none for the centre."""
    names = _names()
    codes = dict.fromkeys((region[:2] + "0000", region[:4] + "00", region))
    return tuple(Place(code, names[code]) for code in codes if code in names)


@cache
def provinces() -> tuple[Place, ...]:
    """The provinces of today in the order of their codes."""
    return tuple(Place(code, name) for code, name in sorted(_names().items()) if code.endswith("0000"))


def below(region: str) -> tuple[Place, ...]:
    """The places one step below a province or a city; none below a county."""
    names = _names()
    if region.endswith("0000"):
        cities = [code for code in names if code[:2] == region[:2] and code.endswith("00") and code != region]
        found = cities or [code for code in names if code[:2] == region[:2] and code != region]
    else:
        found = [code for code in names if code[:4] == region[:4] and code != region and region.endswith("00")]
    return tuple(Place(code, names[code]) for code in sorted(found))


def kind_words(kind: str) -> Kind:
    """The words for a kind (first two characters of a code); a kind that the table does not know is ``其他组织``."""
    kinds = _kinds()
    return kinds.get(kind) or kinds.get(kind[:1]) or Kind(kind, "其他组织", "other organisations")


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds that hold names, in the order of the table."""
    return tuple(kind for kind in _kinds().values() if len(kind.code) == 2)


@cache
def _kinds() -> dict[str, Kind]:
    return {row["kind"]: Kind(row["kind"], row["zh"], row["en"]) for row in _rows("eligibility.csv")}


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows("gazetteer.csv") if not row["until"]}


def _rows(file: str) -> list[dict[str, str]]:
    text = (files(_TABLES) / file).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
