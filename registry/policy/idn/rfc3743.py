"""Reader of a pair of language variant tables (RFC 3743, section 3; the form that CNNIC and TWNIC filed, RFC 4713).

Each line is ``code point(references);preferred variants;character variants``; lists are separated by commas, ``#``
begins a comment. Of the pair one table prefers simplified, the other traditional forms; they must list the same code
points and the same classes. A target that is no code point of the tables is an out-of-repertoire variant: nobody can
register it, but it still binds its class together.

The types that such tables do not have are made from the preferences: preferred in both tables ``both``, in one ``simp``
or ``trad``, in none ``blocked``; a character's own type likewise with ``r-``.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.relations import check_characters, check_variants, notation
from registry.policy.idn.table import OUT_OF_REPERTOIRE, PLAIN_KIND, Action, Source, Table, build_table

MAX_TABLE_BYTES = 8 << 20  # ten times the longest table filed with IANA
_CODE_POINT = re.compile(r"(?:U\+)?([0-9A-Fa-f]{4,6})(?:\([0-9, ]*\))?")
_VERSION = re.compile(r"#?\s*Version:?\s+(\S+)(?:\s+(\d{8}))?", re.IGNORECASE)
_DATE = re.compile(r"#?\s*(?:Effective )?Date:?\s+(\S+)", re.IGNORECASE)
_MARKS = {(True, True): "both", (True, False): "simp", (False, True): "trad"}
_ACTIONS = (  # the usual ones of the Chinese generation panel, for tables that carry none
    Action("invalid", any_variant=frozenset({OUT_OF_REPERTOIRE})),
    Action("blocked", any_variant=frozenset({"blocked"})),
    Action("valid", all_variants=frozenset({"r-neither", "r-trad", "r-simp", "r-both"})),
    Action("allocatable", only_variants=frozenset({"simp", "r-simp", "both", "r-both"})),
    Action("allocatable", only_variants=frozenset({"trad", "r-trad", "both", "r-both"})),
    Action("blocked", any_variant=frozenset({"simp", "trad", "both"})),
    Action("valid"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    preferred: tuple[str, ...]
    variants: frozenset[str]

    def members(self, character: str) -> frozenset[str]:
        """The whole class, however the row spreads it over its columns."""
        return self.variants.union(self.preferred, (character,))


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    rows: dict[str, _Row]
    version: str
    date: str


def read_pair(simplified: Path, traditional: Path, licence: str = "") -> Table:
    """The table of a pair: the first prefers simplified, the second traditional forms.

    ``Refusal`` names file and line: ``SYNTAX_INVALID`` for a line that is none, ``VALUE_INVALID`` for tables that
    contradict each other or do not cut the characters into classes, ``OPTION_UNSUPPORTED`` for sequences.
    """
    first, second = _read(simplified), _read(traditional)
    variants = _joined(first, second)
    _add_outsiders(variants)
    plain = frozenset(c for c, kinds in variants.items() if kinds == {c: PLAIN_KIND})
    kept = {c: kinds for c, kinds in variants.items() if c not in plain}
    check_variants(kept, plain, lambda c: _place(first, first.rows[c].line) if c in first.rows else first.name)
    check_characters(first.rows, lambda c: _place(first, first.rows[c].line))
    sha256 = hashlib.sha256(simplified.read_bytes() + traditional.read_bytes()).hexdigest()
    title = f"{first.name} + {second.name}"
    return build_table(Source("zh", first.version, first.date, title, sha256, licence), plain, kept, _ACTIONS)


def _place(file: _File, line: int) -> str:
    return f"{file.name} line {line}"


def _refuse(where: str, reason: Reason, zh: str, en: str, value: str) -> NoReturn:
    raise Refusal(reason, f"{where}：{zh}：{value}", f"{where}: {en}: {value}", where=where, value=value)


def _read(path: Path) -> _File:
    data = path.read_bytes()
    if len(data) > MAX_TABLE_BYTES:
        _refuse(path.name, Reason.TOO_LARGE, "文件过大", "is too large", str(len(data)))
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        _refuse(path.name, Reason.SYNTAX_INVALID, "不是 UTF-8", "is not UTF-8", "")
    version = date = ""
    rows: dict[str, _Row] = {}
    for number, line in enumerate(lines, 1):
        found_version, found_date = _VERSION.match(line), _DATE.match(line)
        if found_version:
            version, date = found_version[1], _iso(found_version[2]) or date
        elif found_date:
            date = _iso(found_date[1])
        elif line.partition("#")[0].strip() and not line.startswith("Reference"):
            _add_row(rows, f"{path.name} line {number}", number, line.partition("#")[0])
    return _File(path.name, rows, version, date)


def _iso(date: str | None) -> str:
    """``20120412`` as ``2012-04-12``; anything else as it is written, since nobody says which number is the month."""
    return re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", date or "")


def _add_row(rows: dict[str, _Row], where: str, number: int, line: str) -> None:
    columns = [column.strip() for column in line.split(";")]
    if len(columns) not in (1, 2, 3):
        _refuse(where, Reason.SYNTAX_INVALID, "不是三栏", "does not have three columns", line.strip()[:60])
    valid, preferred, variants = ([_one(where, item) for item in _items(column)] for column in ([*columns, "", ""])[:3])
    if len(valid) != 1 or valid[0] in rows:
        _refuse(where, Reason.VALUE_INVALID, "码点缺失或重复", "has no code point or one given before", columns[0])
    rows[valid[0]] = _Row(number, tuple(preferred) or (valid[0],), frozenset(variants) - {valid[0]})


def _items(column: str) -> list[str]:
    outside = re.sub(r"\([^)]*\)", "", column)
    return [item.strip() for item in outside.split(",") if item.strip()]


def _one(where: str, item: str) -> str:
    if " " in item:
        _refuse(where, Reason.OPTION_UNSUPPORTED, "不支持字符序列", "sequences are not supported", item)
    found = _CODE_POINT.fullmatch(item)
    if found is None or int(found[1], 16) > 0x10FFFF or 0xD800 <= int(found[1], 16) < 0xE000:
        _refuse(where, Reason.SYNTAX_INVALID, "不是码点", "is not a code point", item)
    return chr(int(found[1], 16))


def _joined(first: _File, second: _File) -> dict[str, dict[str, str]]:
    """Character → target → kind, targets in the order of preference: simplified, traditional, the rest."""
    for one, other in ((first, second), (second, first)):
        for c in one.rows.keys() - other.rows.keys():
            where = _place(one, one.rows[c].line)
            _refuse(where, Reason.VALUE_INVALID, "只在一表中", "stands in one of the two tables only", notation(c))
    for c, row in first.rows.items():
        if row.members(c) != second.rows[c].members(c):
            where = _place(second, second.rows[c].line)
            _refuse(
                where,
                Reason.VALUE_INVALID,
                "两表的异体集合不同",
                "has other variants than in the first table",
                notation(c),
            )
    return {c: _kinds(c, row, second.rows[c]) for c, row in first.rows.items()}


def _kinds(character: str, simplified: _Row, traditional: _Row) -> dict[str, str]:
    rest = sorted(simplified.variants | traditional.variants)
    ordered = dict.fromkeys((*simplified.preferred, *traditional.preferred, *rest, character))
    kinds = {}
    for target in ordered:
        marks = target in simplified.preferred, target in traditional.preferred
        own = target == character
        kinds[target] = f"r-{_MARKS.get(marks, 'neither')}" if own else _MARKS.get(marks, "blocked")
    return kinds


def _add_outsiders(variants: dict[str, dict[str, str]]) -> None:
    """Give each target that is no code point of the tables its mappings back."""
    outsiders: dict[str, set[str]] = {}
    for kinds in variants.values():
        for target in kinds:
            if target not in variants:
                outsiders.setdefault(target, set()).update(kinds)
    for outsider, members in outsiders.items():
        variants[outsider] = dict.fromkeys(sorted(members), "blocked") | {outsider: OUT_OF_REPERTOIRE}
