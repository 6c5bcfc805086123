"""What a line on port 43 asks for (pure). The grammar stands in ``docs/protocols/whois.md``.

A person at a terminal types as he likes: full width, capitals, ``。`` between the labels, simplified or traditional. So the
line is mapped first (``registry.kernel.names.map_people``), and then read word by word. Bytes that are no UTF-8 are read as
GB 18030, which old Chinese terminals send.
"""

import re
from dataclasses import dataclass

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people


@dataclass(frozen=True, slots=True)
class AskDomain:
    """A name of the DNS, as it was typed and mapped."""

    name: str


@dataclass(frozen=True, slots=True)
class AskHost:
    """A name server by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class AskRegistrar:
    """A registrar by IANA identifier, id or name."""

    name: str


@dataclass(frozen=True, slots=True)
class AskBody:
    """A public body by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class AskHelp:
    """The help text."""


Asked = AskDomain | AskHost | AskRegistrar | AskBody | AskHelp

HELP_WORDS = frozenset({"help", "-h", "--help", "-?", "?", "/?", "帮助"})
KINDS: dict[str, type[AskDomain | AskHost | AskRegistrar | AskBody]] = {
    "domain": AskDomain,
    "域名": AskDomain,
    "nameserver": AskHost,
    "host": AskHost,
    "域名服务器": AskHost,
    "registrar": AskRegistrar,
    "注册服务机构": AskRegistrar,
    "body": AskBody,
    "机构": AskBody,
}
_CODE = re.compile(r"[0-9A-Z]{18}")  # what a code may look like; whether it is one is told with the reason
_UNTIDY = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def read_line(raw: bytes) -> Asked:
    """What the line asks for. Refuses (``SYNTAX_INVALID``) what is no text, nothing, or nothing that we answer."""
    text = " ".join(map_people(_decoded(raw)).text.split())
    if _UNTIDY.search(text):
        raise _unreadable(text, "查询中含有控制字符", "the query holds control characters")
    if not text:
        raise _unreadable(text, "没有收到查询内容", "the query is empty")
    return _read(text)


def _read(text: str) -> Asked:
    word, _, rest = text.partition(" ")
    if word.lower() in HELP_WORDS:
        return AskHelp()
    if word.startswith("-"):
        raise _unreadable(text, f"没有选项 {word[:20]}", f"there is no option {word[:20]}")
    if rest and word.lower() in KINDS:
        return KINDS[word.lower()](rest.strip())
    if rest:
        raise _unreadable(text, f"不认识查询类别“{word[:20]}”", f"“{word[:20]}” is no kind of query")
    return _read_bare(word)


def _read_bare(word: str) -> Asked:
    if _CODE.fullmatch(word.upper()):
        return AskBody(word.upper())
    if "." in word.strip("."):
        return AskDomain(word)
    raise _unreadable(word, "请查询完整域名（例如 清华大学.公益）或统一社会信用代码", "ask for a whole name or a code")


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable("", "查询不是 UTF-8 文本", "the query is no UTF-8 text")


def _unreadable(text: str, zh: str, en: str) -> Refusal:
    hint_zh, hint_en = "；发送 help 查看用法", "; send help for the usage"
    return Refusal(Reason.SYNTAX_INVALID, zh + hint_zh, en + hint_en, where="query", value=text[:100])
