"""Reader of Label Generation Rules in XML (RFC 7940), for exactly what a Chinese table needs.

It understands single code points, ranges, variants with the types of the Chinese generation panel, their muted aspects
(``r-both-mt``: the traditional side, ``r-both-ms``: the simplified side, named in comments of the reference table), two
whole-label rules (no combining mark in front; where hyphens must not stand), and actions over variant types. All else
(sequences, conditional variants, other rules, other actions, DTDs and entities) is refused when the file is loaded,
with the line, because a rule that is silently skipped registers names that the filed table forbids.

The two rules are recognised by their shape, not by their names; the label check carries them out natively.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.relations import check_characters, check_variants, notation
from registry.policy.idn.table import (
    KNOWN_TYPE,
    MUTED_SIMPLIFIED,
    MUTED_TRADITIONAL,
    OUT_OF_REPERTOIRE,
    PLAIN_KIND,
    Action,
    Source,
    Table,
    build_table,
)

NAMESPACE = "urn:ietf:params:xml:ns:lgr-1.0"  # RFC 7940, section 4.1
MAX_SOURCE_BYTES = 32 << 20  # ten times the reference table
MAX_DEPTH = 12  # the deepest element of the two known rules stands at 7
_DISPOSITIONS = frozenset({"invalid", "blocked", "allocatable", "activated", "valid"})  # RFC 7940, section 7.3

LEADING_MARK = "leading mark"
HYPHEN = "hyphen"
_SHAPES = {
    "(rule (start) (union (class property=gc:Mn) (class property=gc:Mc)))": LEADING_MARK,
    "(rule (start) (union (class property=gc:Mc) (class property=gc:Mn)))": LEADING_MARK,
    "(rule (choice (rule (look-behind (start)) (anchor)) (rule (anchor) (look-ahead (end)))"
    " (rule (look-behind (start) (any) (any) (char cp=002D)) (anchor))))": HYPHEN,
}
_CHILDREN = {  # which element may stand where; what is below a rule is judged by its shape
    "": {"lgr"},
    "lgr": {"meta", "data", "rules"},
    "meta": {
        *("version", "date", "language", "scope", "validity-start", "validity-end"),
        *("unicode-version", "description", "references"),
    },
    "references": {"reference"},
    "data": {"char", "range"},
    "char": {"var"},
    "rules": {"rule", "action"},
}
_ATTRIBUTES = {
    "char": {"cp", "not-when", "tag", "ref", "comment"},
    "range": {"first-cp", "last-cp", "tag", "ref", "comment"},
    "var": {"cp", "type", "ref", "comment"},
    "action": {"disp", "match", "any-variant", "all-variants", "only-variants", "ref", "comment"},
    "rule": {"name", "ref", "comment"},
}
_CODE_POINT = re.compile(r"[0-9A-F]{4,6}")
_MUTED = re.compile(r"(\S+)-m([st])")


@dataclass(slots=True)
class _Node:
    """An element below a rule, kept until its shape is known."""

    name: str
    attributes: dict[str, str]
    children: list["_Node"] = field(default_factory=list)

    def shape(self) -> str:
        kept = {k: v for k, v in sorted(self.attributes.items()) if k not in ("comment", "ref", "name")}
        inner = [f"{k}={v}" for k, v in kept.items()] + [child.shape() for child in self.children]
        return f"({' '.join([self.name, *inner])})"


@dataclass(slots=True)
class _Document:
    """What has been read so far; ``lines`` remembers where each character was declared."""

    meta: dict[str, str] = field(default_factory=dict)
    variants: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    conditions: list[tuple[int, str, str]] = field(default_factory=list)  # line, character, name of the rule
    actions: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_lgr(path: Path, licence: str = "") -> Table:
    """The table of an LGR file. ``Refusal`` (``SYNTAX_INVALID``: no such XML; ``OPTION_UNSUPPORTED``: a construct that
    this reader does not carry out; ``VALUE_INVALID``: contents that contradict themselves) names file line and value.
    """
    data = path.read_bytes()
    if len(data) > MAX_SOURCE_BYTES:
        raise Refusal(
            Reason.TOO_LARGE,
            f"表文件超过 {MAX_SOURCE_BYTES} 字节",
            f"the table file has more than {MAX_SOURCE_BYTES} octets",
            where=path.name,
        )
    document = _Document()
    _Parser(document).parse(data)
    return _table(document, hashlib.sha256(data).hexdigest(), path.name, licence)


class _Parser:
    """Expat handlers: check that an element may stand where it stands, then keep what it says."""

    def __init__(self, document: _Document) -> None:
        self._document = document
        self._path: list[str] = []
        self._rule: list[_Node] = []
        self._text: list[str] = []
        self._character = ""
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text.append
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "char": self._char,
            "range": self._range,
            "var": self._var,
            "action": self._action,
        }

    @property
    def _line(self) -> int:
        return self._expat.CurrentLineNumber

    def parse(self, data: bytes) -> None:
        try:
            self._expat.Parse(data, True)
        except expat.ExpatError as error:
            _refuse(
                error.lineno, Reason.SYNTAX_INVALID, "不是格式良好的 XML", "is not well-formed XML", str(error.code)
            )

    def _doctype(self, name: str, *_: object) -> None:
        _refuse(self._line, Reason.OPTION_UNSUPPORTED, "不接受 DTD 与实体", "DTDs and entities are not taken", name)

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(" ")
        self._text.clear()
        if namespace != NAMESPACE or len(self._path) >= MAX_DEPTH:
            self._unknown("元素", "element", qualified)
        if self._rule:
            node = _Node(name, attributes)
            self._rule[-1].children.append(node)
            self._rule.append(node)
        else:
            self._start_known(name, attributes)
        self._path.append(name)

    def _start_known(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._path[-1] if self._path else ""
        if name not in _CHILDREN.get(parent, ()):
            self._unknown("元素", "element", name)
        for attribute in attributes.keys() - _ATTRIBUTES.get(name, attributes.keys()):
            self._unknown("属性", "attribute", f"{name}/{attribute}")
        if name == "rule":
            self._rule.append(_Node(name, attributes))
        elif name == "version" and attributes.get("comment"):
            self._document.meta["title"] = attributes["comment"]
        elif name in self._starts:
            self._starts[name](attributes)

    def _end(self, _: str) -> None:
        name = self._path.pop()
        if self._rule:
            node = self._rule.pop()
            if not self._rule:
                self._finish_rule(node)
        elif self._path[-1:] == ["meta"] and name in ("version", "date", "language"):
            self._document.meta.setdefault(name, "".join(self._text).strip())

    def _unknown(self, zh: str, en: str, value: str) -> NoReturn:
        _refuse(self._line, Reason.OPTION_UNSUPPORTED, f"不认识的{zh}", f"unknown {en}", value)

    def _one(self, attributes: dict[str, str], name: str) -> str:
        text = attributes.get(name, "")
        if " " in text:
            _refuse(self._line, Reason.OPTION_UNSUPPORTED, "不支持字符序列", "sequences are not supported", text)
        if not _CODE_POINT.fullmatch(text) or int(text, 16) > 0x10FFFF or 0xD800 <= int(text, 16) < 0xE000:
            _refuse(self._line, Reason.SYNTAX_INVALID, "不是码点", "is not a code point", text)
        return chr(int(text, 16))

    def _declare(self, character: str) -> None:
        if character in self._document.lines:
            _refuse(self._line, Reason.VALUE_INVALID, "重复声明", "is declared twice", notation(character))
        self._document.lines[character] = self._line
        self._document.variants[character] = {}

    def _char(self, attributes: dict[str, str]) -> None:
        self._character = self._one(attributes, "cp")
        self._declare(self._character)
        if "not-when" in attributes:
            self._document.conditions.append((self._line, self._character, attributes["not-when"]))

    def _range(self, attributes: dict[str, str]) -> None:
        first, last = self._one(attributes, "first-cp"), self._one(attributes, "last-cp")
        if first > last:
            _refuse(self._line, Reason.VALUE_INVALID, "范围颠倒", "is a range that ends before it begins", first)
        for number in range(ord(first), ord(last) + 1):
            self._declare(chr(number))

    def _var(self, attributes: dict[str, str]) -> None:
        target, kind = self._one(attributes, "cp"), attributes.get("type", "")
        if not KNOWN_TYPE.fullmatch(kind):
            self._unknown("异体类型", "variant type", kind)
        kinds = self._document.variants[self._character]
        if target in kinds:
            _refuse(self._line, Reason.VALUE_INVALID, "重复的异体", "is a variant given twice", notation(target))
        kinds[target] = kind + self._muted(attributes.get("comment", ""))

    def _muted(self, comment: str) -> str:
        for stem, script in _MUTED.findall(comment):
            if not KNOWN_TYPE.fullmatch(stem):
                self._unknown("静默类型", "muted aspect", f"{stem}-m{script}")
            return MUTED_TRADITIONAL if script == "t" else MUTED_SIMPLIFIED
        return ""

    def _finish_rule(self, node: _Node) -> None:
        meaning = _SHAPES.get(node.shape())
        name = node.attributes.get("name", "")
        if meaning is None or not name:
            self._unknown("整标签规则", "whole-label rule", name)
        self._document.rules[name] = meaning

    def _action(self, attributes: dict[str, str]) -> None:
        self._document.actions.append((self._line, attributes))


def _refuse(line: int, reason: Reason, zh: str, en: str, value: str) -> NoReturn:
    where = f"line {line}"
    raise Refusal(reason, f"第 {line} 行：{zh}：{value}", f"{where}: {en}: {value}", where=where, value=value)


def _table(document: _Document, sha256: str, name: str, licence: str) -> Table:
    for line, character, rule in document.conditions:
        if character != "-" or document.rules.get(rule) != HYPHEN:
            _refuse(line, Reason.OPTION_UNSUPPORTED, "不支持的条件", "is a condition that is not supported", rule)
    plain, variants = _sorted_out(document.variants)
    check_variants(variants, plain, lambda c: f"line {document.lines[c]}")
    registrable = [c for c in document.variants if c not in variants or variants[c][c] != OUT_OF_REPERTOIRE]
    check_characters(registrable, lambda c: f"line {document.lines[c]}")
    actions = [_action(document, line, attributes) for line, attributes in document.actions]
    return build_table(_source(document, sha256, name, licence), plain, variants, actions)


def _sorted_out(declared: dict[str, dict[str, str]]) -> tuple[frozenset[str], dict[str, dict[str, str]]]:
    """The characters that are only themselves, and the others."""
    plain = frozenset(c for c, kinds in declared.items() if kinds in ({}, {c: PLAIN_KIND}))
    return plain, {c: kinds for c, kinds in declared.items() if c not in plain}


def _action(document: _Document, line: int, attributes: dict[str, str]) -> Action:
    disposition, match = attributes.get("disp", ""), attributes.get("match")
    if disposition not in _DISPOSITIONS:
        _refuse(line, Reason.OPTION_UNSUPPORTED, "不认识的处置", "is an unknown disposition", disposition)
    if match is not None and (document.rules.get(match) != LEADING_MARK or disposition != "invalid"):
        _refuse(line, Reason.OPTION_UNSUPPORTED, "不支持的动作", "is an action that is not supported", match)
    conditions = {n: frozenset(attributes.get(f"{n}-variants", "").split()) for n in ("all", "only")}
    any_variant = frozenset(attributes.get("any-variant", "").split())
    for kind in any_variant.union(*conditions.values()):
        if not KNOWN_TYPE.fullmatch(kind):
            _refuse(line, Reason.OPTION_UNSUPPORTED, "不认识的异体类型", "is an unknown variant type", kind)
    return Action(disposition, match is not None, any_variant, conditions["all"], conditions["only"])


def _source(document: _Document, sha256: str, name: str, licence: str) -> Source:
    meta = document.meta
    if not document.variants or not re.fullmatch(r"\d{4}-\d\d-\d\d", meta.get("date", "")):
        _refuse(1, Reason.PARAMETER_MISSING, "缺少日期或字符", "has no date or no characters", name)
    language = meta.get("language", "und")
    tag = language if language.startswith("und") else language.partition("-")[0]
    return Source(tag, meta.get("version", ""), meta["date"], meta.get("title", name), sha256, licence)
