"""Who sees which findings: reviewers those of their region and level, the operator and the auditor all."""

from registry.flows.act import Act
from registry.flows.review.reach import bounds_of
from registry.kernel.errors import Reason, Refusal
from registry.model.body import CENTRAL, CITY, COUNTY, PROVINCE, TOWN
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import comparisons
from registry.store.comparisons import Bounds, Comparison, Finding

SEE_ALL = frozenset({Role.OPERATOR, Role.AUDITOR})
COUNTRY = Bounds("000000", "999999", (CENTRAL, PROVINCE, CITY, COUNTY, TOWN))
MAX_NUMBER = 2**63 - 1  # of a row; a longer one is nobody's


def sight_of(person: Person) -> Bounds:
    """What a person sees of a comparison. Refuses (NOT_PERMITTED) everybody else."""
    if person.role in SEE_ALL:
        return COUNTRY
    require_reviewer(person)
    own = bounds_of(person)
    return Bounds(own.low, own.high, own.levels) if own else COUNTRY


def area_of(person: Person) -> str:
    """The beginning of the regions that a person may lay beside another register; empty is the country.

    Refuses (NOT_PERMITTED) whoever is neither a reviewer nor the operator.
    """
    if person.role is Role.OPERATOR:
        return ""
    require_reviewer(person)
    bounds_of(person)
    own = jurisdiction_of(person)
    return own.prefix if own else ""


def require_reviewer(person: Person) -> None:
    """Refuse (NOT_PERMITTED) everybody but reviewers."""
    if person.role not in REVIEWERS:
        zh, en = "只有审核员可以核定比对结果", "only reviewers settle what a comparison found"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="role", value=person.role.value)


async def find_comparison(act: Act, text: str) -> Comparison:
    """The comparison of this number. Refuses with NOT_FOUND."""
    number = number_of(text)
    found = await comparisons.find(act.conn, number) if number else None
    if found is None:
        raise Refusal(Reason.NOT_FOUND, "没有这次比对", "there is no such comparison", where="comparison")
    return found


async def find_finding(act: Act, person: Person, comparison: str, finding: str, *, lock: bool = False) -> Finding:
    """A finding that the person sees. Refuses with NOT_FOUND, as if what lies beyond were not there."""
    sight = sight_of(person)
    numbers = number_of(comparison), number_of(finding)
    found = await comparisons.find_finding(act.conn, *numbers, lock=lock) if all(numbers) else None
    if found is None or not (sight.low <= found.region <= sight.high and found.level in sight.levels):
        raise Refusal(Reason.NOT_FOUND, "没有这项比对结果", "there is no such finding", where="finding")
    return found


def number_of(text: str) -> int:
    """The number of a row as an address names it; 0 when it is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= MAX_NUMBER else 0
