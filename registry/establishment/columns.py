"""The columns of an establishment file (CONTRACT), in their order, and how one row of text becomes a body.

``uscc`` and ``name`` must be there; every other column may be absent or empty. An empty ``kind`` is taken from the
code, an empty ``region`` from its digits 3 to 8, an empty ``level`` from the region, an empty ``status`` is
``normal``. All that is wrong with a row is told at once. ``successor_uscc`` of a body that was split may be a list, its main
successor first.

The *canonical cells* of a row are the twenty texts that :func:`write_cells` gives for its body: what is compared, hashed, copied to
the database, and exchanged. :mod:`registry.establishment.quick` recognises rows that are canonical already without reading them.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from registry.establishment.rows import Rejected, Row, problem
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Problem, Reason, Refusal
from registry.model.body import Body
from registry.policy.codes import check_uscc, kind_of, region_of

SEPARATOR = "|"
COLUMNS = (
    "uscc", "name", "aliases", "short_names", "former_names", "kind", "administrative", "region", "level",
    "sponsor_uscc", "authority", "address", "legal_representative", "phone", "status", "established_on",
    "valid_until", "annual_report_year", "successor_uscc", "changed_at",
)  # fmt: skip
REQUIRED = ("uscc", "name")
SUCCESSOR = COLUMNS.index("successor_uscc")
FORMULA_MARK = "="  # no value of ours begins so; a spreadsheet that opens an export would calculate it

# Lengths in characters: the longest real values that are known, with room to spare; an index row of PostgreSQL holds
# 2,700 bytes.
MAX_NAME = 200
MAX_NAMES = 50
MAX_TEXT = {"authority": 200, "address": 300, "legal_representative": 100, "phone": 100}
MAX_CODE = 40  # of whatever stands where a code should
MAX_SUCCESSORS = 30  # bodies into which one is split
LEVELS = ("central", "province", "city", "county", "town")
STATUSES = ("normal", "renamed", "merged", "split", "abolished", "cancelled", "suspended")
EARLIEST = date(1800, 1, 1)  # older foundations are legends
LATEST = date(2200, 1, 1)  # a certificate beyond it is a typing error

_REGION = re.compile(r"[1-9]\d{5}|000000", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# controls, surrogates, and invisible or direction-turning characters, by which one name can be made to look like
# another
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e0fff]"
)


def header_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns that a header names. Refuses unknown, repeated and missing ones (``SYNTAX_INVALID``)."""
    names = tuple(cell.strip().lower() for cell in cells)
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        shown = problem("header", unknown[0], "", "").value
        raise _header(shown, f"表头中有不认识的列“{shown}”", f"the header names an unknown column “{shown}”")
    if len(set(names)) != len(names):
        raise _header("", "表头中有重复的列", "the header names a column twice")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise _header(missing[0], f"表头中缺少列“{missing[0]}”", f"the header lacks the column “{missing[0]}”")
    return names


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file names its columns: ``header`` gives the columns of a header row or refuses it, ``key`` the column of one key,
    empty for one that is to be passed over, None for one that is an error.
    """

    header: Callable[[Sequence[str]], tuple[str, ...]]
    key: Callable[[str], str | None]


def _known(key: str) -> str | None:
    return key if key in COLUMNS else None


CONTRACT = Layout(header_columns, _known)  # an establishment file


def _header(value: str, zh: str, en: str) -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, zh, en, where="header", value=value)


def read_body(row: Row, now: datetime) -> Body | Rejected:
    """The body of a row, or everything that is wrong with it. ``now`` decides what lies in the future."""
    reading = _Reading(row.cells, now)
    body = reading.body()
    if reading.problems:
        return Rejected(row.line, problem("uscc", row.cells.get("uscc", ""), "", "").value, tuple(reading.problems))
    return body


def canonical_cells(row: Row, now: datetime) -> tuple[str, ...] | Rejected:
    """The canonical cells of a row, all successors included, or everything that is wrong with it."""
    reading = _Reading(row.cells, now)
    cells = write_cells(reading.body())
    if reading.problems:
        return Rejected(row.line, problem("uscc", row.cells.get("uscc", ""), "", "").value, tuple(reading.problems))
    if len(reading.successors) > 1:
        cells[SUCCESSOR] = SEPARATOR.join(reading.successors)
    return tuple(cells)


class _Reading:
    """The cells of one row on their way to a body, and the problems found."""

    def __init__(self, cells: Mapping[str, str], now: datetime) -> None:
        self._cells = cells
        self._now = now
        self.problems: list[Problem] = []
        self.successors: tuple[str, ...] = ()

    def body(self) -> Body:
        """The body, complete when there are no problems."""
        code = self._code("uscc", required=True)
        established, valid_until = self._date("established_on"), self._date("valid_until")
        region = self._region(code)
        body = Body(
            uscc=code,
            name=self._name(),
            aliases=self._names("aliases"),
            short_names=self._names("short_names"),
            former_names=self._names("former_names"),
            kind=self._kind(code),
            administrative=self._choice("administrative", ("0", "1"), "0") == "1",
            region=region,
            level=self._choice("level", LEVELS, _level_of(region)),
            sponsor_uscc=self._code("sponsor_uscc"),
            authority=self._text("authority"),
            address=self._text("address"),
            legal_representative=self._text("legal_representative"),
            phone=self._text("phone"),
            status=self._choice("status", STATUSES, "normal"),
            established_on=established,
            valid_until=valid_until,
            annual_report_year=self._year(),
            successor_uscc=self._successor(),
            changed_at=self._changed_at(),
        )
        self._consistent(body)
        return body

    def _wrong(self, field: str, value: str, zh: str, en: str, reason: Reason = Reason.VALUE_INVALID) -> None:
        self.problems.append(problem(field, value, zh, en, reason))

    def _cell(self, field: str, limit: int) -> str:
        """The cell, trimmed and in NFC; empty when it is too long or holds what no text of a register may hold."""
        value = self._cells.get(field, "").strip()
        if not value:
            return ""
        if len(value) > limit:
            self._wrong(
                field, value, f"过长（上限 {limit} 个字符）", f"too long (at most {limit} characters)", Reason.TOO_LARGE
            )
            return ""
        if value.startswith(FORMULA_MARK):
            self._wrong(field, value, "格内是公式，请改为数值或文字", "the cell holds a formula; give the value itself")
            return ""
        if FORBIDDEN.search(value):
            self._wrong(field, value, "含有控制字符或不可见字符", "holds control or invisible characters")
            return ""
        return value if value.isascii() else unicodedata.normalize("NFC", value)

    def _text(self, field: str) -> str:
        return self._cell(field, MAX_TEXT[field])

    def _code(self, field: str, *, required: bool = False) -> str:
        """A checked code; empty when it is absent or wrong."""
        before = len(self.problems)
        value = self._cell(field, MAX_CODE)
        if not value and not (required and len(self.problems) == before):
            return ""
        code = _checked_code(value)
        if isinstance(code, Problem):
            self.problems.append(replace(code, where=field))
            return ""
        return code

    def _successor(self) -> str:
        """The main successor; all of them are kept in ``successors``."""
        field = "successor_uscc"
        parts = [part.strip() for part in self._cell(field, MAX_CODE * MAX_SUCCESSORS).split(SEPARATOR)]
        codes = [_checked_code(part) for part in dict.fromkeys(parts) if part]
        wrong = [replace(code, where=field) for code in codes if isinstance(code, Problem)]
        self.problems += wrong
        self.successors = tuple(dict.fromkeys(code for code in codes if isinstance(code, str)))
        if len(codes) > 1 and not wrong and self._cells.get("status", "").strip().lower() != "split":
            zh, en = "只有拆分的机构可以有多个承接机构", "only a body that was split has more than one successor"
            self._wrong(field, self._cells[field], zh, en)
        return self.successors[0] if self.successors and not wrong else ""

    def _name(self) -> str:
        value = self._cell("name", MAX_NAME)
        if not value and not any(found.where == "name" for found in self.problems):
            self._wrong("name", "", "缺少名称", "the name is missing", Reason.PARAMETER_MISSING)
        elif value and not any(character.isalnum() for character in value):
            self._wrong("name", value, "名称中没有文字", "the name holds no letter")
        return value

    def _names(self, field: str) -> tuple[str, ...]:
        """A list, sorted, each name once: lists of names are sets."""
        cell = self._cell(field, MAX_NAME * MAX_NAMES)
        names = sorted({name.strip() for name in cell.split(SEPARATOR)} - {""}) if cell else []
        if len(names) > MAX_NAMES:
            self._wrong(
                field, "", f"名称过多（上限 {MAX_NAMES} 个）", f"too many names (at most {MAX_NAMES})", Reason.TOO_LARGE
            )
        for name in names:
            if len(name) > MAX_NAME:
                self._wrong(
                    field,
                    name,
                    f"过长（上限 {MAX_NAME} 个字符）",
                    f"too long (at most {MAX_NAME} characters)",
                    Reason.TOO_LARGE,
                )
        return tuple(names)

    def _choice(self, field: str, choices: tuple[str, ...], default: str) -> str:
        value = self._cell(field, MAX_CODE).lower()
        if value and value not in choices:
            listed = " ".join(choices)
            self._wrong(field, value, f"不认识的取值，应为：{listed}", f"unknown value, expected one of: {listed}")
        return value or default

    def _kind(self, code: str) -> str:
        value = self._cell("kind", MAX_CODE).upper()
        expected = kind_of(code) if code else value
        if value != expected and value:
            self._wrong("kind", value, f"与代码不符，应为 {expected}", f"does not fit the code, expected {expected}")
        return expected

    def _region(self, code: str) -> str:
        value = self._cell("region", MAX_CODE) or (region_of(code) if code else "")
        if value and not _REGION.fullmatch(value):
            self._wrong("region", value, "不是六位行政区划代码", "no region code of six digits")
        return value

    def _date(self, field: str) -> date | None:
        value = self._cell(field, MAX_CODE)
        if not value:
            return None
        try:
            day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self._wrong(
                field, value, "不是可能的日期（应为 2024-03-01 的形式）", "no possible date (expected like 2024-03-01)"
            )
            return None
        return day

    def _year(self) -> int | None:
        value = self._cell("annual_report_year", MAX_CODE)
        if not value:
            return None
        year = int(value) if re.fullmatch(r"\d{4}", value, re.ASCII) else 0
        if not EARLIEST.year <= year <= self._now.year:
            self._wrong("annual_report_year", value, "不是可能的年度", "no possible year")
            return None
        return year

    def _changed_at(self) -> datetime | None:
        value = self._cell("changed_at", MAX_CODE)
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(value)
            instant = instant if instant.tzinfo else instant.replace(tzinfo=BEIJING)
            possible = EARLIEST.year <= instant.year <= LATEST.year and instant <= self._now + timedelta(days=1)
        except (ValueError, OverflowError):
            possible = False
        if not possible:
            self._wrong("changed_at", value, "不是可能的时间，或在将来", "no possible instant, or in the future")
            return None
        return instant.astimezone(UTC)

    def _consistent(self, body: Body) -> None:
        """What only two columns together can get wrong."""
        today = self._now.astimezone(BEIJING).date()
        if body.established_on and body.established_on > today:
            self._wrong("established_on", str(body.established_on), "成立日期在将来", "established in the future")
        if body.established_on and body.valid_until and body.valid_until < body.established_on:
            self._wrong("valid_until", str(body.valid_until), "早于成立日期", "earlier than the establishment")
        for field, others in (("sponsor_uscc", (body.sponsor_uscc,)), ("successor_uscc", self.successors)):
            if body.uscc and body.uscc in others:
                self._wrong(field, body.uscc, "不能是该机构自己", "must not be the body itself")


@lru_cache(maxsize=4096)  # the sponsors of neighbouring rows are the same few
def _checked_code(value: str) -> str | Problem:
    return check_uscc(value)


def _level_of(region: str) -> str:
    """The level that a region code speaks of (GB/T 2260)."""
    if region in ("000000", "100000"):
        return "central"
    return "province" if region.endswith("0000") else ("city" if region.endswith("00") else "county")


def write_cells(body: Body) -> list[str]:
    """The body as the cells of a row, in the order of :data:`COLUMNS`; :func:`read_body` gives the same body back."""
    return [_cell_text(getattr(body, column)) for column in COLUMNS]


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return "" if value is None else str(value)
