"""Words that do not belong on an official site, and the company in which they do. Pure; the list has a version.

*Strong* words are said by nobody but those who sell it or boast of it. *Weak* words also stand in notices of the police and in news, so they
count only outside of words that fight the thing (打击、防范、查处 …) and only in number. An installation adds words of its own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import islice

VERSION = 1
CONTEXT = 24  # characters on each side that are kept, and in which fighting words excuse
MAX_HITS = 40  # of one page; more prove nothing more

FIGHTING = re.compile(
    "打击|严打|整治|治理|严禁|禁止|防范|防止|预防|查处|查获|警惕|远离|举报|反诈|反赌|禁赌|诈骗|案件|破获|涉嫌|涉案|通报|判处|判决|抓获|抵制|拒绝|违法|犯罪|非法|"
    "专项行动|扫黄|黄赌毒|净网|清查|处罚|拘留|取缔|曝光|危害|戒除|福利彩票|体育彩票|福彩|体彩|公益金|条例|办法|宣传|提醒|谨防|不得|警方|公安"
)
SUSPECT_TLDS = frozenset(
    ("top", "xyz", "vip", "win", "bet", "casino", "poker", "club", "icu", "cyou", "sbs", "cfd", "loan", "work", "click", "link", "tk", "ml", "ga",
     "cf", "gq", "pw", "buzz", "rest", "fun", "live", "bid")
)  # fmt: skip
SHORTENERS = frozenset(
    ("bit.ly", "t.cn", "url.cn", "dwz.cn", "suo.im", "tinyurl.com", "goo.gl", "is.gd", "t.co", "ow.ly", "mrw.so", "suo.nz", "rrd.me", "reurl.cc")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A word that was found. ``where``: text, title, meta, anchor. ``strong`` words count alone."""

    word: str
    kind: str
    strong: bool
    excused: bool
    where: str
    context: str


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted({word.lower() for word in words}, key=len, reverse=True)
    escaped = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in ordered]
    return re.compile("|".join(escaped))


def _table() -> dict[str, tuple[str, bool]]:
    lines = (resources.files("verifier.checks.tables") / "words.csv").read_text("utf-8").splitlines()[1:]
    rows = [line.split(",") for line in lines if line]
    return {word.lower(): (kind, strength == "strong") for kind, strength, word in rows}


_KIND = _table()
_WORDS = _pattern(_KIND)
_INNER = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff·*_|.-]+")


def scan(text: str, where: str = "text", extra: Iterable[str] = ()) -> Iterator[Hit]:
    """The words of the list in ``text``; ornaments between Han characters do not hide them. ``extra``: strong words of one's own."""
    folded = _fold(text)
    for found in islice(_WORDS.finditer(folded), MAX_HITS):
        kind, strong = _KIND[found[0]]
        yield _hit(folded, found, kind, strong, where)
    for word in extra:
        at = folded.find(word.lower())
        if at >= 0:
            yield Hit(word, "listed", True, False, where, folded[max(0, at - CONTEXT) : at + len(word) + CONTEXT])


def _fold(text: str) -> str:
    folded = text.lower()
    return re.sub(r"(?<=[\u4e00-\u9fff])" + _INNER.pattern + r"(?=[\u4e00-\u9fff])", "", folded)


def _hit(text: str, found: "re.Match[str]", kind: str, strong: bool, where: str) -> Hit:
    context = text[max(0, found.start() - CONTEXT) : found.end() + CONTEXT]
    excused = FIGHTING.search(context) is not None
    return Hit(found[0], kind, strong, excused, where, context)


def is_suspect_host(host: str) -> str:
    """``shortener`` or ``tld`` for hosts that honest sites seldom link to; empty otherwise."""
    if host in SHORTENERS:
        return "shortener"
    return "tld" if host.rpartition(".")[2] in SUSPECT_TLDS else ""
