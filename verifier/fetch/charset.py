"""In which characters a page is written: what it says, what it is, and whether the two agree. Pure.

The order is the browsers' (WHATWG Encoding): byte order mark, header, ``meta`` in the first kilobytes. Two things differ, because a watch
must read what a browser would show wrong: a page whose declared coding does not fit its bytes while UTF-8 does is read as UTF-8, and a
page that declares nothing is recognised by what its characters would be. GB2312 and GBK are read as GB18030, their superset (as browsers do).
"""

import codecs
import re
from dataclasses import dataclass

META_BYTES = 4096  # browsers look at 1024; pages with a long comment in front are found all the same
SAMPLE_BYTES = 64 * 1024  # enough characters to tell two codings apart
_META = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030", "chinese": "gb18030",
         "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "utf8": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252",
         "us-ascii": "cp1252", "ascii": "cp1252"}  # fmt: skip
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处"
    "這個國們來時會發動過說產種麼從業應開還體點機當對為後經學進實現關線數與條沒結問無軍員總資長見計農區強決戰據處務網頁資訊"
)  # 常用字：简体前 250 字，后为其繁体


@dataclass(frozen=True, slots=True)
class Reading:
    """A page read. ``header`` and ``meta`` are what was declared (lower case, empty without), ``used`` is what it was read as."""

    text: str
    header: str
    meta: str
    used: str
    broken: int  # characters that could not be read

    @property
    def is_wrong(self) -> bool:
        """Whether the declaration misleads a browser: it names another coding than the bytes are in."""
        declared = self.header or self.meta
        return bool(declared) and self.used != coding_of(declared) and not self.text.isascii()


def coding_of(label: str) -> str:
    """Python's name for a label; empty for one that means nothing."""
    name = _SAME.get(label.lower(), label.lower())
    try:
        return name if codecs.lookup(name)._is_text_encoding else ""  # noqa: SLF001 - the one way to tell base64 and rot13 from writing
    except LookupError:
        return ""


def read_page(body: bytes, content_type: str = "") -> Reading:
    """The text of ``body``; never fails: what cannot be read stands as U+FFFD and is counted."""
    header = _first(_HEADER.search(content_type))
    found = _META.search(body[:META_BYTES]) or _XML.search(body[:META_BYTES])
    meta = found[1].decode("ascii").lower() if found else ""
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), "")
    used = marked or _choose(body, [coding_of(label) for label in (header, meta) if label])
    text = body.decode(used, "replace").removeprefix("\ufeff")
    return Reading(text, header, meta, used, text.count("\ufffd"))


def _first(match: re.Match[str] | None) -> str:
    return match[1].lower() if match else ""


def _choose(body: bytes, declared: list[str]) -> str:
    known = [name for name in declared if name and not name.startswith("utf-16")]
    for name in known:
        if _fits(body, name):
            return name
    if _fits(body, "utf-8"):
        return "utf-8"
    return known[0] if known and _share(body, known[0]) > 0 else _recognise(body)


def _fits(body: bytes, name: str) -> bool:
    if name == "cp1252":
        return body.isascii()  # every byte is a letter in it, so only its absence would prove anything
    try:
        body.decode(name)
    except UnicodeDecodeError:
        return False
    return name not in {"gb18030", "big5hkscs"} or body.isascii() or _share(body, name) > 0 or not _fits(body, "utf-8")


def _recognise(body: bytes) -> str:
    return max(("gb18030", "big5hkscs", "utf-8"), key=lambda name: _share(body, name))


def _share(body: bytes, name: str) -> float:
    """How much of the Chinese text is made of characters that everybody uses."""
    text = body[:SAMPLE_BYTES].decode(name, "replace")
    foreign = [c for c in text if c > "\x7f"]
    return sum(c in _FREQUENT for c in foreign) / len(foreign) if foreign else 0.0
