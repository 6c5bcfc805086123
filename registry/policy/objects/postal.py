"""What a postal address of a contact must look like (RFC 5733 section 2.4 and its schema)."""

from collections.abc import Mapping

from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.model.contact import Postal
from registry.policy.objects.countries import COUNTRIES

MAX_LINE = 255  # contact:postalLineType and optPostalLineType
MAX_POSTCODE = 16  # contact:pcType
MAX_STREET_LINES = 3  # contact:addrType
FORMS = ("int", "loc")  # contact:postalInfoEnumType


def check_postal(postal: Mapping[str, Postal]) -> None:
    """Refuse addresses that break the schema or name no country; all that is wrong is told (``VALUE_INVALID`` first).

    ``int`` must be ASCII (RFC 5733 section 2.4: "a subset of UTF-8 that can be represented in the 7-bit ASCII").
    """
    problems = [problem for form, address in postal.items() for problem in _problems(form, address)]
    if problems:
        first = problems[0]
        raise Refusal(
            first.reason, first.text.zh, first.text.en, where=first.where, value=first.value, problems=tuple(problems)
        )


def _problems(form: str, address: Postal) -> list[Problem]:
    if form not in FORMS:
        return [_wrong("postalInfo", form, "地址类型只能是 int 或 loc", "the type of an address is int or loc")]
    found = [
        problem
        for where, value, least, most in _lines(address)
        if (problem := _line_problem(where, value, least, most, must_be_ascii=form == "int"))
    ]
    if len(address.street) > MAX_STREET_LINES:
        zh, en = f"街道最多 {MAX_STREET_LINES} 行", f"a street has at most {MAX_STREET_LINES} lines"
        found.append(_wrong("street", str(len(address.street)), zh, en))
    if address.country not in COUNTRIES:
        zh, en = "国家代码须为 ISO 3166-1 两位大写字母", "the country is an ISO 3166-1 code of two capital letters"
        found.append(_wrong("cc", address.country, zh, en))
    return found


def _lines(address: Postal) -> list[tuple[str, str, int, int]]:
    return [
        ("name", address.name, 1, MAX_LINE),
        ("org", address.org, 0, MAX_LINE),
        *(("street", line, 0, MAX_LINE) for line in address.street),
        ("city", address.city, 1, MAX_LINE),
        ("sp", address.province, 0, MAX_LINE),
        ("pc", address.postcode, 0, MAX_POSTCODE),
    ]


def _line_problem(where: str, value: str, least: int, most: int, *, must_be_ascii: bool) -> Problem | None:
    if len(value.strip()) < least:
        return _wrong(where, value, "此项不能为空", "this must not be empty")
    if len(value) > most:
        return _wrong(where, value, f"此项最多 {most} 个字符", f"this has at most {most} characters")
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in value):
        return _wrong(where, value, "此项不能含控制字符", "this must hold no control character")
    if must_be_ascii and not value.isascii():
        return _wrong(
            where, value, "int 类型的地址只能用 ASCII 字符", "an address of type int has ASCII characters only"
        )
    return None


def _wrong(where: str, value: str, zh: str, en: str) -> Problem:
    return Problem(Reason.VALUE_INVALID, Text(zh, en), where, value)
