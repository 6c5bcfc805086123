"""RESERVED.* and CONTENT.*: names that nobody gets unless they are exactly his own (NAME-POLICY, "Place")."""

from collections.abc import Iterator

from registry.kernel.errors import Text
from registry.model.decision import INFO, REFUSE, Finding
from registry.policy.naming.case import Case
from registry.policy.naming.places import STEM, Place


def rules(case: Case) -> Iterator[Finding]:
    """The exact name wins over every rule of this group."""
    if case.exempt:
        return
    if case.basis_kind != "former":
        yield from _place(case)
    yield from _country(case)
    yield from _organisation(case)
    yield from _registry(case)
    yield from _content(case)


def _place(case: Case) -> Iterator[Finding]:
    """A bare place name is for the people's government of that place (行政公署 for 地区 and 盟)."""
    chain, last = case.chain, case.chain.last
    if last is None or chain.rest or chain.lead:
        return
    stem_only = all(hit.form == STEM for hit in last.hits)
    if stem_only and len(last.alive) > 1:
        return  # REGION.AMBIGUOUS says so
    government = case.profile.government_of if case.profile else ()
    if any(place in last.alive for place in government):
        text = Text("本级人民政府可以使用本地地名。", "The people's government of the place may use its bare name.")
        yield Finding("RESERVED.PLACE", INFO, text, {"place": government[0].name})
        return
    yield _reserved_place((last.alive or last.places)[0])


def _reserved_place(place: Place) -> Finding:
    if place.alive:
        zh = f"“{place.name}”是行政区划名称，只保留给当地人民政府，请加上本单位的职能名称。"
        en = f"{place.name} is the name of a place and kept for its people's government; please add the own function."
    else:
        zh = f"“{place.name}”是已撤销的行政区划名称，继续保留，不予开放。"
        en = f"{place.name} is the name of an abolished place; it stays reserved."
    return Finding("RESERVED.PLACE", REFUSE, Text(zh, en), {"place": place.name, "code": place.code})


def _country(case: Case) -> Iterator[Finding]:
    code = case.tables.reserved.country_of(case.key)
    own_place = case.basis_kind == "derived" and not case.chain.rest  # 香港 for its own government
    if code and not own_place:
        text = Text(
            f"这是国家或地区名称（ISO 3166-1：{code}），不予开放。",
            f"This is the name of a country or territory (ISO 3166-1: {code}) and not open to registration.",
        )
        yield Finding("RESERVED.COUNTRY", REFUSE, text, {"country": code})


def _organisation(case: Case) -> Iterator[Finding]:
    word = case.tables.reserved.organisation_of(case.key)
    if word:
        text = Text(
            f"名称含有受保护的国际组织名称或标志“{word}”，只能用于名称中本有该字样的单位的全称、规范简称或加挂牌子。",
            f"The name holds {word}, a protected name or emblem; it is only for bodies that bear it in an exact name.",
        )
        yield Finding("RESERVED.ORGANISATION", REFUSE, text, {"word": word})


def _registry(case: Case) -> Iterator[Finding]:
    if case.tables.reserved.is_registry_name(case.key, case.tables.words.known):
        text = Text(
            "该名称是注册局自用词语，不予开放。", "This is a word of the registry itself and not open to registration."
        )
        yield Finding("RESERVED.REGISTRY", REFUSE, text, {})


def _content(case: Case) -> Iterator[Finding]:
    for entry in case.tables.reserved.prohibited_in(case.key)[:1]:
        text = Text(
            f"名称含有禁止使用的内容（{entry.text.zh}），请更换名称。",
            f"The name holds prohibited content ({entry.text.en}); please choose another name.",
        )
        yield Finding("CONTENT.PROHIBITED", REFUSE, text, {"class": entry.class_id, "word": entry.word})
