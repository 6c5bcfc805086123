"""PDF (ISO 32000-2): one document from the first octet to the last, and nothing in it that acts by itself.

Names may be written with hexadecimal escapes (7.3.5) and objects may lie compressed in object streams (7.5.7), so both are undone before
names are looked for. A reader cannot look into an encrypted document, and so it is refused.
"""

import re
import zlib
from collections.abc import Iterator

from registry.kernel.errors import Reason, Refusal, Text

END_WITHIN = 1024  # octets from the end in which %%EOF stands (7.5.5 and the practice of readers)
MAX_UNPACKED = 64 * 1024 * 1024  # octets of object streams, all together; beyond that it is a bomb
MAX_PACKED = (
    40 * 1024 * 1024
)  # octets that are read to unpack them; more than the file has only when streams lie over one another
MAX_STREAMS = 20_000  # object streams; each commonly holds a hundred objects
_TO_STREAM = 2048  # octets from the type of an object stream to where it begins
_CHUNK = 64 * 1024
_HEADER = re.compile(rb"%PDF-[12]\.\d")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME = rb"/(%s)(?=[\x00\t\n\f\r ()<>\[\]{}/%%]|$)"
_ACTIVE: dict[bytes, Text] = {
    b"JavaScript": Text("脚本", "scripts"),
    b"Launch": Text("启动程序的动作", "an action that starts programs"),
    b"EmbeddedFiles?": Text("嵌入的文件", "embedded files"),
    b"RichMedia|Movie|Sound|U3D": Text("多媒体", "media"),
    b"XFA": Text("动态表单", "a dynamic form"),
    b"SubmitForm|ImportData|GoToE|GoToR": Text("对外的动作", "actions that reach outside"),
    b"Encrypt": Text("加密（登记管理机关打不开）", "encryption, so that the authority cannot read it"),
}
_PATTERNS = tuple((re.compile(_NAME % names), said) for names, said in _ACTIVE.items())


def walk_pdf(content: bytes) -> None:
    """Refuses with VALUE_INVALID what is no whole PDF, with POLICY_FORBIDS what acts by itself or cannot be read."""
    tail = content[-END_WITHIN:]
    end = tail.rfind(b"%%EOF")
    if not _HEADER.match(content) or end < 0 or tail[end + 5 :].strip(b"\r\n\t \0"):
        raise Refusal(
            Reason.VALUE_INVALID,
            "不是完整的 PDF 文件，或文件之后还有别的内容，请另存后再上传",
            "no whole PDF, or something follows its end",
            where="file",
        )
    _check_names(content)
    budget = _Budget()
    for start in _object_streams(content):
        _check_names(budget.unpack(content, start))


def _object_streams(content: bytes) -> Iterator[int]:
    """Where each of them begins."""
    at = -1
    for _ in range(MAX_STREAMS):
        at = content.find(b"/ObjStm", at + 1)
        if at < 0:
            return
        word = content.find(b"stream", at, at + _TO_STREAM)
        if word < 0:
            raise _unreadable()
        start = word + 6
        yield start + (2 if content.startswith(b"\r\n", start) else 1)
    raise _unreadable()


class _Budget:
    """What may still be read and made of it."""

    def __init__(self) -> None:
        self.packed, self.unpacked = MAX_PACKED, MAX_UNPACKED

    def unpack(self, content: bytes, start: int) -> bytes:
        """The stream that begins there, when it is deflated; one in another encoding cannot be looked into and is refused."""
        machine = zlib.decompressobj()
        pieces = []
        try:
            while not machine.eof:
                chunk = content[start : start + _CHUNK]
                self.packed -= len(chunk)
                piece = machine.decompress(chunk, self.unpacked + 1)
                self.unpacked -= len(piece)
                if not chunk or self.unpacked < 0 or self.packed < 0:
                    raise _unreadable()
                pieces.append(piece)
                start += _CHUNK
        except zlib.error as error:
            raise _unreadable() from error
        return b"".join(pieces)


def _check_names(text: bytes) -> None:
    plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text
    for pattern, said in _PATTERNS:
        if pattern.search(plain):
            raise Refusal(
                Reason.POLICY_FORBIDS,
                f"PDF 中含有{said.zh}，不能接收；请打印成 PDF 后再上传",
                f"the PDF holds {said.en}; please print it to a plain PDF",
                where="file",
            )


def _unreadable() -> Refusal:
    zh, en = (
        "PDF 的内部结构无法检查，请打印成 PDF 后再上传",
        "the PDF cannot be looked into; please print it to a plain PDF",
    )
    return Refusal(Reason.POLICY_FORBIDS, zh, en, where="file")
