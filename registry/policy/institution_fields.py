"""The fields of an act as they were typed: read, cleaned, checked, all faults told at once. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.model.institution import INSTITUTION_KIND, ActKind
from registry.policy.codes import check_uscc, kind_of
from registry.policy.institutions import BLANKS, ITEMS, Blank

MAX_SUCCESSORS = 30  # bodies into which one is split
MAX_AMOUNT = Decimal("99999999999.99")  # in 10,000 yuan: a hundred times what the state spends in a year
EARLIEST = date(1949, 10, 1)  # no act of this register is older
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# controls, and invisible or direction-turning characters, by which one name can be made to look like another
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")


def read_fields(kind: ActKind, sent: Mapping[str, str], today: date, *, is_whole: bool) -> Mapping[str, str]:
    """What was given, by key, in the form in which it is kept; what was left empty is not there.

    ``is_whole`` asks for everything that must be there, and for what only two fields together can get wrong; without it a draft may
    be half filled in. Refuses with the first problem's Reason, all of them in ``problems``.
    """
    blanks = BLANKS[kind]
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for blank in blanks:
        value = _read(blank, sent.get(blank.key, ""), today)
        if isinstance(value, Problem):
            problems.append(value)
        elif value:
            found[blank.key] = value
        elif blank.is_required and is_whole:
            zh, en = f"请填写“{blank.title.zh}”", f"please fill in: {blank.title.en}"
            problems.append(Problem(Reason.PARAMETER_MISSING, Text(zh, en), blank.key))
    if is_whole and not problems:
        problems += _together(kind, found)
    if problems:
        first = problems[0]
        raise Refusal(
            first.reason, first.text.zh, first.text.en, where=first.where, value=first.value, problems=tuple(problems)
        )
    return found


def _read(blank: Blank, typed: str, today: date) -> str | Problem:
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", typed.replace("\r\n", "\n"))).strip()
    if blank.form != "area":
        text = _SPACES.sub(" ", text)
    if not text:
        return ""
    if len(text) > blank.most:
        zh, en = f"“{blank.title.zh}”最多 {blank.most} 字", f"{blank.title.en}: at most {blank.most} characters"
        return Problem(Reason.TOO_LARGE, Text(zh, en), blank.key)
    reader = _READERS.get(blank.form)
    return reader(blank, text, today) if reader else text


def _read_day(blank: Blank, text: str, today: date) -> str | Problem:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        return _wrong(
            blank, text, "不是可能的日期（应为 2026-03-01 的形式）", "no possible date (expected like 2026-03-01)"
        )
    if day > today:
        return _wrong(blank, text, "在将来", "is in the future")
    return day.isoformat()


def _read_amount(blank: Blank, text: str, _: date) -> str | Problem:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT or amount != round(amount, 2):
        return _wrong(blank, text, "不是金额（万元，最多两位小数）", "no amount (10,000 yuan, at most two decimals)")
    return f"{amount:.2f}"


def _read_count(blank: Blank, text: str, _: date) -> str | Problem:
    is_number = text.isascii() and text.isdigit()
    return str(int(text)) if is_number else _wrong(blank, text, "不是人数", "no number")


def _read_choice(blank: Blank, text: str, _: date) -> str | Problem:
    return (
        text
        if text in blank.choices
        else _wrong(blank, text, "请从所列各项中选择", "please choose one of those listed")
    )


def _read_code(blank: Blank, text: str, _: date) -> str | Problem:
    code = check_uscc(text)
    return replace(code, where=blank.key) if isinstance(code, Problem) else code


def _read_codes(blank: Blank, text: str, today: date) -> str | Problem:
    parts = re.split(r"[\s,，、|]+", text)
    if len(parts) > MAX_SUCCESSORS:
        return _wrong(blank, text[:60], f"最多 {MAX_SUCCESSORS} 个", f"at most {MAX_SUCCESSORS}")
    codes = [_read_code(blank, part, today) for part in parts]
    wrong = next((code for code in codes if isinstance(code, Problem)), None)
    return wrong or "|".join(dict.fromkeys(code for code in codes if isinstance(code, str)))


_READERS = {
    "day": _read_day,
    "amount": _read_amount,
    "count": _read_count,
    "choice": _read_choice,
    "code": _read_code,
    "codes": _read_codes,
}


def _wrong(blank: Blank, value: str, zh: str, en: str) -> Problem:
    said = Text(f"“{blank.title.zh}”{zh}", f"{blank.title.en}: {en}")
    return Problem(Reason.VALUE_INVALID, said, blank.key, value[:60])


# ---------------------------------------------------------------- what only two fields together can get wrong


@dataclass(frozen=True, slots=True)
class Items:
    """The registered items, by key of :data:`registry.policy.institutions.ITEMS`."""

    values: Mapping[str, str]

    def changed(self, fields: Mapping[str, str]) -> Mapping[str, str]:
        """Those of the fields that say something new."""
        return {key: fields[key] for key in ITEMS if key in fields and fields[key] != self.values.get(key, "")}


def _together(kind: ActKind, found: Mapping[str, str]) -> Iterator[Problem]:
    match kind:
        case ActKind.ESTABLISH:
            yield from _established(found)
        case ActKind.CHANGE:
            if not set(ITEMS) & set(found):
                zh, en = "请至少填写一项要变更的登记事项", "please fill in at least one item that changes"
                yield Problem(Reason.PARAMETER_MISSING, Text(zh, en), "name")
        case ActKind.CANCEL:
            yield from _cancelled(found)
        case ActKind.REPORT:
            return


def _established(found: Mapping[str, str]) -> Iterator[Problem]:
    if kind_of(found["uscc"]) != INSTITUTION_KIND:
        zh, en = "代码不属于事业单位（应以 12 开头）", "the code is not one of an institution (it begins with 12)"
        yield Problem(Reason.VALUE_INVALID, Text(zh, en), "uscc", found["uscc"])
    if found["uscc"] == found["sponsor_uscc"]:
        yield Problem(
            Reason.VALUE_INVALID, Text("举办单位不能是该单位自己", "a body does not sponsor itself"), "sponsor_uscc"
        )
    if Decimal(found["capital"]) <= 0:
        yield Problem(Reason.VALUE_INVALID, Text("开办资金须大于零", "the capital is more than nothing"), "capital")


def _cancelled(found: Mapping[str, str]) -> Iterator[Problem]:
    if found["ended_on"] < found["started_on"]:
        zh, en = "清算结束日期早于开始日期", "the liquidation ended before it began"
        yield Problem(Reason.VALUE_INVALID, Text(zh, en), "ended_on", found["ended_on"])
    successors = found.get("successor_uscc", "").split("|") if found.get("successor_uscc") else []
    ground = found["ground"]
    if ground in {"merged", "split"} and not successors:
        zh, en = "合并、分立的须填写承接单位代码", "a merger or a split names who follows"
        yield Problem(Reason.PARAMETER_MISSING, Text(zh, en), "successor_uscc")
    if ground != "split" and len(successors) > 1:
        zh, en = "只有分立可以有多个承接单位", "only a body that is split has more than one successor"
        yield Problem(Reason.VALUE_INVALID, Text(zh, en), "successor_uscc")
