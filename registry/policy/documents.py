"""Which files may be kept as documents, by what they hold and never by what they are called. Pure.

Theory of operation. A file is recognised by its first octets and then walked from its first to its last octet by the rules of its format, so
that nothing can lie before, between or behind (polyglots). Formats that only show something are taken: PDF (ISO 32000), JPEG, PNG
(W3C), and the packages OFD (GB/T 33190) and DOCX (ECMA-376). What acts by itself when it is opened is refused: scripts, launch actions and
embedded files of PDF, macros and embedded objects of packages, templates that are fetched, and markup of web pages anywhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from registry.kernel.errors import Reason, Refusal
from registry.policy.document_packages import read_package
from registry.policy.document_pictures import walk_jpeg, walk_png
from registry.policy.document_portable import walk_pdf

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024  # a scan of thirty pages at 300 dpi; longer ones are split
MAX_DOCUMENTS = 30  # of one act or application
MAX_NAME = 100  # characters
DocumentKind = Literal["pdf", "jpeg", "png", "ofd", "docx"]
TYPES: dict[DocumentKind, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ENDINGS: dict[DocumentKind, tuple[str, ...]] = {
    "pdf": ("pdf",),
    "jpeg": ("jpg", "jpeg"),
    "png": ("png",),
    "ofd": ("ofd",),
    "docx": ("docx",),
}
_MARKUP = re.compile(rb"<script|<html|<iframe|<!doctype\s+html|<\?php", re.IGNORECASE)
_UNNAMABLE = re.compile(
    '[\x00-\x1f\x7f-\x9f<>:"|?*\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff0-\uffff]'
)
_ENDING = re.compile(r"\.([a-z0-9]*[a-z][a-z0-9]*)$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: its kind, and the name under which it is kept and given back."""

    kind: DocumentKind
    name: str


def examine(name: str, content: bytes) -> Examined:
    """What it is. Refuses with TOO_LARGE, SYNTAX_INVALID (empty), VALUE_INVALID (another format, more than one, its name says another),
    POLICY_FORBIDS (it would act by itself).
    """
    if not content:
        raise Refusal(Reason.SYNTAX_INVALID, "文件是空的", "the file is empty", where="file")
    if len(content) > MAX_DOCUMENT_BYTES:
        raise too_large()
    kind = _kind(content)
    return Examined(kind, clean_name(name, kind))


def too_large() -> Refusal:
    """The refusal for a file that is too large."""
    most = MAX_DOCUMENT_BYTES // (1024 * 1024)
    return Refusal(
        Reason.TOO_LARGE,
        f"文件超过 {most} MB，请压缩或拆分后上传",
        f"the file is larger than {most} MB; please split it",
        where="file",
    )


def clean_name(name: str, kind: DocumentKind) -> str:
    """The last part of a path, without what no file system takes or what turns its order, ending as its kind does.

    Refuses with VALUE_INVALID a name that says another kind (``approval.pdf.exe``).
    """
    last = re.split(r"[/\\]", name)[-1]
    text = _UNNAMABLE.sub("", unicodedata.normalize("NFC", last)).strip(" .")
    said = _ENDING.search(text)
    if said and said[1].lower() not in ENDINGS[kind]:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"文件名的扩展名“{said[1][:10]}”与内容（{kind.upper()}）不符",
            f"the name ends in “{said[1][:10]}”, the content is {kind.upper()}",
            where="file",
            value=text[-40:],
        )
    ending = said[1].lower() if said else ENDINGS[kind][0]
    stem = text[: said.start()] if said else text
    stem = stem.strip(" .")[: MAX_NAME - len(ending) - 1] or "document"
    return f"{stem}.{ending}"


def _kind(content: bytes) -> DocumentKind:
    if content.startswith(b"%PDF-"):
        walk_pdf(content)
        _check_markup(content)
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        walk_jpeg(content)
        _check_markup(content)
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        walk_png(content)
        _check_markup(content)
        return "png"
    if content.startswith(b"PK\x03\x04"):
        return read_package(content)
    raise Refusal(
        Reason.VALUE_INVALID,
        "只接受 PDF、OFD、DOCX、JPEG、PNG 文件",
        "only PDF, OFD, DOCX, JPEG and PNG are taken",
        where="file",
    )


def _check_markup(content: bytes) -> None:
    if _MARKUP.search(content):
        raise Refusal(
            Reason.POLICY_FORBIDS,
            "文件中夹带网页代码，不能接收",
            "the file carries the code of a web page",
            where="file",
        )
