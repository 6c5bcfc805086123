"""What two records of one body say differently, field by field. Pure.

Only what their file says is compared: a field that it leaves empty says nothing. Spelling is no difference where it means nothing: width, spaces,
brackets, script, the place before an address, the area code before a telephone number, a day where the other gives the month.
"""

import re
import unicodedata
from functools import lru_cache

from registry.model.body import CENTRAL_REGIONS
from registry.model.comparison import FIELDS, Party
from registry.policy.comparison.shapes import shipped_shaper
from registry.policy.naming.tables import shipped_tables

LOCAL_DIGITS = 7  # of a telephone number: the shortest without its area code
MIN_ADDRESS = 5  # characters of an address that another one may hold whole
_EXTENSION = re.compile(r"(?:转|-|ext\.?|x)\s*\d{1,5}$")
_BETWEEN = re.compile(r"[\s,，;；、/]+")


def differences(ours: Party, theirs: Party) -> dict[str, tuple[str, str]]:
    """``{field: (ours, theirs)}`` in the order of :data:`FIELDS`."""
    found = {field: (_said(ours, field), _said(theirs, field)) for field in FIELDS}
    return {field: values for field, values in found.items() if values[1] and not _is_same(field, ours, theirs, values)}


def _said(party: Party, field: str) -> str:
    value: str = getattr(party, field)
    return value


def _is_same(field: str, ours: Party, theirs: Party, values: tuple[str, str]) -> bool:
    if values[0] == values[1]:
        return True
    if field == "name":
        return _key(theirs.name) in {_key(name) for name in ours.names}
    if field == "region":
        return lies_within(*values)
    return comparable(field, *values)


def lies_within(one: str, other: str) -> bool:
    """Whether one region is the other or lies in it; two registers give the seat or the level."""
    if not one or not other:
        return False
    if one in CENTRAL_REGIONS:
        return other in CENTRAL_REGIONS
    return one.startswith(stem_of(other)) or other.startswith(stem_of(one))


def stem_of(region: str) -> str:
    """The digits of a region that say something. The centre is no place above all others, so all six of it count."""
    if region in CENTRAL_REGIONS:
        return region
    return region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region


def comparable(field: str, one: str, other: str) -> bool:
    """Whether two values of a field mean the same; symmetric."""
    if one == other:
        return True
    if not one or not other:
        return False
    if field == "phone":
        return bool(_phones(one) & _phones(other))
    if field == "established_on":
        return one.startswith(other) or other.startswith(one)
    if field == "address":
        return _same_address(one, other)
    return field != "uscc" and _key(one) == _key(other)


@lru_cache(maxsize=1 << 14)
def _key(text: str) -> str:
    return "".join(character for character in shipped_tables().ring.key(text) if character.isalnum())


def _phones(text: str) -> frozenset[str]:
    """The last digits of each number in a cell."""
    numbers = (
        "".join(filter(str.isdigit, _EXTENSION.sub("", part) if len(part) > LOCAL_DIGITS + 5 else part))
        for part in _BETWEEN.split(unicodedata.normalize("NFKC", text).lower())
    )
    return frozenset(number[-LOCAL_DIGITS:] for number in numbers if len(number) >= LOCAL_DIGITS)


def _same_address(one: str, other: str) -> bool:
    mine, yours = _address(one), _address(other)
    short, long = sorted((mine, yours), key=len)
    return mine == yours or (len(short) >= MIN_ADDRESS and long.endswith(short))


@lru_cache(maxsize=1 << 14)
def _address(text: str) -> str:
    """Street and number: without the places that stand before."""
    shape = shipped_shaper().shape(text, "")
    key = _key(text)
    chain = shipped_tables().gazetteer.read(key)
    return (chain.rest if chain.matches and not chain.lead else shape.plain) or key
