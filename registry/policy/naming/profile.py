"""What is known of the names of one body before any label is looked at: its places, its forms, its stem.

A profile depends on the body and the tables alone, so it is built once and kept. Forms are kept with their places cut
out: (what stands in front, what stands behind) → how one gets there. A label is cut the same way, so all ways of writing
the places are judged by looking, never by listing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from registry.model.body import TOWN, Body
from registry.policy.naming.derivations import Derivation, derive
from registry.policy.naming.keys import Keyring
from registry.policy.naming.places import Chain, Gazetteer, Place
from registry.policy.naming.vocabulary import BROAD, FUNCTION, GAP, Vocabulary

K = TypeVar("K")
V = TypeVar("V")
_NEVER_BARE_KINDS = frozenset({"00", "11", "13", "54", "55"})  # organs and the like are never distinctive without place
_SMALL_PLACES = "镇乡街村社"
_MIN_BRAND = 2
# How long an unexplained word must be to be a brand, by what the name ends in. Two unknown characters before 局 or 中心
# are rather a function that the lists lack; associations (信鸽协会) are never distinctive.
_MIN_BRANDS = {"school": 2, "hospital": 2, "venue": 2, "academy": 2, "press": 2, "fund": 2, "office": 3, "centre": 3}


@dataclass(frozen=True, slots=True)
class Base:
    """One current name of the body: as it is filed, plain, as a key, and as lead + places + rest."""

    role: str
    name: str
    plain: str
    key: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Form:
    """A form derived from ``base``: ``text`` is plain and still carries the places of the base."""

    base: Base
    text: str
    rules: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Stem:
    """``text``: the characters of brand and function words in order; ``rest``: the name without its places.

    ``whole`` is set when nothing is left but place and common words (北京大学): then the whole name is the stem.
    ``brand``: what looks like a place in the name is none of the body's (新华 of 新华通讯社), so it belongs to the stem.
    """

    text: str
    rest: str
    words: frozenset[str]
    whole: bool
    brand: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """``naming`` are the places that the own names stand under; ``above`` the living places above the own one."""

    body: Body
    bases: tuple[Base, ...]
    exact: Mapping[str, Base]
    former: Mapping[str, str]
    cut: Mapping[tuple[str, str], Form]
    whole: Mapping[str, Form]
    bare: Mapping[str, Form]
    forms: tuple[Form, ...]
    own_place: Place | None
    above: tuple[Place, ...]
    naming: tuple[Place, ...]
    stems: tuple["Stem", ...]
    government_of: tuple[Place, ...]

    @property
    def family(self) -> tuple[Place, ...]:
        """The own place and those above it."""
        return (*self.above, *(() if self.own_place is None else (self.own_place,)))

    @property
    def allowed(self) -> tuple[Place, ...]:
        """The own place, those above it, and those that the own names stand under."""
        return (*self.family, *self.naming)

    @property
    def bare_texts(self) -> tuple[str, ...]:
        """The distinctive forms without their place, readable: key and plain text agree in length."""
        return tuple(form.text[-len(key) :] for key, form in self.bare.items())


def build_profile(
    body: Body, ring: Keyring, words: Vocabulary, gazetteer: Gazetteer, rules: Iterable[Derivation]
) -> Profile:
    """The profile of a body; takes any body, even one with nonsense for names."""
    bases = tuple(_base(role, name, ring, gazetteer) for role, name in body.current_names if ring.key(name))
    own_place = None if body.central else gazetteer.own(body.region)
    above = () if body.central else gazetteer.ancestors(body.region)
    listed = tuple(rules)
    forms = tuple(Form(base, text, by) for base in bases for text, by in derive(base.plain, listed).items())
    naming = _naming(bases, own_place, above)
    return Profile(
        body=body,
        bases=bases,
        exact=_first_of((base.key, base) for base in bases),
        former={ring.key(name): name for name in body.former_names if ring.key(name)},
        cut=_first_of((cut_form(form, ring, words), form) for form in forms),
        whole=_first_of((ring.key(form.text), form) for form in forms),
        bare=_bare(body, forms, ring, words),
        forms=forms,
        own_place=own_place,
        above=above,
        naming=naming,
        stems=tuple(_stem(base, words, above, own_place) for base in bases),
        government_of=_government(bases, own_place, ring),
    )


def _base(role: str, name: str, ring: Keyring, gazetteer: Gazetteer) -> Base:
    plain, key = ring.plain(name), ring.key(name)
    return Base(role, name, plain, key, gazetteer.read(key))


def _first_of(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    found: dict[K, V] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found


def cut_form(form: Form, ring: Keyring, words: Vocabulary) -> tuple[str, str]:
    """The key of a form around its places: (in front, behind). A word for "our level" (市 of 市教育局) counts as place."""
    key, places = ring.key(form.text), form.base.chain.text
    if not places:
        return ("", words.without_level(key))
    front, found, behind = key.partition(places)
    return (front, behind) if found else ("", key)


def _bare(body: Body, forms: tuple[Form, ...], ring: Keyring, words: Vocabulary) -> dict[str, Form]:
    """Forms without their place, for bodies whose name is distinctive without it (雅礼中学)."""
    if body.kind in _NEVER_BARE_KINDS or body.level == TOWN:
        return {}
    small = ring.key(_SMALL_PLACES)
    found: dict[str, Form] = {}
    for form in forms:
        front, behind = cut_form(form, ring, words)
        cut = bool(form.base.chain.matches) and not front
        if cut and is_distinctive(behind, words) and not set(small).intersection(behind):
            found.setdefault(behind, form)
    return found


def is_distinctive(key: str, words: Vocabulary) -> bool:
    """Whether a name without place still names one body: at least two characters together that no list explains."""
    need = _MIN_BRANDS.get(words.class_of(key), 0)
    if not need or words.is_generic(key, BROAD):
        return False
    brands = [""]
    for piece in words.lay_out(key):
        brands = [*brands[:-1], brands[-1] + piece.text] if piece.role == GAP else [*brands, ""]
    return any(len(brand) >= need and brand not in words.ordinary for brand in brands)


def _stem(base: Base, words: Vocabulary, above: tuple[Place, ...], own: Place | None) -> Stem:
    last = base.chain.last
    family = {*above, own}
    brand = last is not None and all(p.rank == 2 and p not in family for p in last.alive)  # 新华 of 新华通讯社
    rest = base.key if brand else base.chain.lead + base.chain.rest
    pieces = words.lay_out(rest)
    kept = [piece for piece in pieces if piece.role in (GAP, FUNCTION)]
    functions = {piece.text for piece in kept if piece.role == FUNCTION and len(piece.text) > 1}
    functions.update(word for end, related in words.related.items() if rest.endswith(end) for word in related)
    text = "".join(piece.text for piece in kept)
    if len(text) < _MIN_BRAND:
        functions.update(
            piece.text for piece in pieces if piece.text in words.suffixes["venue"] and len(piece.text) > 2
        )
    whole = len(text) < _MIN_BRAND
    whole_text, whole_rest = (base.key, base.key) if whole else (text, rest)
    return Stem(whole_text, whole_rest, frozenset(functions), whole, brand)


def _naming(bases: tuple[Base, ...], own: Place | None, above: tuple[Place, ...]) -> tuple[Place, ...]:
    family = {place.code for place in above} | ({own.code} if own else set())
    found: dict[str, Place] = {}
    for base in bases:
        last = base.chain.last
        places = last.alive if last else ()
        kin = [place for place in places if place.code in family]
        found.update({place.code: place for place in kin or places})
    return tuple(found.values())


def _government(bases: tuple[Base, ...], own: Place | None, ring: Keyring) -> tuple[Place, ...]:
    """The place whose government the body is: its full name is that place and 人民政府 (行政公署 for 地区 and 盟)."""
    last = bases[0].chain.last if bases else None
    if own is None or last is None or own not in last.alive or bases[0].chain.lead:
        return ()
    end = "行政公署" if own.name.endswith(("地区", "盟")) else "政府" if own.name.endswith("特别行政区") else "人民政府"
    return (own,) if bases[0].chain.rest == ring.key(end) else ()
