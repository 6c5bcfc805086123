"""By what a name is found: pairs of its characters, pairs of its syllables, triples of its initials, its place and kind. Pure.

PostgreSQL's own trigrams do not know Han characters as one wants them, and the embedded server does not carry that extension, so the keys
are made here. Each is hashed to 32 bits and all of a name's keys stand in one array under a GIN index: a question is the
array of its own keys, an answer a name that holds them all. What hashes alike by accident is sorted out by comparing the text.

Characters are those of the index label, one spelling for simplified and traditional script; syllables are without tone.
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from registry.kernel.pinyin import sounds

MAX_GRAMS = 200  # of one name; the longest real names have some forty characters
MAX_CUTS = 4  # readings of a run of letters as syllables (xian: xian, xi an) that are tried
_KEPT = 1 << 18  # pairs that are hashed once: those of the whole country

# Places whose sound differs from the first reading of their characters, and words that organisations carry in their names.
_PHRASES = {
    "重庆": ("chong", "qing"), "重大": ("zhong", "da"), "银行": ("yin", "hang"), "行业": ("hang", "ye"), "厦门": ("xia", "men"),
    "大厦": ("da", "sha"), "长沙": ("chang", "sha"), "长春": ("chang", "chun"), "长安": ("chang", "an"), "长江": ("chang", "jiang"),
    "长治": ("chang", "zhi"), "长城": ("chang", "cheng"), "长寿": ("chang", "shou"), "成都": ("cheng", "du"), "都江": ("du", "jiang"),
    "六安": ("lu", "an"), "六合": ("lu", "he"), "蚌埠": ("beng", "bu"), "番禺": ("pan", "yu"), "乐清": ("yue", "qing"),
    "乐山": ("le", "shan"), "音乐": ("yin", "yue"), "调查": ("diao", "cha"), "会计": ("kuai", "ji"), "单县": ("shan", "xian"),
    "铅山": ("yan", "shan"), "台州": ("tai", "zhou"), "丽水": ("li", "shui"), "尉犁": ("yu", "li"), "校长": ("xiao", "zhang"),
}  # fmt: skip


@lru_cache(maxsize=_KEPT)
def gram(text: str) -> int:
    """A key as the 32-bit integer that is stored; ``text`` begins with the letter of its kind."""
    return zlib.crc32(text.encode()) - 0x8000_0000


def syllables(name: str) -> tuple[str, ...]:
    """How a name sounds, one item a Han character; letters and digits stand for themselves, all else is left out."""
    kept = "".join(character for character in name.lower() if character.isalnum())
    found = list(sounds(kept))
    for place in range(len(kept) - 1):
        phrase = _PHRASES.get(kept[place : place + 2])
        if phrase:
            found[place : place + 2] = phrase
    return tuple(found)


def character_grams(label: str) -> list[int]:
    """Pairs of characters of an index label."""
    return [gram(f"c{label[place : place + 2]}") for place in range(len(label) - 1)]


def syllable_grams(parts: Sequence[str]) -> list[int]:
    """Pairs of syllables."""
    return [gram(f"s{first} {second}") for first, second in pairwise(parts)]


def initial_grams(letters: str) -> list[int]:
    """Triples of initials."""
    return [gram(f"i{letters[place : place + 3]}") for place in range(len(letters) - 2)]


def place_gram(region: str) -> int:
    """A region of two, four or six digits."""
    return gram(f"r{region}")


def kind_gram(kind: str) -> int:
    """A kind, or its first character for all kinds of a department."""
    return gram(f"k{kind}")


def initials_of(parts: Sequence[str]) -> str:
    """The first letter of each syllable."""
    return "".join(part[0] for part in parts if part)


def name_grams(label: str, parts: Sequence[str], region: str, kind: str) -> list[int]:
    """All keys of one name of a body, each once."""
    about = [place_gram(region[:2]), place_gram(region[:4]), place_gram(region), kind_gram(kind), kind_gram(kind[:1])]
    texts = (*character_grams(label), *syllable_grams(parts), *initial_grams(initials_of(parts)))
    return list(dict.fromkeys((*about, *texts)))[:MAX_GRAMS]


@cache
def _spellings() -> tuple[frozenset[str], int]:
    """Every syllable that a Han character of the basic block has, and the length of the longest."""
    known = frozenset(
        part for part in sounds("".join(map(chr, range(0x4E00, 0x9FA6)))) if part.isascii() and part.isalpha()
    )
    return known, max(map(len, known))


def cut_syllables(letters: str) -> list[tuple[str, ...]]:
    """How a run of letters reads as syllables, those with the fewest first; empty when it does not."""
    return sorted(_cuts(letters), key=len)[:MAX_CUTS]


def _cuts(letters: str) -> list[tuple[str, ...]]:
    known, longest = _spellings()
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - longest), end):
            if letters[start:end] in known:
                ways[end] += [(*way, letters[start:end]) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:MAX_CUTS]
    return ways[-1]


def leave_one_out(grams: Sequence[int]) -> Iterator[list[int]]:
    """For each place where one wrong character may stand: the keys that it does not touch."""
    for place in range(len(grams) + 1):
        rest = [*grams[: max(0, place - 1)], *grams[place + 1 :]]
        if rest:
            yield rest


def likeness(asked: str, found: str) -> float:
    """How much of what was asked for stands in a name, by pairs of characters; 1 is all of it."""
    pairs = {asked[place : place + 2] for place in range(len(asked) - 1)}
    there = {found[place : place + 2] for place in range(len(found) - 1)}
    return len(pairs & there) / len(pairs) if pairs else 0.0
