"""A label as it is compared: one spelling, and without the words that a copy puts on. Pure.

``plain`` is cheap for what comes by the million: a label of Han characters or of ASCII letters passes a few checks.
"""

import re
import unicodedata
from collections import defaultdict

from verifier.skeleton import ADDED_WORDS, LETTERS, PAIRS

# Beside those of the check page: what a copy that nobody asked for adds to a name. No place and no office stands here.
MORE_WORDS = (
    "中国", "政务", "政务网", "政务服务网", "政务服务", "政府网", "公益", "公益网", "公众号", "小程序", "客户端", "客服",
    "服务网", "服务", "服务大厅",
    "大厅", "网上大厅", "网上办事", "网上服务", "信息网", "信息", "公示", "公告", "通知", "入口", "查询网", "登录入口", "申报", "缴费", "预约",
    "招聘", "考试", "举报", "投诉", "退税", "补贴", "代办", "办证", "查分", "成绩查询", "下载", "新闻",
    "新闻网", "中心网", "官方客服", "指定", "正版", "最新", "唯一",
    "http", "https", "m", "app", "com", "net", "org",
    "home", "service", "zhengwu", "guanwang", "zaixian", "guanfang", "zhongguo", "gongyi", "wap", "mobile", "info", "top",
)  # fmt: skip
MAX_CORES = 8  # of one label; who puts on more words than these is not read as a name
MIN_LEFT = 2  # characters that must remain; 中国政务 is no name with words put on
_SEPARATORS = str.maketrans("", "", "-_·.•・‐‑–—－　 \u200b\u200c\u200d\ufeff\u00ad")
_ODD = re.compile(r"[^\u3400-\u9fffa-z0-9]")
_TAIL = "abcdefghijklmnopqrstuvwxyz0123456789"


def _by_end(*, first: bool) -> dict[str, tuple[str, ...]]:
    table: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted({*ADDED_WORDS, *MORE_WORDS}, key=len, reverse=True):
        table[word[0 if first else -1]].append(word)
    return {letter: tuple(words) for letter, words in table.items()}


_HEADS, _ENDS = _by_end(first=True), _by_end(first=False)


def plain(label: str) -> str:
    """A U-label in one spelling: small letters, no separators, compatibility forms and foreign letters as what they imitate."""
    text = label.lower().translate(_SEPARATORS)
    if not _ODD.search(text):
        return _paired(text)
    text = unicodedata.normalize("NFKC", text).lower()
    bare = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) not in {"Mn", "Cf"})
    return _paired("".join(LETTERS.get(c, c) if c > "z" else c for c in bare).translate(_SEPARATORS))


def _paired(text: str) -> str:
    for pair, one in PAIRS:
        if pair in text:
            text = text.replace(pair, one)
    return text


def cores(text: str) -> tuple[str, ...]:
    """What may be left of a plain text when words, and behind Han letters and digits, that were put on at its ends are taken off, one by one.

    Empty when nothing was put on; at most :data:`MAX_CORES`.
    """
    found: dict[str, None] = {}
    waiting = [text]
    if not text.isascii() and (bare := text.strip(_TAIL)) != text and len(bare) >= MIN_LEFT:
        found[bare] = None
        waiting.append(bare)
    while waiting and len(found) < MAX_CORES:
        for shorter in _one_less(waiting.pop()):
            if shorter not in found:
                found[shorter] = None
                waiting.append(shorter)
    return tuple(found)


def _one_less(text: str) -> list[str]:
    longest = len(text) - MIN_LEFT
    ends = (text[: -len(word)] for word in _ENDS.get(text[-1:], ()) if len(word) <= longest and text.endswith(word))
    heads = (text[len(word) :] for word in _HEADS.get(text[:1], ()) if len(word) <= longest and text.startswith(word))
    return [*ends, *heads]
