"""What may be entered in the lists: one table of the classes, and the check of one word. Pure.

The lists come on top of the words that ship with the product (``registry/policy/tables``). An entry guards every spelling
of its word, because it is kept under its index label. The exact name wins over every entry (NAME-POLICY, "Order and
precedence"); ``unlocked_by`` says who else gets past it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.kernel.errors import Reason, Refusal
from registry.policy.naming.reserved_lists import ReservedLists
from registry.policy.naming.tables import Tables
from registry.store.lists import Word

COUNTRY, ORGANISATION, REGISTRY, CONTENT, PLACE = "country", "organisation", "registry", "content", "place"
EXACT_NAME, GOVERNMENT, REVIEWER = "exact-name", "government", "reviewer"
ANYWHERE, ALONE = "anywhere", "alone"
MAX_WORD = 30  # characters; a label of Chinese has about fifteen at most
MAX_REASON = 500  # characters; a reason is a sentence or two and the number of a document
_ISO_COUNTRY = re.compile(r"[A-Z]{2}")
_COUNTY = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class ListClass:
    """One class: how it is called, what ``detail`` means, who may get past it (the first is meant when nobody is named)."""

    zh: str
    en: str
    detail_zh: str
    detail_en: str
    unlocked_by: tuple[str, ...]
    accepts: Callable[[str, Tables], bool]
    ships: Callable[[str, ReservedLists], bool]


def _is_new_place(detail: str, tables: Tables) -> bool:
    above = tables.gazetteer.own(f"{detail[:2]}0000")
    return bool(_COUNTY.fullmatch(detail)) and above is not None and tables.gazetteer.own(detail) is None


CLASSES: dict[str, ListClass] = {
    COUNTRY: ListClass(
        "国家和地区", "countries", "ISO 3166-1 二位代码", "its ISO 3166-1 code of two letters", (EXACT_NAME,),
        lambda detail, _: bool(_ISO_COUNTRY.fullmatch(detail)),
        lambda key, lists: key in lists.countries,
    ),
    ORGANISATION: ListClass(
        "组织和标志", "organisations and emblems", "anywhere（含有即拒）或 alone（仅单独使用时拒）", "anywhere or alone",
        (EXACT_NAME, REVIEWER),
        lambda detail, _: detail in (ANYWHERE, ALONE),
        lambda key, lists: bool(lists.organisation_of(key)),
    ),
    REGISTRY: ListClass(
        "注册局自用词", "words of the registry", "不填", "nothing", (EXACT_NAME,),
        lambda detail, _: not detail,
        lambda key, lists: key in lists.registry_words,
    ),
    CONTENT: ListClass(
        "禁止内容", "prohibited content", "内容类别，例如 vice", "a class of content, such as vice", (EXACT_NAME, REVIEWER),
        lambda detail, tables: detail in {entry.class_id for entry in tables.reserved.prohibited},
        lambda key, lists: bool(lists.prohibited_in(key)),
    ),
    PLACE: ListClass(
        "行政区划", "places", "新设区划的 GB/T 2260 代码", "the GB/T 2260 code of a new place", (GOVERNMENT,),
        _is_new_place,
        lambda _key, _lists: False,
    ),
}  # fmt: skip


def read_word(list_class: str, word: str, detail: str, unlocked_by: str, reason: str, shipped: Tables) -> Word:
    """The checked word of a proposal; an empty ``unlocked_by`` is that of the class.

    Refuses with VALUE_INVALID (class, word, detail, unlocked_by, reason; the first that is wrong) and ALREADY_EXISTS (the
    word ships with the product).
    """
    known = CLASSES.get(list_class)
    if known is None:
        raise _invalid("class", list_class, f"类别须为 {' '.join(CLASSES)}", f"the class is one of {' '.join(CLASSES)}")
    bare = word.strip()
    key = shipped.ring.key(bare)
    if not key or len(bare) > MAX_WORD or not shipped.idn.repertoire.issuperset(shipped.ring.plain(bare)):
        zh, en = f"词语须为 1 至 {MAX_WORD} 个可注册的字符", f"a word has 1 to {MAX_WORD} registrable characters"
        raise _invalid("word", word[:MAX_WORD], zh, en)
    if not known.accepts(detail, shipped):
        raise _invalid(
            "detail", detail, f"{known.zh}还须给出：{known.detail_zh}", f"{known.en} need: {known.detail_en}"
        )
    if unlocked_by and unlocked_by not in known.unlocked_by:
        choices = " ".join(known.unlocked_by)
        raise _invalid("unlocked_by", unlocked_by, f"解锁方式须为 {choices}", f"unlocked_by is one of {choices}")
    check_reason(reason)
    if known.ships(key, shipped.reserved):
        raise Refusal(
            Reason.ALREADY_EXISTS,
            "内置名单已经覆盖这个词",
            "the lists that ship cover this word",
            where="word",
            value=bare,
        )
    return Word(list_class, bare, key, detail, unlocked_by or known.unlocked_by[0], reason.strip())


def check_reason(reason: str) -> None:
    """Refuse (VALUE_INVALID) an empty or endless reason."""
    if not 0 < len(reason.strip()) <= MAX_REASON:
        zh, en = f"请写明理由（1 至 {MAX_REASON} 个字符）", f"give a reason of 1 to {MAX_REASON} characters"
        raise _invalid("reason", reason[:MAX_REASON], zh, en)


def _invalid(where: str, value: str, zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=value)
