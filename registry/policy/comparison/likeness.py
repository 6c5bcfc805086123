"""How alike two parties are: the name first, weighed by the place, helped or hurt by what else is known of both. Pure.

``score(a, b) == score(b, a)`` always, and a party is like itself with 1. The numbers below are chosen so that a name that is equal in an equal
place is a match by itself, one slip of the pen is a match only when something else supports it, and an equal name in a neighbouring county
is shown to people, not decided (``tests/comparison/golden.py`` holds the pairs that fixed them).
"""

from registry.model.body import CENTRAL_REGIONS
from registry.model.comparison import Party, Score
from registry.policy.comparison.fields import comparable, lies_within
from registry.policy.comparison.shapes import Shape, shapes_of

MATCH = 0.82  # from here on two parties are the same, when no other comes near
POSSIBLE = 0.70  # from here on people are shown the pair
LEAD = 0.05  # by which the best must lead the second

PAIRS, ORDER = 0.35, 0.65  # weights of common pairs, and of common characters in common order
HELD = 0.82  # of a name whose characters all stand in the other one in order (疾控中心 in 疾病预防控制中心)
HELD_CHARACTERS = 4  # from this length on; two characters stand in many names
OTHER_MARKS, OTHER_KIND, OTHER_PLACE = 0.6, 0.75, 0.7  # factors: siblings, 协会 and 学会, 省 and 市
FORMER = 0.97  # of a name that is borne no more
OTHER_STATUS = 0.97  # of a living body and one that is no more
ABBREVIATED_CORE = 2  # 文化馆 without a place says little: a core up to this length must be equal

SAME_PLACE, ABOVE, UNKNOWN, PREFECTURE, PROVINCE, ELSEWHERE = 1.0, 0.97, 0.9, 0.8, 0.65, 0.4
NAMED_PLACE = 0.98  # both names say the same county, whatever the codes say
WITHOUT_FACTS, ALL_DIFFER, ALL_AGREE = 0.97, 0.94, 1.05
_WEIGHTS = {"legal_representative": 3, "phone": 2, "address": 2, "established_on": 1}


def score(one: Party, other: Party) -> Score:
    """The likeness of two parties and its parts."""
    named = 1.0 if set(one.names) & set(other.names) else 0.0
    for mine, my_factor in _names(one) if not named else ():
        for yours, your_factor in _names(other):
            named = max(named, name_likeness(mine, yours) * min(my_factor, your_factor))
    if named < POSSIBLE / ALL_AGREE:
        return Score(0.0, {"name": round(named, 3)})
    place = place_factor(one, other)
    facts = facts_agreeing(one, other)
    total = named * place * (WITHOUT_FACTS if facts is None else ALL_DIFFER + (ALL_AGREE - ALL_DIFFER) * facts)
    if (one.status == "ended") != (other.status == "ended"):
        total *= OTHER_STATUS
    shown = {"name": round(named, 3), "place": round(place, 3), "facts": -1.0 if facts is None else round(facts, 3)}
    return Score(round(min(1.0, total), 4), shown)


def _names(party: Party) -> list[tuple[Shape, float]]:
    current = [(shape, 1.0) for shape in shapes_of(party.names, party.region)]
    return [*current, *((shape, FORMER) for shape in shapes_of(party.former, party.region))]


def name_likeness(one: Shape, other: Shape) -> float:
    """0 to 1: of two names alone, their places included."""
    alike = 1.0 if one.core == other.core else _core_likeness(one, other)
    if one.plain == other.plain or not alike:
        return alike
    if one.marks != other.marks:
        alike *= OTHER_MARKS
    if one.kind and other.kind and one.kind != other.kind:
        alike *= OTHER_KIND
    if one.places and other.places and not _may_be_one_place(one, other):
        alike *= OTHER_PLACE
    return alike


def _core_likeness(one: Shape, other: Shape) -> float:
    short, long = sorted((one.core, other.core), key=len)
    if len(short) <= ABBREVIATED_CORE:
        return 0.0
    mine, yours = set(one.pairs), set(other.pairs)
    pairs = 2 * len(mine & yours) / (len(mine) + len(yours))
    common = _common_in_order(short, long)
    alike = PAIRS * pairs + ORDER * 2 * common / (len(short) + len(long))
    if common == len(short) >= HELD_CHARACTERS and one.kind == other.kind and short[0] == long[0]:
        alike = max(alike, HELD)
    return alike


def _common_in_order(one: str, other: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for mine in one:
        diagonal = 0
        for place, yours in enumerate(other, 1):
            above = row[place]
            row[place] = diagonal + 1 if mine == yours else max(above, row[place - 1])
            diagonal = above
    return row[-1]


def _may_be_one_place(one: Shape, other: Shape) -> bool:
    """The same place, or a county that became a district: same stem, same prefecture."""
    if one.places & other.places:
        return True
    mine, yours = _counties(one), _counties(other)
    return one.stem == other.stem and bool(mine & yours)


def _counties(shape: Shape) -> set[str]:
    return {code[:4] for code in shape.places if not code.endswith("00")}


def place_factor(one: Party, other: Party) -> float:
    """How well the regions go together; what both names say counts as well."""
    factor = _region_factor(one.region, other.region)
    if factor >= NAMED_PLACE:
        return factor
    for mine in shapes_of(one.names, one.region):
        for yours in shapes_of(other.names, other.region):
            counties = {code for code in mine.places & yours.places if not code.endswith("0000")}
            if len(counties) == 1:
                return NAMED_PLACE
    return factor


def _region_factor(one: str, other: str) -> float:
    if not one or not other:
        return UNKNOWN
    if one == other:
        return SAME_PLACE
    if one in CENTRAL_REGIONS or other in CENTRAL_REGIONS:  # a body of the centre has its seat somewhere
        return SAME_PLACE if one in CENTRAL_REGIONS and other in CENTRAL_REGIONS else UNKNOWN
    if lies_within(one, other):
        return ABOVE
    if one[:4] == other[:4]:
        return PREFECTURE
    return PROVINCE if one[:2] == other[:2] else ELSEWHERE


def facts_agreeing(one: Party, other: Party) -> float | None:
    """Which share of what is known of both agrees, by weight; None when nothing is known of both."""
    known = agreeing = 0
    for field, weight in _WEIGHTS.items():
        mine, yours = getattr(one, field), getattr(other, field)
        if mine and yours:
            known += weight
            agreeing += weight * comparable(field, mine, yours)
    return agreeing / known if known else None
