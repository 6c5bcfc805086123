"""The places in which synthetic bodies live: provinces, cities and counties of GB/T 2260 that are alive today.

Source: the gazetteer of the name policy, so that no body lives in a place that the policy does not know. 台湾, 香港
and 澳门 have no bodies in this register.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CENTRAL = "100000"
_GAZETTEER = "gazetteer.csv"
_MUNICIPALITIES = ("11", "12", "31", "50")
_OUTSIDE = ("71", "81", "82")


@dataclass(frozen=True, slots=True)
class Place:
    """One place. ``title`` is its name as it stands in front of its bodies' names (南京市鼓楼区, 睢宁县)."""

    code: str
    name: str
    level: str
    title: str
    chain: str  # all names from the province down, for addresses and courts
    parent: str  # code of the superior, CENTRAL for a province
    municipality: bool


@cache
def living_places() -> tuple[Place, ...]:
    """All places in the order of their codes."""
    names = _living_names()
    shared = Counter(names.values())
    places = (_place(code, names, shared) for code in sorted(names))
    return tuple(place for place in places if not _leftover(place, shared))


@cache
def place_by_code() -> dict[str, Place]:
    """The same places under their codes."""
    return {place.code: place for place in living_places()}


def _living_names() -> dict[str, str]:
    with (files("registry.policy.tables") / _GAZETTEER).open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: row["name"] for row in rows if not row["until"] and row["code"][:2] not in _OUTSIDE}


def _leftover(place: Place, shared: Counter[str]) -> bool:
    """A second row of one place that the table keeps under an older code directly below its province."""
    return (
        place.level == "county" and shared[place.name] > 1 and place.parent.endswith("0000") and not place.municipality
    )


def _place(code: str, names: dict[str, str], shared: Counter[str]) -> Place:
    name, province, city = names[code], code[:2] + "0000", code[:4] + "00"
    municipality = code[:2] in _MUNICIPALITIES
    parent = CENTRAL if code == province else (city if code != city and city in names else province)
    level = "province" if code == province else ("city" if code == city else "county")
    chain = "".join(names[step] for step in dict.fromkeys((province, city, code)) if step in names)
    prefixed = level == "county" and (name.endswith("区") or shared[name] > 1)
    title = names[parent] + name if prefixed and parent in names else name
    return Place(code, name, level, title, chain, parent, municipality)
