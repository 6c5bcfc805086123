"""From octets to an element tree, with nothing in it that could hurt: no DTD, no entity, no outside reference.

The frame's length bounds the work; libxml2 bounds depth (256) and amplification. A document type is refused before
parsing, by looking for its first characters in each encoding that we accept, and once more after it.
"""

from lxml import etree

from registry.epp.xml_node import Node
from registry.epp.xml_schema import errors_in
from registry.kernel.errors import Problem, Reason, Refusal

ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII"})  # RFC 5730 section 5
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def parse(document: bytes) -> Node:
    """The root element; ``SYNTAX_INVALID`` when this is not a plain XML document in an encoding of RFC 5730."""
    if any(doctype in document for doctype in _DOCTYPES):
        raise _doctype()
    try:
        root = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        line, message = error.lineno or 1, error.msg or "not XML"
        raise _syntax(f"第 {line} 行：不是格式良好的 XML（{message}）", f"line {line}: not well-formed XML: {message}") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise _doctype()
    if (info.encoding or "UTF-8").upper() not in ENCODINGS:
        raise _syntax("仅接受 UTF-8 或 UTF-16 编码", "only UTF-8 and UTF-16 are accepted")
    return Node(root)


def check_schema(root: Node) -> None:
    """``SYNTAX_INVALID`` with the lines and what was expected there, when the document does not fit the schemas."""
    errors = errors_in(root._element)  # noqa: SLF001  # the two XML modules share the element that others must not see
    if errors:
        first, *others = errors
        raise _syntax(first.zh, first.en, tuple(Problem(Reason.SYNTAX_INVALID, text) for text in others))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _doctype() -> Refusal:
    return _syntax("不接受文档类型声明（DOCTYPE）", "a document type declaration is not accepted")


def _syntax(zh: str, en: str, others: tuple[Problem, ...] = ()) -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, zh, en, problems=others)
