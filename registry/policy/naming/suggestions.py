"""The five best labels that would pass now: full name, registered short names, derived forms, with region prefix.

Candidates are made from the names of the body; the decision then keeps those that it would pass itself, so a suggestion
is never wrong. The order is the ranking.
"""

from collections.abc import Iterator
from functools import lru_cache

from registry.model.body import Body
from registry.policy.naming.places import STEM, Place
from registry.policy.naming.profile import Base, Form, Profile, cut_form
from registry.policy.naming.tables import Tables

MAX_SUGGESTIONS = 5
MAX_CANDIDATES = 24  # that are looked up and judged for one decision
_FORMS_FIRST, _FORMS_PER_NAME = 2, 6  # derived forms in front of the prefixed full name, and in all; the shortest first
_CACHED = 4096


@lru_cache(maxsize=_CACHED)
def candidates(own: Body, tables: Tables) -> tuple[str, ...]:
    """U-labels to try, the best first, at most :data:`MAX_CANDIDATES`; none of them is known to pass."""
    profile = tables.profile(own)
    found: dict[str, None] = {}
    for text in _ranked(profile, tables):
        if text and len(found) < MAX_CANDIDATES:
            found.setdefault(text)
    return tuple(found)


def _ranked(profile: Profile, tables: Tables) -> Iterator[str]:
    yield from (base.plain for base in profile.bases)
    derived = sorted((form for form in profile.forms if form.rules), key=lambda form: (len(form.text), len(form.rules)))
    yield from (form.text for form in derived[:_FORMS_FIRST])
    for base in profile.bases:
        yield from _with_places(Form(base, base.plain, ()), profile, tables)
    for form in derived[:_FORMS_PER_NAME]:
        yield form.text
        yield from _with_places(form, profile, tables)
    yield from profile.bare_texts
    yield from (place.name for place in profile.government_of)


def _with_places(form: Form, profile: Profile, tables: Tables) -> Iterator[str]:
    """The form under each way of writing its places: unshared, without superiors, shortened, with the province too."""
    front, behind = _cut_text(form, tables)
    place = _own_place(form.base, profile)
    if place is None:
        return
    above = tables.gazetteer.ancestors(place.code)
    shared = len(tables.gazetteer.alive_with(tables.ring.key(place.name))) > 1
    nearest = above[-1].name if above else ""
    if shared:
        yield front + nearest + place.name + behind
    yield front + place.name + behind
    short = next((t for t, kind in tables.gazetteer.forms_of(place)[1:] if _is_only(t, place, tables)), "")
    if short and place.droppable:
        yield front + short + behind
    if nearest:
        yield front + nearest + place.name + behind
    yield front + "".join(p.name for p in above) + place.name + behind


def _own_place(base: Base, profile: Profile) -> Place | None:
    last = base.chain.last
    if last is not None and not (last.bare and all(hit.form == STEM for hit in last.hits)):
        return next((place for place in last.alive if place in profile.allowed), None)
    return profile.own_place if last is None else None


def _is_only(text: str, place: Place, tables: Tables) -> bool:
    return tables.gazetteer.alive_with(tables.ring.key(text)) == (place,)


def _cut_text(form: Form, tables: Tables) -> tuple[str, str]:
    """The readable form around its places; positions of keys and of plain texts agree."""
    front, behind = cut_form(form, tables.ring, tables.words)
    return form.text[: len(front)], form.text[len(form.text) - len(behind) :]
