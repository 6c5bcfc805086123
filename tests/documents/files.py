"""Files of every kind, whole and hostile, made here so that nothing foreign lies in the tree."""

import struct
import zipfile
import zlib
from io import BytesIO

OFD_ROOT = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"/>'
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = b'<Relationships><Relationship Type="http://x/relationships/styles" Target="styles.xml"/></Relationships>'


def pdf(*objects: bytes) -> bytes:
    """A PDF with these objects beside its catalogue."""
    body = b"".join(objects)
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" + body + (
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )  # fmt: skip


def object_stream(inside: bytes) -> bytes:
    """Objects that lie deflated in a stream."""
    packed = zlib.compress(inside)
    return b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\r\n" % len(packed) + packed + (
        b"\nendstream endobj\n"
    )  # fmt: skip


def jpeg(width: int = 2, height: int = 2, comment: bytes = b"") -> bytes:
    """The skeleton of a JPEG: frame, scan, end."""
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    return (
        b"\xff\xd8\xff\xe0\x00\x04JF"
        + said
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
        + b"\x12\xff\x00\x34"
        + b"\xff\xd9"
    )


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture."""
    row = b"\x00" + b"\x00" * width
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * min(height, 4))),
        (b"IEND", b""),
    ]
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def zipped(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    """A package with these parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return target.getvalue()


def docx(**more: bytes) -> bytes:
    """A DOCX with further parts; ``__`` in a name stands for a slash, ``_`` for a dot."""
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": b"<w:document/>"}
    return zipped(parts | {name.replace("__", "/").replace("_", "."): content for name, content in more.items()})


def ofd(files: dict[str, bytes] | None = None) -> bytes:
    """An OFD with further parts."""
    return zipped({"OFD.xml": OFD_ROOT, "Doc_0/Document.xml": b"<ofd:Document/>", **(files or {})})
