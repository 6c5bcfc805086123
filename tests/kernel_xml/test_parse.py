"""The hardened XML parser."""

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.kernel.xml.parse import Limits, is_plain, parse

BILLION_LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<lolz>&c;</lolz>"""
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def refused(data: bytes, limits: Limits | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse(data, limits) if limits else parse(data)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [BILLION_LAUGHS, EXTERNAL, b"<!-- c -->\n<?pi?> <!DOCTYPE a><a/>", b'<!DOCTYPE a SYSTEM "http://x/y.dtd"><a/>'],
)
def test_a_document_type_declaration_is_refused_wherever_it_may_stand(data: bytes) -> None:
    """A DTD, and with it every entity, is refused before the parser sees the document."""
    refusal = refused(data)
    assert refusal.reason is Reason.SYNTAX_INVALID
    assert "DTD" in refusal.text.zh


def test_the_same_declaration_in_utf_16_is_refused_too() -> None:
    """Another encoding does not hide a DTD."""
    assert "DTD" in refused(EXTERNAL.decode().encode("utf-16")).text.zh
    assert "DTD" in refused(EXTERNAL.decode().encode("utf-16-be")).text.zh


@pytest.mark.parametrize(
    "data", [b"<a>\n&foo;</a>", b"<a>\n<x:b/></a>", b"<a>\n</b>", b"<a>\n<b c='1' c='2'/></a>", b"<a>\n&#0;</a>"]
)
def test_an_ill_formed_document_is_refused_with_its_line(data: bytes) -> None:
    """The line of the mistake is told in ``where`` and in both languages."""
    refusal = refused(data)
    assert refusal.reason is Reason.SYNTAX_INVALID
    assert refusal.where == "line 2"
    assert refusal.text.zh.startswith("第 2 行")


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<", b"<!-- never closed", b"<a/><a/>", b"\xff\xfe", b"<a>\xff</a>", b"<a/>\0", b"\0" * 100],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    """Whatever the octets are, the answer is a refusal and not another exception."""
    assert refused(data).reason is Reason.SYNTAX_INVALID


def test_utf_8_and_utf_16_are_read_and_others_are_refused() -> None:
    """XML 1.0, section 4.3.3: the two encodings that every processor reads."""
    assert parse("<a>政务</a>".encode()).text == "政务"
    assert parse('<?xml version="1.0" encoding="UTF-16"?><a>政务</a>'.encode("utf-16")).text == "政务"
    assert parse("\ufeff<a>政务</a>".encode()).text == "政务"
    assert (
        refused('<?xml version="1.0" encoding="gb18030"?><a>政务</a>'.encode("gb18030")).reason is Reason.SYNTAX_INVALID
    )
    assert refused(b'<?xml version="1.0" encoding="gb18030"?><a/>').value == "gb18030"


def test_limits_hold() -> None:
    """Octets, depth, elements and attributes are bounded."""
    assert refused(b"<a>" + b" " * 70000 + b"</a>").reason is Reason.TOO_LARGE
    assert refused(b"<a>" * 33 + b"</a>" * 33).reason is Reason.SYNTAX_INVALID
    assert parse(b"<a>" * 32 + b"</a>" * 32).tag == "a"
    assert refused(b"<a>" + b"<b/>" * 20 + b"</a>", Limits(elements=20)).reason is Reason.SYNTAX_INVALID
    assert len(parse(b"<a>" + b"<b/>" * 19 + b"</a>", Limits(elements=20))) == 19
    many = b" ".join(b"x%d='1'" % n for n in range(17))
    assert refused(b"<a " + many + b"/>").reason is Reason.SYNTAX_INVALID


def test_a_comment_inside_a_text_does_not_cut_it() -> None:
    """The text is read whole, as canonical XML would have it, so a comment cannot shorten a value."""
    assert parse(b"<a>evil<!-- -->good</a>").text == "evilgood"


def test_plain_documents_are_told_from_others() -> None:
    """Only the XML declaration may stand in a plain document."""
    assert is_plain(b'<?xml version="1.0"?>\n<a>x</a>')
    assert not is_plain(b"<a>x<!-- c --></a>")
    assert not is_plain(b"<a><![CDATA[x]]></a>")
    assert not is_plain(b"<?xml version='1.0'?><?pi x?><a/>")
