"""Whose applications a reviewer decides: by region (a prefix of the GB/T 2260 code) and by level. Pure.

A county sees its county, a city its city with the counties below, a province its province, the centre everything. A body
that is above the reviewer's level is not his, wherever it has its seat: a ministry in a district is the centre's.
"""

from dataclasses import dataclass

from registry.model.body import CENTRAL, CITY, COUNTY, PROVINCE, TOWN
from registry.model.person import Person, Role

_DIGITS = {Role.REVIEWER_CENTRAL: 0, Role.REVIEWER_PROVINCE: 2, Role.REVIEWER_CITY: 4, Role.REVIEWER_COUNTY: 6}
_LEVELS = {
    Role.REVIEWER_COUNTY: (COUNTY, TOWN),
    Role.REVIEWER_CITY: (CITY, COUNTY, TOWN),
    Role.REVIEWER_PROVINCE: (PROVINCE, CITY, COUNTY, TOWN),
    Role.REVIEWER_CENTRAL: (CENTRAL, PROVINCE, CITY, COUNTY, TOWN),
}
_RANKS = {
    Role.REVIEWER_COUNTY: 1,
    Role.REVIEWER_CITY: 2,
    Role.REVIEWER_PROVINCE: 3,
    Role.REVIEWER_CENTRAL: 4,
}
TOP = _RANKS[Role.REVIEWER_CENTRAL]  # nobody stands above the centre
# Whose business it becomes when a level's own desk is passed over: its superior's.
ABOVE = {TOWN: CITY, COUNTY: CITY, CITY: PROVINCE, PROVINCE: CENTRAL, CENTRAL: CENTRAL}
_CODE_DIGITS = 6


def desks_above(level: str, up: int) -> tuple[str, ...]:
    """The desk in charge of a body of this level and those above it, ``up`` of them; towns have none of their own (registry.model.inbox)."""
    found = [COUNTY if level == TOWN else level]
    while len(found) <= up and found[-1] != CENTRAL:
        found.append(ABOVE[found[-1]])
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """``prefix`` is empty for the whole country."""

    prefix: str
    levels: tuple[str, ...]

    def covers(self, region: str, level: str) -> bool:
        """Whether a body of this region and level belongs to it."""
        return region.startswith(self.prefix) and level in self.levels

    @property
    def low(self) -> str:
        """The first region code."""
        return self.prefix.ljust(_CODE_DIGITS, "0")

    @property
    def high(self) -> str:
        """The last one."""
        return self.prefix.ljust(_CODE_DIGITS, "9")


def jurisdiction_of(person: Person) -> Jurisdiction | None:
    """What a reviewer decides; None for others, and for an account whose region is not six digits: it sees nothing."""
    digits = _DIGITS.get(person.role)
    if digits is None:
        return None
    is_code = len(person.region) == _CODE_DIGITS and person.region.isascii() and person.region.isdigit()
    if digits and not (is_code and person.region[:digits].strip("0")):
        return None
    return Jurisdiction(person.region[:digits] if digits else "", _LEVELS[person.role])


def rank(role: str) -> int:
    """How high a reviewer stands, 1 to 4; 0 for all other roles."""
    return _RANKS.get(Role(role), 0) if role in set(Role) else 0
