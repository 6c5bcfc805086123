"""OFD (GB/T 33190) and DOCX (ECMA-376) as packages in ZIP: every octet belongs to an entry, and no entry acts by itself.

Nothing is unpacked but the small files that say what the package is and what it fetches; what the rest would become is bounded by
what the directory says and zip readers enforce.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import Literal

from registry.kernel.errors import Reason, Refusal

MAX_ENTRIES = 3000  # a document of a thousand pages has some two thousand
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # text packs twenty to one; a bomb a thousand
MAX_PART = 1024 * 1024  # octets of a part that is read
_LOCAL = struct.Struct("<4s5H3L2H")  # local file header, APPNOTE 4.3.7
_DESCRIPTOR = 24  # octets of the longest data descriptor that may follow an entry, APPNOTE 4.3.9
_ACTIVE_ENDINGS = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|jar|class|msi|lnk|html?|mht|svg|swf|bin|ole|zip|rar|7z)$",
    re.IGNORECASE,
)
_ACTIVE_FOLDERS = re.compile(r"(^|/)(embeddings|activex)/|vbaproject", re.IGNORECASE)
_FETCHED = re.compile(rb"relationships/(attachedTemplate|oleObject|frame|subDocument|package)\"", re.IGNORECASE)


def read_package(content: bytes) -> Literal["ofd", "docx"]:
    """Which of the two it is. Refuses with VALUE_INVALID what is neither, is broken or a bomb, with POLICY_FORBIDS what acts by itself."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            _check_whole(content, package, entries)
            _check_entries(entries)
            return _kind(package, {entry.filename for entry in entries})
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
    ) as error:
        raise _broken() from error


def _check_whole(content: bytes, package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Entries lie one behind the other from the first octet to the directory, and the directory ends with the file."""
    if package.comment or not content[-22:].startswith(b"PK\x05\x06"):
        raise _broken()
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if not at <= entry.header_offset <= at + _DESCRIPTOR or (at == 0 and entry.header_offset):
            raise _broken()
        head = _LOCAL.unpack_from(content, entry.header_offset)
        at = entry.header_offset + _LOCAL.size + head[9] + head[10] + entry.compress_size
    if not at <= package.start_dir <= at + _DESCRIPTOR:
        raise _broken()


def _check_entries(entries: Iterable[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    total = 0
    for count, entry in enumerate(entries, 1):
        name = entry.filename
        parts = name.split("/")
        total += entry.file_size
        is_bomb = entry.file_size > MAX_PART and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        if count > MAX_ENTRIES or total > MAX_UNPACKED or is_bomb or entry.flag_bits & 0x1:
            raise _broken()
        if name.startswith("/") or "\\" in name or ".." in parts or ":" in name or name.lower() in seen:
            raise _broken()
        seen.add(name.lower())
        if _ACTIVE_ENDINGS.search(name) or _ACTIVE_FOLDERS.search(name):
            raise _active()


def _kind(package: zipfile.ZipFile, names: set[str]) -> Literal["ofd", "docx"]:
    if "OFD.xml" in names and "[Content_Types].xml" not in names:
        if b"ofd:OFD" not in _part(package, "OFD.xml"):
            raise _broken()
        return "ofd"
    if {"[Content_Types].xml", "word/document.xml"} <= names and "OFD.xml" not in names:
        _check_document(package, names)
        return "docx"
    raise _broken()


def _check_document(package: zipfile.ZipFile, names: set[str]) -> None:
    types = _part(package, "[Content_Types].xml")
    if b"wordprocessingml.document.main+xml" not in types:
        raise _active() if b"macroEnabled" in types or b"vbaProject" in types else _broken()
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _active()
    for name in names:
        if name.endswith(".rels") and _FETCHED.search(_part(package, name)):
            raise _active()


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        text = part.read(MAX_PART + 1)
    if len(text) > MAX_PART:
        raise _broken()
    return text


def _broken() -> Refusal:
    zh, en = "不是完整的 OFD 或 DOCX 文件，请另存后再上传", "no whole OFD or DOCX"
    return Refusal(Reason.VALUE_INVALID, zh, en, where="file")


def _active() -> Refusal:
    zh, en = (
        "文件中含有宏、嵌入对象或外部模板，不能接收；请导出为 PDF 后再上传",
        "the file holds macros, embedded objects or outside templates",
    )
    return Refusal(Reason.POLICY_FORBIDS, zh, en, where="file")
