"""The unified social credit code of a body (GB 32100-2015) and the organisation code inside it (GB 11714-1997).

Eighteen characters: department, kind, six digits of region (GB/T 2260), nine of organisation code, one check character.
Both codes check themselves, over different alphabets: 31 symbols for the whole (no I, O, S, V, Z), 36 for the part, so
the alphabet is tested first and then each check. A check character finds slips of the pen; it proves no existence.

Bodies without such a code (kind ``00``, for example the democratic parties) carry an internal one: ``Z``, six digits of
region, eleven digits; ``Z`` is outside the 31 symbols, so the two can never be taken for each other.
"""

import re
import unicodedata

from stdnum.cn import uscc as _uscc

from registry.kernel.errors import Problem, Reason, Text

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1
INTERNAL_KIND = "00"
LENGTH = 18
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997, 4.2
_INTERNAL = re.compile(r"Z[0-9]{17}")
_MAX_READ = 64  # a code has 18 characters; whatever is longer is only shown back in part


def check_uscc(text: str) -> str | Problem:
    """The code as it is stored (upper case, half width, trimmed), or what is wrong with it (``VALUE_INVALID``).

    Takes any text, never raises. Full-width digits and small letters are mapped at every door (NAME-POLICY, "Holder").
    """
    code = unicodedata.normalize("NFKC", text[:_MAX_READ]).strip().upper()
    if _INTERNAL.fullmatch(code):
        return code
    if not code:
        return _problem(text, "没有填写统一社会信用代码", "the unified social credit code is missing")
    if len(code) != LENGTH:
        zh = f"统一社会信用代码应为 {LENGTH} 位，现为 {len(code)} 位"
        return _problem(text, zh, f"a unified social credit code has {LENGTH} characters, this has {len(code)}")
    strange = "".join(dict.fromkeys(c for c in code if c not in ALPHABET))
    if strange:
        zh = f"统一社会信用代码含有不使用的字符“{strange}”（不用 I、O、S、V、Z）"
        return _problem(text, zh, f"the code holds characters that are never used in one: {strange} (no I, O, S, V, Z)")
    if not (code[2:8].isascii() and code[2:8].isdigit()):
        return _problem(text, "第 3 至 8 位应为行政区划代码数字", "characters 3 to 8 are the six digits of a region")
    return _checked(code, text)


def kind_of(code: str) -> str:
    """The kind of a checked code: its first two characters, or ``00``."""
    return INTERNAL_KIND if code.startswith("Z") else code[:2]


def region_of(code: str) -> str:
    """The six digits of region of a checked code."""
    return code[1:7] if code.startswith("Z") else code[2:8]


def organisation_check(body: str) -> str:
    """The check character of eight characters of an organisation code (GB 11714): 0 to 9 or X."""
    rest = 11 - sum(int(c, 36) * weight for c, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def code_check(body: str) -> str:
    """The check character of the first seventeen characters of a code (GB 32100)."""
    return str(_uscc.calc_check_digit(body))


def compose(kind: str, region: str, serial: str) -> str:
    """A valid code from its parts: two characters, six digits, eight characters of organisation code."""
    body = f"{kind}{region}{serial}{organisation_check(serial)}"
    return body + code_check(body)


def _checked(code: str, text: str) -> str | Problem:
    if organisation_check(code[8:16]) != code[16]:
        zh = "统一社会信用代码第 9 至 17 位（组织机构代码）校验不符，请核对"
        return _problem(text, zh, "the organisation code in characters 9 to 17 fails its check; please compare it")
    if code_check(code[:17]) != code[17]:
        zh = "统一社会信用代码末位校验码不符，请核对"
        return _problem(text, zh, "the check character at the end of the code does not fit; please compare the code")
    return code


def _problem(value: str, zh: str, en: str) -> Problem:
    return Problem(Reason.VALUE_INVALID, Text(zh, en), where="uscc", value=value[:_MAX_READ])
