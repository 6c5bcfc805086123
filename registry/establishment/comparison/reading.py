"""A row of another department's file as a party, or everything that is wrong with it.

The file is read by the readers of establishment files, with their bounds (``establishment/files``): CSV in UTF-8 or GB18030, XLSX, JSON
lines. A code must pass its check; a date must be a date; a state must be a known word. What is wrong with a row is told by line and field, and the
row rejects nothing but itself.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from registry.establishment.columns import EARLIEST, FORBIDDEN, LATEST, MAX_CODE, MAX_NAME, MAX_TEXT, Layout
from registry.establishment.files import Source, open_source
from registry.establishment.rows import Rejected, Row, problem
from registry.kernel.errors import Problem, Reason, Refusal
from registry.model.comparison import ACTIVE, Department, Party
from registry.policy.codes import check_uscc, organisation_check
from registry.policy.comparison.departments import CODE, ORGANISATION, USCC, Words, state_of, words_of

_LIMITS = {**MAX_TEXT, "name": MAX_NAME}
_PASSED_OVER = "#"  # stands before the number of a column that is not compared; no field begins with it
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_TAX_NUMBER = re.compile(r"[0-9]{6}([0-9A-Z]{8}[0-9X])")
_DAY = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?)?月?)?年?(?:[ T]00:00(?::00)?)?", re.ASCII)
_REGION = re.compile(r"(\d{6})(?:\d{3}|\d{6})?", re.ASCII)  # statistics add three digits of town and three of village


def open_department(path: Path, department: Department) -> Source:
    """The file of a department. Refuses what ``open_source`` refuses, and a header without a name column (``SYNTAX_INVALID``)."""
    words = words_of(department)
    return open_source(path, Layout(lambda cells: _header(cells, words), words.field_of))


def _header(cells: Sequence[str], words: Words) -> tuple[str, ...]:
    fields = [words.field_of(cell) for cell in cells]
    if "name" not in fields:
        shown = problem("header", "|".join(cells), "", "").value
        zh, en = f"表头中没有名称一列：{shown}", f"the header has no column of names: {shown}"
        raise Refusal(Reason.SYNTAX_INVALID, zh, en, where="header", value=shown)
    seen: set[str] = set()
    named = []
    for place, field in enumerate(fields):
        named.append(field if field and field not in seen else f"{_PASSED_OVER}{place}")
        seen.add(field)
    return tuple(named)


def read_party(row: Row | Rejected) -> Party | Rejected:
    """The party of a row; its key is the line."""
    if isinstance(row, Rejected):
        return row
    reading = _Reading(row)
    party = reading.party()
    if reading.problems:
        return Rejected(row.line, problem("code", reading.shown_code(), "", "").value, tuple(reading.problems))
    return party


class _Reading:
    """The cells of one row on their way to a party, and the problems found."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.problems: list[Problem] = []

    def shown_code(self) -> str:
        """What stands in the first column of codes that is not empty."""
        cells = self._row.cells
        return next((cells[field].strip() for field in (USCC, CODE, ORGANISATION) if cells.get(field, "").strip()), "")

    def party(self) -> Party:
        """Complete when there are no problems."""
        uscc, organisation = self._codes()
        return Party(
            str(self._row.line),
            (self._name(),),
            uscc=uscc,
            organisation=organisation,
            region=self._region(),
            address=self._cell("address"),
            legal_representative=self._cell("legal_representative"),
            phone=self._cell("phone"),
            authority=self._cell("authority"),
            status=self._status(),
            established_on=self._day(),
        )

    def _wrong(self, field: str, value: str, zh: str, en: str, reason: Reason = Reason.VALUE_INVALID) -> None:
        self.problems.append(problem(field, value, zh, en, reason))

    def _cell(self, field: str) -> str:
        value = self._row.cells.get(field, "").strip()
        limit = _LIMITS.get(field, MAX_CODE)
        if len(value) > limit:
            zh, en = f"过长（上限 {limit} 个字符）", f"too long (at most {limit} characters)"
            self._wrong(field, value, zh, en, Reason.TOO_LARGE)
            return ""
        if FORBIDDEN.search(value):
            self._wrong(field, value, "含有控制字符或不可见字符", "holds control or invisible characters")
            return ""
        return unicodedata.normalize("NFC", value)

    def _name(self) -> str:
        value = self._cell("name")
        if not any(character.isalnum() for character in value) and not any(p.where == "name" for p in self.problems):
            self._wrong("name", value, "缺少名称", "the name is missing", Reason.PARAMETER_MISSING)
        return value

    def _codes(self) -> tuple[str, str]:
        """The unified code and the organisation code, each empty when it is not told."""
        uscc = organisation = ""
        for field in (USCC, CODE, ORGANISATION):
            value = unicodedata.normalize("NFKC", self._cell(field)).upper().replace("-", "").replace(" ", "")
            if not value or value in {"无", "NULL", "0"}:
                continue
            read = _read_code(value)
            if read is None:
                self._code_is_wrong(field, value)
                continue
            uscc, organisation = uscc or read[0], organisation or read[1]
            if organisation != read[1]:
                zh = "与同一行的另一个代码不符"
                self._wrong(field, value, zh, "does not fit the other code of the row")
        return uscc, organisation

    def _code_is_wrong(self, field: str, value: str) -> None:
        found = check_uscc(value)
        if len(value) == 18 and isinstance(found, Problem):
            self._wrong(field, value, found.text.zh, found.text.en)
        else:
            zh = "不是有效的统一社会信用代码、组织机构代码（9 位）或纳税人识别号（15 位），或校验不符"
            en = "no valid unified code, organisation code (9) or taxpayer number (15), or its check fails"
            self._wrong(field, value, zh, en)

    def _region(self) -> str:
        value = self._cell("region").replace(" ", "")
        found = _REGION.fullmatch(value)
        if value and not found:
            self._wrong("region", value, "不是六位行政区划代码", "no region code of six digits")
        return found[1] if found else ""

    def _status(self) -> str:
        value = self._cell("status")
        state = state_of(value)
        if state is None:
            self._wrong("status", value, "不认识的状态", "an unknown state")
        return state or ACTIVE

    def _day(self) -> str:
        value = self._cell("established_on")
        if not value:
            return ""
        found = _DAY.fullmatch(value)
        parts = [int(part) for part in found.groups() if part] if found else []
        try:
            day = date(*(*parts, 1, 1)[:3]) if parts else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self._wrong("established_on", value, "不是可能的日期", "no possible date")
            return ""
        return day.isoformat()[: (0, 4, 7, 10)[len(parts)]]


def _read_code(value: str) -> tuple[str, str] | None:
    """``(unified code, organisation code)`` of what stands in a column of codes; None when it fails its check."""
    checked = check_uscc(value)
    if isinstance(checked, str):
        return checked, organisation_of(checked)
    tax = _TAX_NUMBER.fullmatch(value)
    body = tax[1] if tax else value
    if _ORGANISATION.fullmatch(body) and organisation_check(body[:8]) == body[8]:
        return "", body
    return None


def organisation_of(uscc: str) -> str:
    """The organisation code inside a unified code (GB 32100, 5.4); an internal code has none."""
    return "" if uscc.startswith("Z") else uscc[8:17]
