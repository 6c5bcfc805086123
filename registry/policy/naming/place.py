"""REGION.* and NATIONAL.PREFIX: whether the place in a label is there, is one's own, and is only one (NAME-POLICY, "Place").

Ambiguity is judged by the gazetteer and the lists of generic names, never by the bodies that a database happens to hold.
"""

from collections.abc import Iterator

from registry.kernel.errors import Text
from registry.model.body import TOWN
from registry.model.decision import REFUSE, REVIEW, Finding
from registry.policy.naming.basis import derived_basis
from registry.policy.naming.case import Case
from registry.policy.naming.places import FULL, SHORT, STEM, Match, Place
from registry.policy.naming.vocabulary import BROAD, OFFICES, STRICT

PREFIXES = ("中国", "中华", "国家", "全国")  # NAME-POLICY names these four
_ASSOCIATION_KINDS = frozenset({"51", "52", "53"})
_COUNTED = frozenset({"full", "short"})  # inside an exact full or short name a bare stem is never ambiguous
MAX_NAMED = 6  # places that a finding lists


def rules(case: Case) -> Iterator[Finding]:
    """Missing, ambiguous, foreign, national: in this order."""
    yield from _missing(case)
    yield from _ambiguous(case)
    yield from _foreign(case)
    yield from _national(case)


# ------------------------------------------------------------------------------------------------ REGION.MISSING
def _missing(case: Case) -> Iterator[Finding]:
    if case.own is not None and case.own.level == TOWN:
        if not _has_county_or_city(case):
            yield _missing_finding(case, "乡镇、街道及其所属单位的名称须冠以所在县（市、区）或市的名称")
        return
    if not case.chain.matches and _is_bare_generic(case):
        yield _missing_finding(case, "该名称各地都有，须冠以本地行政区划名称")


def _is_bare_generic(case: Case) -> bool:
    words, key = case.tables.words, case.key
    if words.begins_national(key):
        return False
    exact = case.exact is not None and case.exact.role in _COUNTED
    central = case.own is not None and case.own.central  # its bare names are seldom shared (教育部, 应急总医院)
    classes = OFFICES if central else STRICT if exact else BROAD
    lead = words.lead_of(key)
    behind = key[len(lead) :]
    names = (key, behind, *words.site_stems(key))
    return any(name and words.is_generic(name, classes) for name in names) and not (
        lead and words.begins_national(behind)
    )


def _has_county_or_city(case: Case) -> bool:
    profile = case.profile
    if profile is None:
        return True
    kin = {place.code: place for place in (*profile.above, *((profile.own_place,) if profile.own_place else ()))}
    places = [place for match in case.chain.matches for place in match.places if place.code in kin]
    if not kin:  # a region that the gazetteer does not know: any county or city will do
        places = [place for match in case.chain.matches for place in match.places]
    return any(place.rank == 2 or place.is_city for place in places)


def _missing_finding(case: Case, why: str) -> Finding:
    proposal = _if_own(case, _with_place(case))
    zh, en = (f"，建议改为“{proposal}”", f"; try {proposal}") if proposal else ("", "")
    text = Text(
        f"{why}{zh}。",
        f"Without its place the name could be that of many bodies; please put the own place in front{en}.",
    )
    return Finding("REGION.MISSING", REFUSE, text, {"proposal": proposal} if proposal else {})


def _with_place(case: Case) -> str:
    profile = case.profile
    if profile is None or profile.own_place is None:
        return ""
    rest = case.tables.words.without_level(case.key)
    text = case.label.simplified
    return _unshared_name(case, profile.own_place) + text[len(text) - len(rest) :]


def _if_own(case: Case, proposal: str) -> str:
    """The proposal if it rests on an own name, so that it would pass; else nothing (the suggestions remain)."""
    profile, tables = case.profile, case.tables
    if profile is None or not proposal:
        return ""
    key = tables.ring.key(proposal)
    if key in profile.exact:
        return proposal
    if key.startswith(tuple(map(tables.ring.key, PREFIXES))) and not profile.body.central:
        return ""
    return proposal if derived_basis(key, tables.gazetteer.read(key), profile, tables) else ""


def _unshared_name(case: Case, place: Place) -> str:
    """The full name of a place, behind its superior's where others share it."""
    gazetteer = case.tables.gazetteer
    if len(gazetteer.alive_with(case.tables.ring.key(place.name))) < 2:
        return place.name
    above = gazetteer.ancestors(place.code)
    return (above[-1].name if above else "") + place.name


# ---------------------------------------------------------------------------------------------- REGION.AMBIGUOUS
def _ambiguous(case: Case) -> Iterator[Finding]:
    for position, match in enumerate(case.chain.matches):
        shared = _shared_by(case, position, match)
        if len(shared) > 1 and not _is_resolved(case, position, shared):
            yield _ambiguous_finding(case, match, shared)
            return
    yield from _ambiguous_inside(case)


def _shared_by(case: Case, position: int, match: Match) -> tuple[Place, ...]:
    """The living places of the country that bear the name as it counts here, whatever stands before it."""
    if any(hit.place.alive and hit.form != STEM for hit in match.hits):
        return case.tables.gazetteer.alive_as(match.text, (FULL, SHORT))
    bases = case.profile.bases if case.profile is not None and case.chain.rest else ()
    exact = any(base.role in _COUNTED and case.key.startswith(base.key) for base in bases)
    last = position == len(case.chain.matches) - 1
    if exact or not last or not _stands_before_generic(case):
        return ()
    return case.tables.gazetteer.alive_with(match.text)


def _stands_before_generic(case: Case) -> bool:
    words, rest = case.tables.words, case.chain.rest
    return not rest or words.is_generic(rest) or any(words.is_generic(name) for name in words.site_stems(rest))


def _is_resolved(case: Case, position: int, shared: tuple[Place, ...]) -> bool:
    """Whether the place before is the immediate superior (上一级) of exactly one of those that share the name."""
    if not position:
        return False
    before = case.chain.matches[position - 1].alive
    return sum(_parent(case, place) in before for place in shared) == 1


def _parent(case: Case, place: Place) -> Place | None:
    above = case.tables.gazetteer.ancestors(place.code)
    return above[-1] if above else None


def _ambiguous_inside(case: Case) -> Iterator[Finding]:
    """The own place by its full name inside the label (国家税务总局…), shared, and without its superior before it."""
    profile = case.profile
    if profile is None or profile.own_place is None:
        return
    ring, gazetteer = case.tables.ring, case.tables.gazetteer
    name = ring.key(profile.own_place.name)
    shared = tuple(p for p in gazetteer.alive_with(name) if ring.key(p.name) == name)
    start = case.key.find(name, 1)
    if len(shared) < 2 or start < 1 or any(match.start <= start < match.end for match in case.chain.matches):
        return
    parent = _parent(case, profile.own_place)
    forms = gazetteer.forms_of(parent) if parent else ()
    if case.key[:start].endswith(tuple(ring.key(text) for text, _ in forms)):
        return
    yield _ambiguous_finding(case, Match(start, start + len(name), name, ()), shared)


def _ambiguous_finding(case: Case, match: Match, shared: tuple[Place, ...]) -> Finding:
    shown = case.label.simplified[match.start : match.end]
    proposal = _if_own(case, _disambiguated(case, match, shared))
    zh, en = (f"，建议改为“{proposal}”", f"; try {proposal}") if proposal else ("", "")
    places = [_described(case, place) for place in shared[:MAX_NAMED]]
    text = Text(
        f"全国有多个“{shown}”（{'、'.join(places)}），须在其前加上一级行政区划名称{zh}。",
        f"More than one place is called {shown}; please put the name of its superior in front{en}.",
    )
    evidence = {"place": shown, "places": places} | ({"proposal": proposal} if proposal else {})
    return Finding("REGION.AMBIGUOUS", REFUSE, text, evidence)


def _described(case: Case, place: Place) -> str:
    return "".join(above.name for above in case.tables.gazetteer.ancestors(place.code)) + place.name


def _disambiguated(case: Case, match: Match, shared: tuple[Place, ...]) -> str:
    profile = case.profile
    own = None if profile is None else profile.own_place
    meant = next((p for p in (*((own,) if own else ()), *(profile.above if profile else ())) if p in shared), None)
    if meant is None:
        return ""
    text = case.label.simplified
    first = case.chain.matches[0].start if case.chain.matches else match.start
    return text[: min(first, match.start)] + _unshared_name(case, meant) + text[match.end :]


# ------------------------------------------------------------------------------------------------ REGION.FOREIGN
def _foreign(case: Case) -> Iterator[Finding]:
    if case.profile is None or case.exempt or case.basis_kind == "former":
        return
    if not case.chain.matches:
        yield from _names_office_of_the_centre(case)
        return
    strange = _strange_place(case)
    if strange is not None:
        text = Text(
            f"名称冠有不属于本单位的地名“{strange.name}”，请改用本单位所在地的地名。",
            f"The name begins with {strange.name}, which is neither the own place nor above it; please use the own.",
        )
        yield Finding("REGION.FOREIGN", REFUSE, text, {"place": strange.name, "code": strange.code})
    elif _names_superiors_office(case):
        above = case.chain.matches[-1].alive[0]
        text = Text(
            f"“{above.name}”后直接冠以本单位职能，成了上级机关的名称，请改用本级地名。",
            f"{above.name} directly before the own function names the superior's office; please use the own place.",
        )
        yield Finding("REGION.FOREIGN", REFUSE, text, {"place": above.name, "code": above.code})


def _names_office_of_the_centre(case: Case) -> Iterator[Finding]:
    """The country is above every place: 最高人民检察院 and 中央编办 are no names for a local office."""
    words = case.tables.words
    behind = words.behind_national(case.key)
    if case.own is None or case.own.central or case.basis_kind == "derived" or not words.is_generic(behind):
        return
    text = Text(
        "这是中央一级机关的名称，请在职能前冠以本级地名。",
        "This names an office of the centre; please put the own place before the function.",
    )
    shown = case.label.simplified[len(case.key) - len(behind) :]
    yield Finding("REGION.FOREIGN", REFUSE, text, {"function": shown})


def _strange_place(case: Case) -> Place | None:
    profile = case.profile
    if profile is None:
        return None
    kin = set(profile.family)
    brands = {match.text for base in profile.bases for match in base.chain.matches}
    for match in case.chain.matches:
        if match.text in brands or any(place in kin for place in match.places) or not _is_meant_as_place(case, match):
            continue
        return (match.alive or match.places)[0]
    return None


def _is_meant_as_place(case: Case, match: Match) -> bool:
    """Whether a match names a place at all.

    With its suffix it always does. A bare stem does unless it is a word of the own name (新华社网 of 新华社) or, at county
    level, an ordinary word (和平, 红旗) that no generic name follows.
    """
    if any(hit.form != STEM for hit in match.hits):
        return True
    profile = case.profile
    own_word = profile is not None and any(match.text in base.chain.rest for base in profile.bases)
    firm = any(place.rank < 2 for place in match.alive) or match.text not in case.tables.words.ordinary
    if match is case.chain.matches[-1] and _stands_before_generic(case):
        return any(place.rank < 2 for place in match.alive) or not own_word
    return firm and match.start == 0 and not own_word


def _names_superiors_office(case: Case) -> bool:
    profile = case.profile
    if profile is None or case.basis_kind in ("derived", "full", "short", "alias") or not case.chain.rest:
        return False
    last = case.chain.matches[-1]
    above = [place for place in last.alive if place in profile.above]
    own = [place for place in last.alive if place == profile.own_place]
    if not above or own or not _stands_before_generic(case):
        return False
    named_so = profile.own_place is not None and any(place in profile.naming for place in above)
    return not named_so


# ---------------------------------------------------------------------------------------------- NATIONAL.PREFIX
def _national(case: Case) -> Iterator[Finding]:
    own, ring = case.own, case.tables.ring
    prefix = next((p for p in PREFIXES if case.key.startswith(ring.key(p))), "")
    if own is None or not prefix or own.central:
        return
    if not case.exempt:
        text = Text(
            f"“{prefix}”字头的名称只用于中央一级的单位，请改用本地地名开头。",
            f"Only bodies of the centre may begin a name with {prefix}; please begin with the own place.",
        )
        yield Finding("NATIONAL.PREFIX", REFUSE, text, {"prefix": prefix})
    elif own.kind in _ASSOCIATION_KINDS and ring.key(own.name).startswith(tuple(map(ring.key, PREFIXES))):
        text = Text(
            f"地方社会组织的名称以“{prefix}”开头，须核对批准文件。",
            f"The name of a local social organisation begins with {prefix}; a reviewer checks its approval.",
        )
        yield Finding("NATIONAL.PREFIX", REVIEW, text, {"prefix": prefix})
