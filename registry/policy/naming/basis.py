"""NAME.*: on what the name rests, strongest first (NAME-POLICY, "Basis").

full, short and current alias names; a listed derivation of one of them; a former name or a predecessor's; a common short
name or a website name that shares a stem; otherwise unrelated. A look-alike spelling of an own name is unrelated, however
much of a stem it shares.
"""

from collections.abc import Iterator

from registry.kernel.errors import Text
from registry.model.body import TOWN
from registry.model.decision import INFO, PASS, REFUSE, REVIEW, Finding
from registry.policy.idn.label import Label
from registry.policy.naming.case import Basis, Case
from registry.policy.naming.places import Chain, Match, Place
from registry.policy.naming.profile import Base, Form, Profile, Stem
from registry.policy.naming.request import Facts
from registry.policy.naming.tables import Tables

MIN_SHARED = 2  # NAME-POLICY: at least two characters of the stem in order
_ROLE_KIND = {"full": "full", "short": "short", "alias": "alias"}
_OUTCOMES = {"full": PASS, "short": PASS, "alias": PASS, "derived": PASS, "common": REVIEW, "former": REVIEW}

_SENTENCES = {
    "full": ("与全称“{}”一致。", "It is the full name {}."),
    "short": ("与登记的规范简称“{}”一致。", "It is the registered short name {}."),
    "alias": ("与在册的加挂牌子“{}”一致。", "It is the alias on file {}."),
    "former": (
        "“{}”是曾用名称或前身单位的名称，须由审核人员确认。",
        "{} is a former name or the name of a predecessor; a reviewer has to confirm it.",
    ),
    "common": (
        "是“{}”的其他通用简称或网站名称，须由审核人员确认。",
        "It is another common short name or a website name of {}; a reviewer has to confirm it.",
    ),
    "unrelated": (
        "与“{}”的全称、规范简称、加挂牌子均无关联，请使用本单位名称或由其派生的名称。",
        "It has nothing to do with the names of {}; please use an own name or one that derives from it.",
    ),
}
Steps = tuple[tuple[str, str], ...]


def find_basis(label: Label, chain: Chain, profile: Profile, facts: Facts, tables: Tables) -> Basis:
    """The strongest basis that the label has for the body of ``profile``."""
    key = label.index
    base = profile.exact.get(key)
    if base is not None:
        return Basis(_ROLE_KIND[base.role], base.name)
    derived = derived_basis(key, chain, profile, tables)
    if derived is not None:
        return derived
    former = _former(key, profile, facts, tables)
    if former is not None:
        return former
    alike = _look_alike(key, profile, tables)
    if alike:
        return Basis("unrelated", alike, evidence=(("look_alike", alike),))
    return _common(key, chain, profile, tables) or Basis("unrelated")


def derived_basis(key: str, chain: Chain, profile: Profile, tables: Tables) -> Basis | None:
    """``NAME.DERIVED``: by listed derivations alone, with every step."""
    form = profile.whole.get(key)
    if form is not None and form.rules:
        return Basis("derived", form.base.name, _text_steps(form))
    government = _government_place(chain, profile)
    if government is not None:
        return government
    if not chain.matches:
        form = profile.bare.get(key)
        if form is None:
            return None
        dropped = (
            f"略去地名“{form.base.plain[: len(form.base.chain.text)]}”",
            "the place is dropped from a name that is distinctive without it",
        )
        return Basis("derived", form.base.name, (*_text_steps(form), dropped))
    form = profile.cut.get((key[: chain.matches[0].start], chain.rest))
    steps = None if form is None else _place_steps(form.base, chain, profile, tables)
    if form is None or steps is None:
        return None
    return Basis("derived", form.base.name, (*_text_steps(form), *steps))


def _government_place(chain: Chain, profile: Profile) -> Basis | None:
    """The bare name of a place, for the government of that place."""
    last = chain.last
    if last is None or chain.rest or chain.lead or not profile.government_of:
        return None
    if profile.government_of[0] not in last.alive:
        return None
    step = ("本级人民政府使用本地地名", "the government of the place uses the bare name of its place")
    return Basis("derived", profile.body.name, (step,))


def _text_steps(form: Form) -> Steps:
    return tuple((rule.zh, rule.en) for rule in form.rules)


def _place_steps(base: Base, chain: Chain, profile: Profile, tables: Tables) -> Steps | None:
    """How the places of ``base`` become those of ``chain``; None when no listed derivation leads there."""
    if chain.text == base.chain.text:
        return ()
    target = _targets(base, profile, tables)
    last = chain.matches[-1]
    if not any(place in target for place in last.alive):
        return None
    if base.chain.last is not None and base.chain.last.bare and base.chain.last.text != last.text:
        return None
    kept = {match.text for match in base.chain.matches}
    steps: list[tuple[str, str]] = []
    for match in chain.matches:
        step = () if match.text in kept else _one_place(match, match is last, base, profile, tables)
        if step is None:
            return None
        steps.extend(step)
    if any(not _is_named(match, chain) for match in base.chain.matches):
        steps.append(("略去上级或本级地名", "the name of one of its places is dropped"))
    return tuple(steps)


def _targets(base: Base, profile: Profile, tables: Tables) -> tuple[Place, ...]:
    """The places that may stand directly before the function of the own name."""
    own = () if profile.own_place is None else (profile.own_place,)
    if profile.body.level == TOWN:
        return (*own, *(place for place in profile.above if place.is_city))
    if base.chain.last is not None:
        family = {place.code for place in (*own, *profile.above)}
        places = base.chain.last.alive
        return tuple(place for place in places if place.code in family) or places
    return own if tables.words.is_generic(base.key) else ()


def _is_named(match: Match, chain: Chain) -> bool:
    codes = {place.code for place in match.places}
    return any(place.code in codes for other in chain.matches for place in other.places)


def _one_place(
    match: Match, is_last: bool, base: Base, profile: Profile, tables: Tables
) -> tuple[tuple[str, str], ...] | None:
    allowed = {place.code: place for place in profile.allowed}
    places = [place for place in match.alive if place.code in allowed]
    if not places:
        return None
    place = places[0]
    steps: list[tuple[str, str]] = []
    if not any(place.code in {p.code for p in m.places} for m in base.chain.matches):
        steps.append((f"加挂地名“{place.name}”", f"the name of the place {place.name} is added in front"))
    form = next(hit.form for hit in match.hits if hit.place == place)
    if form != "full":
        if not place.droppable or tables.gazetteer.alive_with(match.text) != (place,):
            return None
        short = tables.gazetteer.readable(place, match.text)
        steps.append((f"“{place.name}”简作“{short}”", f"{place.name} is shortened to {short}"))
    elif not is_last and len(match.alive) > 1:
        return None
    return tuple(steps)


def _former(key: str, profile: Profile, facts: Facts, tables: Tables) -> Basis | None:
    own = profile.former.get(key)
    if own is not None:
        return Basis("former", own, evidence=(("former_name", own),))
    for body in facts.predecessors:
        for name in (body.name, *body.short_names):
            if tables.ring.key(name) == key:
                return Basis("former", name, evidence=(("predecessor", body.uscc), ("predecessor_name", name)))
    return None


def _look_alike(key: str, profile: Profile, tables: Tables) -> str:
    skeleton = tables.skeleton(key)
    if skeleton == key and key.isascii():
        return ""
    for form in profile.forms:
        other = tables.ring.key(form.text)
        if len(other) == len(key) and other != key and tables.skeleton(other) == skeleton:
            return form.text
    return ""


def _common(key: str, chain: Chain, profile: Profile, tables: Tables) -> Basis | None:
    """``NAME.COMMON``: a website form of an own name, two characters of a stem in order, or a word of the function."""
    site = _own_name_of_site(key, profile, tables)
    if site:
        return Basis("common", site, evidence=(("website_of", site),))
    named = _own_function(key, chain, profile)
    if named:
        return Basis("common", named, evidence=(("same_function", named),))
    kin = any(place in profile.allowed for match in chain.matches for place in match.places)
    core = chain.lead + chain.rest if kin else key
    core = tables.words.without_site_ending(core) or core
    whole = tables.words.without_site_ending(key) or key
    for base, stem in zip(profile.bases, profile.stems, strict=True):
        shared = shared_stem(whole if stem.whole or stem.brand else core, stem)
        if shared:
            return Basis("common", base.name, evidence=(("shared_stem", shared),))
    return None


def _own_function(key: str, chain: Chain, profile: Profile) -> str:
    """The own function under the own place in a form that no derivation lists (天心法院 of 天心区人民法院)."""
    if chain.last is None or not any(place in profile.allowed for place in chain.last.alive):
        return ""
    form = profile.cut.get((key[: chain.matches[0].start], chain.rest))
    return form.base.name if form else ""


def _own_name_of_site(key: str, profile: Profile, tables: Tables) -> str:
    for name in tables.words.site_stems(key):
        base = profile.exact.get(name)
        if base is not None:
            return base.name
        derived = derived_basis(name, tables.gazetteer.read(name), profile, tables)
        if derived is not None:
            return derived.name
    return ""


def shared_stem(core: str, stem: Stem) -> str:
    """What of the stem is found in a label without its places, or empty when that is less than the policy asks for."""
    word = max((word for word in stem.words if word in core), key=len, default="")
    if word:
        return word
    if stem.whole:
        begins = len(core) >= MIN_SHARED and (core[0] == stem.text[0] or len(core) > MIN_SHARED)
        fits = begins and is_within(core, stem.rest)
        return core if fits else ""
    if len(core) >= MIN_SHARED and is_within(core, stem.rest) and set(core).intersection(stem.text):
        return core
    shared = common_in_order(core, stem.text)
    return shared if len(shared) >= MIN_SHARED else ""


def is_within(part: str, text: str) -> bool:
    """Whether the characters of ``part`` stand in ``text`` in this order."""
    rest = iter(text)
    return all(c in rest for c in part)


def common_in_order(a: str, b: str) -> str:
    """The longest sequence of characters that both texts have in the same order."""
    best = [""] * (len(b) + 1)
    for c in a:
        previous = ""
        for i, d in enumerate(b, 1):
            above = best[i]
            best[i] = previous + c if c == d else max(above, best[i - 1], key=len)
            previous = above
    return best[-1]


def rules(case: Case) -> Iterator[Finding]:
    """The one finding of this group (two for a look-alike spelling)."""
    basis = case.basis
    if basis is None:
        return
    outcome = _OUTCOMES.get(basis.kind, REFUSE)
    readable = dict(zip(case.key, case.label.simplified, strict=True))  # keys are never shown
    evidence: dict[str, object] = dict(basis.evidence)
    if "shared_stem" in evidence:
        evidence["shared_stem"] = "".join(readable.get(c, c) for c in str(evidence["shared_stem"]))
    if basis.steps:
        evidence["steps"] = [zh for zh, _ in basis.steps]
    if basis.name:
        evidence["own_name"] = basis.name
    yield Finding(f"NAME.{basis.kind.upper()}", outcome, _message(basis, case), evidence)
    if "look_alike" in evidence:
        text = Text(
            f"与本单位名称“{basis.name}”字形相近但不是同一名称，请核对用字。",
            f"This looks like the own name {basis.name} but is not the same name; please check each character.",
        )
        yield Finding("SIMILAR.GLYPH", INFO, text, {"looks_like": basis.name})


def _message(basis: Basis, case: Case) -> Text:
    if basis.kind == "derived":
        zh, en = "；".join(zh for zh, _ in basis.steps), "; ".join(en for _, en in basis.steps)
        return Text(f"由“{basis.name}”按规范推导：{zh}。", f"It derives from {basis.name}: {en}.")
    zh, en = _SENTENCES[basis.kind]
    name = basis.name if basis.kind != "unrelated" else case.own.name if case.own else ""
    return Text(zh.format(name), en.format(name))
