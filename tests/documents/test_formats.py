"""Which files are taken: by what they hold from the first octet to the last, and never by their name."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.errors import Reason, Refusal
from registry.policy.documents import MAX_DOCUMENT_BYTES, MAX_NAME, clean_name, examine
from tests.documents.files import RELATIONS, TYPES, docx, jpeg, object_stream, ofd, pdf, png, zipped

GOOD = {
    "pdf": ("批复.pdf", pdf(), "pdf"),
    "pdf with objects in a stream": ("批复", pdf(object_stream(b"7 0 <</Type/Page/Contents 8 0 R>>")), "pdf"),
    "jpeg": ("证书.JPG", jpeg(), "jpeg"),
    "two pictures in one (MPO)": ("a.jpeg", jpeg() + jpeg(), "jpeg"),
    "png": ("章.png", png(), "png"),
    "ofd": ("报告.ofd", ofd(), "ofd"),
    "docx": ("报告.docx", docx(), "docx"),
}
TEMPLATE = RELATIONS.replace(b"styles", b"attachedTemplate")
HIDDEN = b"7 0 <</S/JavaScript/JS(app.alert(1))>>"
BAD = {
    "a page that calls itself a PDF": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + bytes(300),
    "a drawing with scripts": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a bitmap": b"BM" + bytes(60),
    "an old DOC": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "a PDF behind something else": b"\n" + pdf(),
    "a PDF with an archive behind it": pdf() + zipped({"x": b"x"}),
    "a PDF with a page behind it": pdf() + b"<html>",
    "half a PDF": pdf()[:60],
    "a PDF with a script": pdf(b"3 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n"),
    "a PDF whose script hides its name": pdf(b"3 0 obj<</S/J#61vaScri#70t/JS(x)>>endobj\n"),
    "a PDF whose script lies packed": pdf(object_stream(HIDDEN)),
    "a PDF that starts a program": pdf(b"3 0 obj<</S/Launch/F(cmd.exe)>>endobj\n"),
    "a PDF with a file inside": pdf(b"3 0 obj<</Type/EmbeddedFile>>stream\nMZ\nendstream endobj\n"),
    "a PDF that sends what is typed": pdf(b"3 0 obj<</S/SubmitForm/F(http://x)>>endobj\n"),
    "an encrypted PDF": pdf(b"3 0 obj<</Encrypt 9 0 R>>endobj\n"),
    "a PDF that is a bomb": pdf(object_stream(bytes(80 * 1024 * 1024))),
    "a PDF whose packed objects cannot be read": pdf(b"5 0 obj<</Type/ObjStm/Filter/LZWDecode>>stream\nnothing\nendstream"),
    "a JPEG with a page behind it": jpeg() + b"<html><script>alert(1)</script>",
    "a JPEG with an archive behind it": jpeg() + zipped({"x": b"x"}),
    "a JPEG with a page in its comment": jpeg(comment=b"<script>alert(1)</script>"),
    "a JPEG that is endless": jpeg(60_000, 60_000),
    "half a JPEG": jpeg()[:-2],
    "a JPEG without a picture": b"\xff\xd8\xff\xd9",
    "a PNG with an archive behind it": png() + zipped({"x": b"x"}),
    "a PNG with a wrong check sum": png()[:-1] + b"\0",
    "half a PNG": png()[:40],
    "a PNG that is endless": png(50_000, 50_000),
    "an archive": zipped({"a.txt": b"a"}),
    "a workbook": zipped({"[Content_Types].xml": b"spreadsheetml.sheet.main+xml", "xl/workbook.xml": b"x"}),
    "an archive with something before it": b"PK\x03\x04 and more" + ofd(),
    "an OFD with something behind it": ofd() + b"more",
    "an OFD with a comment": zipped({"OFD.xml": b"<ofd:OFD/>"}, comment=b"<html>"),
    "an OFD with a program": ofd({"Doc_0/run.exe": b"MZ"}),
    "an OFD with a page": ofd({"Doc_0/index.html": b"<html>"}),
    "an OFD that climbs": ofd({"../../etc/passwd": b"x"}),
    "an OFD that starts at the root": ofd({"/etc/passwd": b"x"}),
    "an OFD that is a bomb": ofd({"Doc_0/zero": bytes(60 * 1024 * 1024)}),
    "both OFD and DOCX": ofd({"[Content_Types].xml": TYPES, "word/document.xml": b"x"}),
    "a DOCX with macros": docx(word__vbaProject_bin=b"x"),
    "a DOCX that says it has macros": zipped(
        {"[Content_Types].xml": TYPES.replace(b"document.main+xml", b"document.macroEnabled.main+xml"), "word/document.xml": b"x"}
    ),
    "a DOCX with a thing inside": docx(word__embeddings__oleObject1_ole=b"x"),
    "a DOCX that fetches its template": docx(word___rels__settings_xml_rels=TEMPLATE),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_what_only_shows_something_is_taken(case: str) -> None:
    """Whole documents and pictures are taken, and kept under a name that ends as their kind does."""
    name, content, kind = GOOD[case]
    found = examine(name, content)
    assert found.kind == kind
    assert found.name.rpartition(".")[2] in {"pdf", "jpg", "jpeg", "png", "ofd", "docx"}


@pytest.mark.parametrize("case", BAD)
def test_what_is_more_or_less_than_a_document_is_refused(case: str) -> None:
    """Polyglots, active content, bombs, halves and other formats are refused with words that say what to do."""
    with pytest.raises(Refusal) as refused:
        examine("证明", BAD[case])
    assert refused.value.reason in {Reason.VALUE_INVALID, Reason.POLICY_FORBIDS}
    assert refused.value.where == "file"


def test_bounds() -> None:
    """Nothing at all and too much are refused, and the largest that is allowed is taken."""
    with pytest.raises(Refusal) as refused:
        examine("a.pdf", b"")
    assert refused.value.reason is Reason.SYNTAX_INVALID
    filler = b"9 0 obj<</Length 1>>stream\n" + bytes(MAX_DOCUMENT_BYTES - len(pdf()) - 40) + b"\nendstream\n"
    largest = pdf(filler)
    assert len(largest) <= MAX_DOCUMENT_BYTES
    assert examine("a.pdf", largest).kind == "pdf"
    with pytest.raises(Refusal) as refused:
        examine("a.pdf", largest + bytes(100))
    assert refused.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "piece",
    [b"/ObjStm", b"/ObjStm stream\n", b"stream\n", b"#41", b"<script", b"\xff\x00", b"%%EOF", b"PK\x03\x04", b"<<"],
)
def test_no_piece_repeated_holds_the_reader_up(piece: bytes) -> None:
    """Ten megabytes of whatever could slow a reader down are judged, each in about a second."""
    for head, tail in ((b"%PDF-1.7\n", b"%%EOF\n"), (jpeg()[:-2], b"\xff\xd9"), (b"PK\x03\x04", b"")):
        fill = (MAX_DOCUMENT_BYTES - len(head) - len(tail)) // len(piece)
        try:
            found: object = examine("x", head + piece * fill + tail).kind
        except Refusal as refusal:
            found = refusal.reason
        assert found in {"pdf", "jpeg", Reason.VALUE_INVALID, Reason.POLICY_FORBIDS}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\wang\批复.pdf", "批复.pdf"),
        ("批复", "批复.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "document.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ('x"; filename="evil.pdf', "x; filename=evil.pdf"),
        ("第3号文.2026.pdf", "第3号文.2026.pdf"),
        ("长" * 300 + ".pdf", "长" * (MAX_NAME - 4) + ".pdf"),
        ("new\r\nline.pdf", "newline.pdf"),
    ],
)
def test_a_name_is_cleaned(typed: str, kept: str) -> None:
    """Paths, quotes, line breaks and marks that turn its order are gone; what is left says what the file is."""
    assert clean_name(typed, "pdf") == kept


@pytest.mark.parametrize("name", ["批复.pdf.exe", "invoice.html", "a.docx", "b.js", "c.png"])
def test_a_name_that_says_another_kind_is_refused(name: str) -> None:
    """A PDF that is called a program, a page or a picture is not taken under that name."""
    with pytest.raises(Refusal) as refused:
        clean_name(name, "pdf")
    assert refused.value.reason is Reason.VALUE_INVALID


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([one[1] for one in GOOD.values()]), st.data())
def test_a_mangled_file_never_breaks_the_reader(content: bytes, data: st.DataObject) -> None:
    """Cut, changed or doubled anywhere, a file is taken or refused, and nothing else happens."""
    at = data.draw(st.integers(0, len(content) - 1))
    mangled = data.draw(
        st.sampled_from(
            [content[:at], content[:at] + b"\xff" + content[at + 1 :], content[:at] + content[at:] * 2, content[at:]]
        )
    )
    try:
        found: object = examine("x", mangled).kind
    except Refusal as refusal:
        found = refusal.reason
    assert found


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["pdf", "png", "docx"]))
def test_any_name_gives_a_safe_one(name: str, kind: str) -> None:
    """Whatever was typed: no separator, no control character, no leading dot, and an ending."""
    try:
        kept = clean_name(name, kind)  # type: ignore[arg-type]  # one of the literals
    except Refusal:
        return
    assert 0 < len(kept) <= MAX_NAME
    assert not set(kept) & set('/\\:*?"<>|\r\n\0')
    assert not kept.startswith(".")
    assert kept.endswith((".pdf", ".png", ".docx"))


def test_octets_between_two_entries_are_seen() -> None:
    """A package in which something lies that belongs to no entry is refused: it is a second file in disguise."""
    whole = ofd()
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        second = sorted(one.header_offset for one in archive.infolist())[1]
    gap = whole[:second] + b"<html>" * 50 + whole[second:]
    with pytest.raises(Refusal):
        examine("x.ofd", gap)
