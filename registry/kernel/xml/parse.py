"""XML from strangers, read without obeying it.

Theory of operation. XML can ask its reader to do things: to fetch files (external entities), to unfold a few bytes into
gigabytes (nested entities), to follow a DTD. Everything of that kind begins in a document type declaration, and no
protocol of ours has one, so a document with a declaration is refused *before* the parser sees it: the prolog is cut
by hand, and only white space, comments and processing instructions may stand before the root element. What is left can
only be large, deep or ill-formed: octets are counted before parsing, elements, attributes and depth after it, which is
safe because the octets already bound them. The parser itself is configured as if the first check did not exist.

Texts are UTF-8 or UTF-16 (XML 1.0, section 4.3.3; RFC 5730, section 5); other encodings are refused, not guessed.
Comments and processing instructions are dropped, and the text around a dropped comment is one text again, so
``<a>x<!-- -->y</a>`` reads ``xy`` here as in canonical XML; a signed document may not hold any at all (``is_plain``).
"""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from registry.kernel.errors import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may measure. The defaults fit an EPP frame."""

    octets: int = 1 << 16  # the longest honest frame, 13 hosts and several signed codes, is a third of this
    depth: int = 32  # the deepest honest command, a signed code inside launch:create, has 12
    elements: int = 2000  # a domain:check of hundreds of names still fits
    attributes: int = 16  # of one element, declarations of namespaces counted; the EPP root has about 6


FRAME = Limits()
WHITE = b" \t\r\n"
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"utf-16", b"utf-16le", b"utf-16be"})
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}

_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    load_dtd=False,
    dtd_validation=False,
    attribute_defaults=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    recover=False,
)


def parse(data: bytes, limits: Limits = FRAME) -> etree._Element:
    """The root element of one whole document.

    Refuses with ``TOO_LARGE`` (over ``limits.octets``) and ``SYNTAX_INVALID`` (anything else); ``where`` is ``line N``.
    Never raises anything but a Refusal.
    """
    if len(data) > limits.octets:
        raise Refusal(
            Reason.TOO_LARGE,
            f"XML 文件有 {len(data)} 字节，超过上限 {limits.octets} 字节",
            f"the document has {len(data)} octets, the limit is {limits.octets}",
        )
    text = _as_utf8(data)
    _check_prolog(text)
    if text.count(b"<") > 2 * limits.elements:
        raise _too_much("元素", "elements", limits.elements)
    try:
        root = etree.fromstring(text, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _invalid(error.lineno or 1, "XML 语法错误", f"not well-formed: {error.msg}") from error
    _check_shape(root, limits)
    return root


def is_plain(data: bytes) -> bool:
    """Whether a document holds no comment, CDATA section or processing instruction (except the XML declaration)."""
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data, count=1)
    return b"<!" not in body and b"<?" not in body


def _as_utf8(data: bytes) -> bytes:
    encoding = _UTF16.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding).encode()
    except UnicodeError as error:
        raise _invalid(1, "字符编码错误，须为 UTF-8 或 UTF-16", "the text is not valid UTF-8 or UTF-16") from error
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise _invalid(1, "字符编码须为 UTF-8 或 UTF-16", "the encoding must be UTF-8 or UTF-16", declared[1].decode())
    return text


def _check_prolog(text: bytes) -> None:
    """Walk over what may stand before the root element; whatever else is there is refused."""
    at = 0
    while True:
        while text[at : at + 1] and text[at] in WHITE:
            at += 1
        if text.startswith(b"<!--", at):
            at = _after(text, b"-->", at + 4)
        elif text.startswith(b"<?", at):
            at = _after(text, b"?>", at + 2)
        elif text.startswith(b"<!", at):
            raise _invalid(
                _line(text, at),
                "不接受文档类型声明（DTD）和实体",
                "document type declarations and entities are refused",
            )
        elif text.startswith(b"<", at):
            return
        else:
            raise _invalid(_line(text, at), "这不是 XML 文件", "this is not an XML document")


def _after(text: bytes, end: bytes, at: int) -> int:
    found = text.find(end, at)
    if found < 0:
        raise _invalid(_line(text, at), "XML 文件不完整", "the document ends too early")
    return found + len(end)


def _check_shape(root: etree._Element, limits: Limits) -> None:
    declared: Any = root.getroottree().docinfo
    if declared.internalDTD is not None or declared.externalDTD is not None:
        raise _invalid(1, "不接受文档类型声明（DTD）和实体", "document type declarations and entities are refused")
    count, stack = 0, [(root, 1)]
    while stack:
        element, depth = stack.pop()
        count += 1
        if depth > limits.depth:
            raise _too_much("层次", "levels", limits.depth, _line_of(element))
        namespaces = len(element.nsmap) if depth == 1 else 0
        if len(element.attrib) + namespaces > limits.attributes:
            raise _too_much("属性", "attributes of one element", limits.attributes, _line_of(element))
        stack.extend([(child, depth + 1) for child in element])
    if count > limits.elements:
        raise _too_much("元素", "elements", limits.elements)


def _line_of(element: Any) -> int:
    return int(element.sourceline or 1)


def _line(text: bytes, at: int) -> int:
    return text.count(b"\n", 0, at) + 1


def _too_much(zh: str, en: str, limit: int, line: int = 1) -> Refusal:
    return _invalid(line, f"XML 的{zh}超过上限 {limit}", f"more than {limit} {en}")


def _invalid(line: int, zh: str, en: str, value: str = "") -> Refusal:
    return Refusal(
        Reason.SYNTAX_INVALID, f"第 {line} 行：{zh}", f"line {line}: {en}", where=f"line {line}", value=value
    )
