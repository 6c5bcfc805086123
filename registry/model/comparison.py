"""What is compared when another department's register is laid beside ours: two parties, and what was found of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry.kernel.errors import Text


class Department(StrEnum):
    """Whose register it is."""

    CIVIL = "civil"
    MARKET = "market"
    TAX = "tax"
    STATISTICS = "statistics"
    QUALITY = "quality"


DEPARTMENT_WORDS: Mapping[Department, Text] = {
    Department.CIVIL: Text("民政", "civil affairs"),
    Department.MARKET: Text("市场监管（工商）", "market regulation"),
    Department.TAX: Text("税务", "taxation"),
    Department.STATISTICS: Text("统计", "statistics"),
    Department.QUALITY: Text("质检（组织机构代码）", "quality (organisation codes)"),
}


class Kind(StrEnum):
    """What a finding says. ``HERE`` stands in our register only, ``THERE`` in theirs only."""

    SAME = "same"
    DIFFERENT = "different"
    HERE = "here"
    THERE = "there"
    AMBIGUOUS = "ambiguous"


class Verdict(StrEnum):
    """What a reviewer says of a difference; ``LINKED`` and ``SEPARATE`` answer which of several bodies is meant."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    POSTPONED = "postponed"
    LINKED = "linked"
    SEPARATE = "separate"


ACTIVE, SUSPENDED, ENDED = "active", "suspended", "ended"

# The fields that are compared, in the order in which people read them.
FIELDS = (
    "name",
    "uscc",
    "status",
    "region",
    "address",
    "legal_representative",
    "phone",
    "authority",
    "established_on",
)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a pair: a row of their file, or a body of ours. What is not known is empty.

    ``key`` tells it from all others of its side (a line, a code). ``names`` are those it bears, the full name first; ``former`` those
    it bore. ``organisation`` is the organisation code (GB 11714); ``region`` six digits (GB/T 2260); ``status`` active, suspended or
    ended; ``established_on`` ISO 8601, to the day, the month or the year.
    """

    key: str
    names: tuple[str, ...]
    former: tuple[str, ...] = ()
    uscc: str = ""
    organisation: str = ""
    region: str = ""
    address: str = ""
    legal_representative: str = ""
    phone: str = ""
    authority: str = ""
    status: str = ACTIVE
    established_on: str = ""

    @property
    def name(self) -> str:
        """The full name."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Score:
    """How alike two parties are: ``total`` 0 to 1, and its parts by name (name, place, facts; facts is -1 when there are none to compare)."""

    total: float
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that may be meant by a row."""

    key: str
    score: Score
