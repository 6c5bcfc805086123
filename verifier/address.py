"""Takes a pasted address apart the way a browser does, and says what is strange about it. Pure.

Theory of operation. What decides is where a browser would go, not what an address looks like; so this follows
the basic URL parser of the WHATWG URL Standard for http and https, not RFC 3986: a backslash is a slash, any
number of slashes may follow the scheme, tabs and line ends vanish, the last ``@`` before the path ends the user
name, a host of digits is an IPv4 address in any of its old spellings, percent signs in a host are decoded, and a
name is mapped (full width, capitals, ``。``, invisible characters) before it is looked up. Where browsers accept
a name that IDNA2008 does not (an underscore, a picture), it is kept as it is: such a name is never in the
register, but it can still resemble one. Whatever was mapped or is unusual is kept as a :class:`Trick`, for the
verdict and for the page that explains it.

People paste more than addresses: quotation marks, a sentence around it, no scheme at all. The first address in
the text counts.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from registry.kernel.names import MAX_LABEL_OCTETS, MAX_NAME_OCTETS, map_people, to_a, to_u

MAX_ADDRESS = 2048  # characters; longer ones are not addresses that people share
WEB_PORTS = {"http": 80, "https": 443}
KNOWN_SCHEMES = frozenset({
    "about", "blob", "data", "file", "ftp", "geo", "intent", "javascript", "mailto", "magnet", "market", "sms",
    "tel", "urn", "view-source", "vbscript", "weixin", "wss", "ws", "alipays",
})  # fmt: skip
SCRIPT_SCHEMES = frozenset(
    {"javascript", "data", "vbscript", "blob"}
)  # they are a page themselves, not the address of one
_WRAPPING = "\"'“”‘’«»<>《》〈〉（）()【】[]「」『』"
_AFTER = re.compile("[，！；、）】》」』”’\\s]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_WIDE_SCHEME = re.compile("([Ａ-Ｚａ-ｚA-Za-z]{2,12})[:：][/／]{2}")
_IN_TEXT = re.compile("[Ａ-Ｚａ-ｚA-Za-z][Ａ-Ｚａ-ｚA-Za-z0-9+.\\-]*[:：][/／\\\\]{2}\\S+")
# Two labels or more of letters, digits and hyphens, the last one no number; nothing of note behind them.
_PLAIN = re.compile(
    r"(https?)://(?=[^/]{1,253}(?:/|\Z))((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)"
    r"(/[A-Za-z0-9._~/?#=&+%-]*)?"
)
_FORBIDDEN = frozenset(" #/:<>?@[\\]^|%\x7f") | frozenset(
    map(chr, range(32))
)  # URL Standard: forbidden domain code points


class Kind(StrEnum):
    """What the text turned out to be."""

    WEB = "web"  # an address with a name for a host
    NUMBER = "number"  # an address with an IP address for a host
    WORD = "word"  # one label without a dot: a search, not an address
    OTHER = "other"  # another scheme
    NONE = "none"  # nothing that a browser could open


class Trick(StrEnum):
    """Something unusual in an address. Most are harmless alone; each is explained."""

    USER_NAME = "user_name"
    BACKSLASH = "backslash"
    AT_IN_PATH = "at_in_path"
    INVISIBLE = "invisible"
    MAPPED = "mapped"
    PERCENT_HOST = "percent_host"
    PUNYCODE = "punycode"
    MIXED_SCRIPTS = "mixed_scripts"
    DISGUISED_NUMBER = "disguised_number"
    PORT = "port"
    NOT_HTTPS = "not_https"
    SHORT_LINK = "short_link"
    SCRIPT_SCHEME = "script_scheme"
    UNUSUAL_NAME = "unusual_name"
    BIDI = "bidi"
    SLASH_LOOK_ALIKE = "slash_look_alike"
    SCHEME_TWICE = "scheme_twice"


# Controls that turn the order of the letters on the screen around (UAX 9), and characters of a host that pass for its end.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SLASH_LOOK_ALIKES = "\u2044\u2215\u2571\u29f8\u30ce\u4e3f\u1735\u2cc6"
# Services that hide a destination behind a short address, as seen in Chinese text messages and abroad.
SHORT_LINKS = frozenset({
    "t.cn", "dwz.cn", "url.cn", "suo.im", "suo.nz", "mrw.so", "u.nu", "985.so", "dwz.mk", "sourl.cn", "t.co",
    "bit.ly", "tinyurl.com", "goo.gl", "is.gd", "ow.ly", "w.url.cn", "m.tb.cn", "dwz.win", "rrd.me", "c7.gg", "sohu.gg",
    "t.hk", "3.cn", "u.jd.com", "s.click.taobao.com", "v.douyin.com", "xhslink.com", "b23.tv", "t.ly", "cutt.ly", "rb.gy",
    "shorturl.at", "tiny.cc", "v.gd", "buff.ly", "lnkd.in", "fb.me", "youtu.be", "amzn.to", "git.io", "urlc.cn", "kurl.cn",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` in A-form (or an IP address in its usual spelling), ``host_u`` as people read it; ``rest`` is
    path, query and fragment.
    """

    typed: str
    kind: Kind
    scheme: str = ""
    user: str = ""
    host: str = ""
    host_u: str = ""
    port: int = 0
    rest: str = ""
    tricks: tuple[Trick, ...] = ()


def parse_address(typed: str) -> Address:
    """Never refuses: what is no address is of kind ``NONE``."""
    if len(typed) <= MAX_ADDRESS and (plain := _PLAIN.fullmatch(typed)) and (quick := _parse_plain(typed, plain)):
        return quick
    text = _bare(typed[:MAX_ADDRESS])
    scheme, rest = _split_scheme(text)
    if scheme not in WEB_PORTS:
        tricks = (Trick.SCRIPT_SCHEME,) if scheme in SCRIPT_SCHEMES else ()
        return Address(typed, Kind.OTHER if scheme else Kind.NONE, scheme=scheme, tricks=tricks)
    address = _parse_web(typed, scheme, rest)
    return replace(address, tricks=(*address.tricks, Trick.BIDI)) if BIDI_CONTROLS & set(text) else address


def _parse_plain(typed: str, found: "re.Match[str]") -> Address | None:
    """What most programs ask: a web address in A-form in which nothing is strange. The same answer, several times as fast;
    None when something is strange after all.
    """
    scheme, host = found[1], found[2]
    shown = host if "--" not in host else ".".join(map(_plain_label, host.split(".")))
    if ".." in f".{shown}.":
        return None
    tricks = (
        *((Trick.NOT_HTTPS,) if scheme == "http" else ()),
        *((Trick.PUNYCODE,) if shown != host else ()),
        *((Trick.SHORT_LINK,) if host in SHORT_LINKS else ()),
    )
    return Address(typed, Kind.WEB, scheme, "", host, shown, WEB_PORTS[scheme], found[3] or "", tricks)


@lru_cache(maxsize=1 << 18)
def _plain_label(label: str) -> str:
    """A label as people read it, when it is a name by the strictest rules and in one script; empty otherwise."""
    if "--" not in label:
        return label
    try:
        shown = to_u(label)
        is_plain = to_a(label) == label and len(scripts_of(shown)) <= 1 and not set(SLASH_LOOK_ALIKES) & set(shown)
    except ValueError:
        return ""
    return shown if is_plain and shown != label else ""


def _bare(typed: str) -> str:
    """The address in the text: the first with a scheme if there is a sentence around it."""
    text = re.sub("[\t\r\n]", "", typed).strip().strip("\ufeff\u200b")
    if (found := _IN_TEXT.search(text)) and not _is_part_of_address(text[: found.start()]):
        text = text[found.start() :]
    bare = text.strip(_WRAPPING) if text[:1] in _WRAPPING and not text.startswith("[") else text
    return _without_sentence(bare)


def _is_part_of_address(before: str) -> bool:
    """Whether what stands before a scheme belongs to the same address (a path or query), not to a sentence."""
    return bool(before) and not before[-1].isspace() and bool(set(before.rsplit(maxsplit=1)[-1]) & set("/?=#&@%\\"))


def _without_sentence(text: str) -> str:
    """The text up to where an address ends for a reader; untouched when a browser might read on into something else."""
    cut = _AFTER.search(text)
    if cut is None:
        return text
    scheme = text.find("://")
    authority_ends = re.compile(r"[/\\?#]").search(text, scheme + 3 if scheme >= 0 else 0)
    if authority_ends and authority_ends.start() < cut.start():
        return text[: cut.start()]
    left_over = re.split(r"[/\\?#]", text[cut.end() :])[0].strip().rstrip("。")
    return text if set(left_over) & set(".。．｡@:") else text[: cut.start()]


def _split_scheme(text: str) -> tuple[str, str]:
    """Scheme and the rest; people's addresses without one are https. An empty scheme: nothing to open."""
    if wide := _WIDE_SCHEME.match(text):
        text = f"{unicodedata.normalize('NFKC', wide[1]).lower()}://{text[wide.end() :]}"
    if (found := _SCHEME.match(text)) and _is_scheme(found[1].lower(), found[2]):
        return found[1].lower(), found[2]
    if not text or any(c.isspace() for c in text) or text.isdigit():  # 12345 is a telephone number
        return "", ""
    return "https", text


def _is_scheme(word: str, rest: str) -> bool:
    """``example.com:8080`` has no scheme, ``mailto:x`` has."""
    return word in WEB_PORTS or word in KNOWN_SCHEMES or rest.startswith(("//", "\\\\", "/\\"))


def _parse_web(typed: str, scheme: str, rest: str) -> Address:
    tricks: set[Trick] = set()
    body = rest.lstrip("/\\")
    if "\\" in rest.partition("?")[0].partition("#")[0]:
        tricks.add(Trick.BACKSLASH)
    end = next((i for i, c in enumerate(body) if c in "/\\?#"), len(body))
    authority, tail = body[:end], body[end:]
    user, at, host_port = authority.rpartition("@")
    if at:
        tricks.add(Trick.USER_NAME)
    if "@" in tail:
        tricks.add(Trick.AT_IN_PATH)
    host_text, port = _split_port(host_port, WEB_PORTS[scheme])
    if not host_text or port < 0:
        return Address(typed, Kind.NONE, scheme=scheme, user=user, rest=tail)
    return _with_host(typed, scheme, user, host_text, port, tail, tricks)


def _split_port(text: str, default: int) -> tuple[str, int]:
    """Host and port; port -1 when what stands there is no port."""
    closing = text.rfind("]")
    host, colon, port = text[closing + 1 :].rpartition(":")
    if not colon:
        return text, default
    if port and not (port.isascii() and port.isdigit() and int(port) <= 65535):
        return text, -1
    return text[: closing + 1] + host, int(port) if port else default


def _with_host(typed: str, scheme: str, user: str, text: str, port: int, tail: str, tricks: set[Trick]) -> Address:
    host, found = read_host(text)
    tricks |= found
    if port != WEB_PORTS[scheme]:
        tricks.add(Trick.PORT)
    if scheme == "http":
        tricks.add(Trick.NOT_HTTPS)
    if host in SHORT_LINKS:
        tricks.add(Trick.SHORT_LINK)
    if host in WEB_PORTS:  # https://https://… and http//…: what follows is a path
        tricks.add(Trick.SCHEME_TWICE)
    kind = _kind(host)
    shown = host if kind is Kind.NUMBER else readable(host)
    if set(SLASH_LOOK_ALIKES) & set(shown):
        tricks.add(Trick.SLASH_LOOK_ALIKE)
    return Address(typed, kind, scheme, user, host, shown, port, tail, tuple(sorted(tricks)))


def _kind(host: str) -> Kind:
    if not host:
        return Kind.NONE
    if host.startswith("[") or _is_ip(host):
        return Kind.NUMBER
    return Kind.WEB if "." in host else Kind.WORD


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def read_host(text: str) -> tuple[str, set[Trick]]:
    """The host that a browser would look up, and what was done to get it; an empty host when it would refuse."""
    if text.startswith("["):
        return _ipv6(text), set()
    tricks: set[Trick] = set()
    if "%" in text:
        tricks.add(Trick.PERCENT_HOST)
        text = unquote_to_bytes(text).decode("utf-8", "replace")
    mapped = map_people(text)
    if any(not change.after for change in mapped.changes):
        tricks.add(Trick.INVISIBLE)
    if any(
        change.after and change.before.lower() != change.after and change.before != "。" for change in mapped.changes
    ):
        tricks.add(Trick.MAPPED)
    name = mapped.text.removesuffix(".")
    if not name or set(name) & _FORBIDDEN:
        return "", tricks
    if _ends_in_number(name):
        number = _ipv4(name)
        return number, tricks | ({Trick.DISGUISED_NUMBER} if number and number != name else set())
    return _name(name, tricks)


def _name(name: str, tricks: set[Trick]) -> tuple[str, set[Trick]]:
    if "xn--" in name:
        tricks.add(Trick.PUNYCODE)
    labels = [_label(label, tricks) for label in name.split(".")]
    host = ".".join(labels)
    if not all(labels) or len(host) > MAX_NAME_OCTETS:
        return "", tricks
    if any(len(scripts_of(readable(label))) > 1 for label in labels):
        tricks.add(Trick.MIXED_SCRIPTS)
    return host, tricks


def _label(label: str, tricks: set[Trick]) -> str:
    """The label as it is looked up; by the browser's looser rules where IDNA2008 has none for it; empty when
    neither takes it.
    """
    try:
        return to_a(label)
    except ValueError:
        pass
    tricks.add(Trick.UNUSUAL_NAME)
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"} for c in label):
        return ""
    loose = label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
    return loose if 0 < len(loose) <= MAX_LABEL_OCTETS else ""


def readable(host: str) -> str:
    """The host in U-form, label by label; a label that does not decode stays."""
    return ".".join(_readable_label(label) for label in host.split("."))


def _readable_label(label: str) -> str:
    try:
        return to_u(label)
    except ValueError:
        pass
    try:
        return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label
    except ValueError:
        return label


def _ipv6(text: str) -> str:
    if "%" in text:  # a zone, which the URL Standard refuses
        return ""
    try:
        return f"[{ipaddress.IPv6Address(text.removeprefix('[').removesuffix(']')).compressed}]"
    except ValueError:
        return ""


def _ends_in_number(name: str) -> bool:
    last = name.rpartition(".")[2]
    return (last.isascii() and last.isdigit()) or re.fullmatch("0x[0-9a-f]*", last) is not None


def _ipv4(name: str) -> str:
    """The dotted form of an IPv4 address in one to four decimal, octal or hexadecimal parts; empty when it is none."""
    parts = name.split(".")
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return ""
    *heads, last = numbers
    if len(parts) > 4 or any(head > 255 for head in heads) or last >= 256 ** (5 - len(parts)):
        return ""
    value = last + sum(head << (8 * (3 - place)) for place, head in enumerate(heads))
    return str(ipaddress.IPv4Address(value))


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if len(part) > 1 and part.startswith("0"):
        return int(part, 8)
    return int(part)


def scripts_of(text: str) -> set[str]:
    """The scripts whose letters stand in ``text``. Han and Latin together are ordinary here, so Latin counts
    only beside its look-alikes.
    """
    found = {unicodedata.name(c, "?").split()[0] for c in text if c.isalpha()}
    scripts = {{"CJK": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA"}.get(name, name) for name in found}
    return scripts - {"LATIN"} if "HAN" in scripts and not scripts & {"CYRILLIC", "GREEK"} else scripts
