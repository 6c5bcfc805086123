"""Whether two names that met under a key are really alike, and how. Pure: two texts in, a kind or None out.

A look, a sound or a spelling in letters that is the same is enough. *Nearly* the same is not: 江苏 and 江西 differ in one character and are two
provinces. So one character more, less or another counts only when it does not tell names apart: a doubled character, one that the eye or the ear
takes for the other or that makes no word with its neighbours (昆朋市), one left out that is no number and no direction, two neighbours that
changed places.
"""

import re
from enum import StrEnum
from functools import lru_cache

from registry.kernel.pinyin import sound, sounds
from registry.published.characters import ordinary_pairs
from verifier.lookalikes.folds import LIMIT, are_alike, look_table
from verifier.skeleton import simplified


class Kind(StrEnum):
    """How a label is like an official name; the order is that of alarm."""

    LOOK = "look"  # 清芔大学
    ADDED = "added"  # 清华大学官网
    SOUND = "sound"  # 青花大学
    SAME = "same"  # the very name, elsewhere
    ROMAN = "roman"  # qinghuadaxue, qinghua大学
    NEAR = "near"  # 清华大大学


MIN_SOUND = 3  # 北大 sounds like 背带: two syllables prove nothing
MIN_ROMAN = 8  # letters; shorter pinyin is anybody's word
MIN_NEAR = 4  # characters; in a shorter name one character is too much
MIN_NEAR_LETTERS = 7  # moe and mob are different words
MIN_SHORTER = 5  # characters of a name of which one may be left out
# Characters that tell sisters apart; leaving one out makes another name, not a copy.
TELLING = frozenset("一二三四五六七八九十百东西南北中上下左右前后内外新老大小分副第甲乙丙丁0123456789")
# Second readings of characters that names bear; the table of the kernel gives each its first one.
READINGS = {
    "藏": "zang", "重": "chong", "长": "chang", "厦": "xia", "朝": "chao", "乐": "yue", "会": "kuai", "行": "hang", "调": "diao", "都": "dou",
    "六": "lu", "堡": "bu", "埔": "bu", "蚌": "beng", "单": "shan", "解": "xie", "曾": "zeng", "盖": "ge", "宿": "xiu", "莘": "xin", "涡": "guo",
    "参": "shen", "石": "dan", "率": "lv", "传": "zhuan", "种": "zhong", "差": "chai", "角": "jue", "降": "xiang", "校": "jiao", "弹": "tan",
    "系": "ji", "模": "mu", "柏": "bo", "薄": "bo", "秘": "bi", "番": "pan", "牟": "mu", "阿": "e", "浚": "xun", "歙": "xi", "省": "xing",
}  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_BLUNT = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
# Characters that a copy puts in without changing what is read.
FILLERS = frozenset("的之网站官市省县区国中一")


@lru_cache(maxsize=32768)
def look(character: str) -> str:
    """The character that stands for the class that the eye sees."""
    return chr(look_table()[ord(character)]) if ord(character) < LIMIT else character


def look_text(text: str) -> str:
    """Each character as its class."""
    return "".join(map(look, text))


def roman(text: str) -> str:
    """The name in letters, sharp sounds blunt (zh as z, ng as n) and doubled letters once; empty when a character has no reading."""
    letters = text if text.isascii() else sound(text)
    if not letters.isascii():
        return ""
    for sharp, blunt in _BLUNT:
        letters = letters.replace(sharp, blunt)
    return _DOUBLED.sub(r"\1", letters)


def nearly(label: str, official: str, usual: frozenset[str] = frozenset()) -> bool:
    """Whether ``label`` is ``official`` with one slip that does not tell names apart. Plain texts; ``usual`` are neighbours seen in names."""
    if min(len(label), len(official)) < MIN_NEAR or (official.isascii() and len(official) < MIN_NEAR_LETTERS):
        return False
    if len(label) == len(official):
        return _replaced(label, official, usual)
    if len(label) == len(official) + 1:
        return _put_in(label, look_text(label), look_text(official), usual)
    return len(label) == len(official) - 1 and _left_out(look_text(label), look_text(official))


def _replaced(label: str, official: str, usual: frozenset[str]) -> bool:
    places = [n for n, (a, b) in enumerate(zip(label, official, strict=True)) if a != b and look(a) != look(b)]
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        return look(label[first]) == look(official[second]) and look(label[second]) == look(official[first])
    return len(places) == 1 and (not _is_ordinary(label, places[0], usual) or _taken_for(label, official, places[0]))


def _taken_for(label: str, official: str, place: int) -> bool:
    one, other = label[place], official[place]
    return are_alike(one, other) or not _heard(one).isdisjoint(_heard(other)) or (one.isascii() and other.isascii())


def _is_ordinary(label: str, place: int, usual: frozenset[str]) -> bool:
    """Whether the character there makes a usual pair with a neighbour: 江西省 does, 江酉省 does not."""
    pairs = ordinary_pairs()
    around = [label[n : n + 2] for n in (place - 1, place) if n >= 0]
    return any(pair in pairs or pair in usual for pair in around)


@lru_cache(maxsize=32768)
def _heard(character: str) -> frozenset[str]:
    """How a character may be heard, also in the south: no curled tongue, n for l, n for ng."""
    plain = simplified(character)
    readings = {sounds(plain)[0], READINGS.get(plain, sounds(plain)[0])}
    return frozenset(_blurred(reading) for reading in readings)


def _blurred(heard: str) -> str:
    for sharp, blunt in _BLUNT:
        heard = heard.replace(sharp, blunt)
    return "n" + heard[1:] if heard.startswith("l") else heard


def _put_in(label: str, seen: str, wanted: str, usual: frozenset[str]) -> bool:
    place = next((n for n, (a, b) in enumerate(zip(seen, wanted, strict=False)) if a != b), len(wanted))
    if seen[:place] + seen[place + 1 :] != wanted:
        return False
    new = label[place]
    if new in TELLING:
        return False
    is_doubled = seen[place] in {*seen[max(place - 1, 0) : place], *seen[place + 1 : place + 2]}
    return is_doubled or new in FILLERS or new.isascii() or not _is_ordinary(label, place, usual)


def _left_out(seen: str, wanted: str) -> bool:
    if len(wanted) < MIN_SHORTER:
        return False
    place = next((n for n, (a, b) in enumerate(zip(seen, wanted, strict=False)) if a != b), len(seen))
    return wanted[:place] + wanted[place + 1 :] == seen and wanted[place] not in TELLING
