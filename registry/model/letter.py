"""Decision letters (决定书): what may stand in a template, the built-in ones, and how one is filled in. Pure.

A template is plain text, a blank line between paragraphs. ``{单位}`` and its like are replaced when the letter is given; the letter that was
given is kept as it was, so a template that is edited later changes nothing about it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.errors import Reason, Refusal, Text

MAX_TITLE, MAX_TEXT = 80, 4000  # characters
KINDS: Mapping[str, Text] = {
    "approved": Text("准予注册", "approval"),
    "refused": Text("不予注册", "refusal"),
    "declined": Text("不予受理", "not accepted"),
    "lapsed": Text("逾期关闭", "closed, no answer in time"),
}
# What is filled in: by its Chinese name in the Chinese text, by its English one in the English text.
FIELDS: Mapping[str, str] = {
    "文号": "number", "单位": "body", "统一社会信用代码": "uscc", "名称": "name", "申请编号": "application", "申请日期": "filed", "日期": "date",
    "理由": "reason", "救济": "remedy",
}  # fmt: skip
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """``version`` 0 is built in."""

    kind: str
    version: int
    title: str
    text_zh: str
    text_en: str
    edited_by: str = ""
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """As it was given; ``id`` is its number (文号)."""

    id: str
    application_id: str
    kind: str
    version: int
    at: datetime
    title: str
    text_zh: str
    text_en: str


_ZH = "{单位}（统一社会信用代码 {统一社会信用代码}）：\n\n你单位 {申请日期} 提出的网上名称“{名称}”注册申请（申请编号 {申请编号}）"
_EN = "To {body} ({uscc}):\n\nYour application {application} of {filed} for the name “{name}” "
BUILT_IN: Mapping[str, Template] = {
    "approved": Template(
        "approved", 0, "准予网上名称注册决定书",
        _ZH + "收悉。"
        "经与机构编制名录库核对并审核，该名称符合网上名称管理的规定，现准予注册。\n\n{理由}\n\n请自本决定之日起依规定使用和管理该名称，机构事项发生变动的，应当及时办理变更。",
        _EN + "was compared with the establishment database and reviewed. "
        "The name meets the rules and is registered as from today.\n\n{reason}",
    ),
    "refused": Template(
        "refused", 0, "不予网上名称注册决定书",
        _ZH + "收悉。经审核，决定不予注册。\n\n理由：{理由}\n\n{救济}",
        _EN + "is refused.\n\nReason: {reason}\n\n{remedy}",
    ),
    "declined": Template(
        "declined", 0, "不予受理通知书",
        _ZH + "不属于本机构受理的事项，不予受理。\n\n理由：{理由}\n\n{救济}",
        _EN + "is no case for this registry and is not accepted.\n\n"
        "Reason: {reason}\n\n{remedy}",
    ),
    "lapsed": Template(
        "lapsed", 0, "申请关闭通知书",
        _ZH + "，因{理由}，现予关闭。需要该名称的，可以重新申请。",
        _EN + "is closed: no correction came in time. "
        "You may apply again.",
    ),
}  # fmt: skip
REMEDY = Text(
    "如对本决定有异议，可以自收到之日起六十日内在办理窗口申请一次复核。",
    "Within sixty days you may ask once for another look, in the portal.",
)


def check_template(one: Template) -> None:
    """Refuse with VALUE_INVALID (kind; a field that does not exist), PARAMETER_MISSING and TOO_LARGE (title, texts)."""
    if one.kind not in KINDS:
        raise Refusal(
            Reason.VALUE_INVALID, "没有这种文书", "there is no such letter", where="kind", value=one.kind[:20]
        )
    for where, text, most in (
        ("title", one.title, MAX_TITLE),
        ("text_zh", one.text_zh, MAX_TEXT),
        ("text_en", one.text_en, MAX_TEXT),
    ):
        if not text.strip():
            raise Refusal(
                Reason.PARAMETER_MISSING, "标题和正文均须填写", "title and both texts are needed", where=where
            )
        if len(text) > most:
            raise Refusal(Reason.TOO_LARGE, f"最多 {most} 字", f"at most {most} characters", where=where)
    for where, text, known in (("text_zh", one.text_zh, set(FIELDS)), ("text_en", one.text_en, set(FIELDS.values()))):
        unknown = [name for name in _PLACE.findall(text) if name not in known]
        if unknown:
            zh, en = f"没有“{{{unknown[0]}}}”这一项", f"there is no field {{{unknown[0]}}}"
            raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=unknown[0][:40])


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every field in its place, in one pass: a value that looks like a field stays as it is. Empty paragraphs go."""
    filled = _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
    return "\n\n".join(paragraph for paragraph in (part.strip() for part in filled.split("\n\n")) if paragraph)
