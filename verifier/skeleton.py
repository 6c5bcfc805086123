"""What a label looks like and what it sounds like: two keys under which a copy meets its original. Pure.

*Look*: compatibility forms and accents folded, letters of other scripts read as the Latin letters they imitate
(after Unicode Technical Standard 39), letter pairs that melt together, traditional characters in their
simplified form, and Han characters that the eye confuses in one class. *Sound*: pinyin without tones, character
by character. Two names with one key are not equal; they are worth a warning. The classes are our own list, kept
short on purpose: each must fool a careful reader at the size of an address bar.
"""

import unicodedata
from functools import lru_cache

from opencc import OpenCC

from registry.kernel.pinyin import sounds

# Letters of other alphabets, each before the Latin letter that it imitates.
LATIN = {
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "г": "r", "һ": "h", "і": "i", "ї": "i",
    "ј": "j", "к": "k", "ӏ": "l", "м": "m", "н": "h", "о": "o", "п": "n", "ԛ": "q", "р": "p", "ѕ": "s",
    "т": "t", "у": "y", "ѵ": "v", "ԝ": "w", "х": "x", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i",
    "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "օ": "o", "ո": "n",
    "ս": "u", "հ": "h",
}  # fmt: skip
OTHER = {
    "0": "o", "1": "l", "ı": "i", "ɡ": "g", "ɑ": "a", "ß": "b", "ø": "o", "đ": "d", "ł": "l", "ƽ": "s",
    "ー": "一", "ㄧ": "一", "丨": "l", "ニ": "二", "ハ": "八", "カ": "力", "エ": "工", "ロ": "口", "タ": "夕",
    "ト": "卜", "オ": "才", "チ": "千", "ム": "厶", "メ": "乂", "ヒ": "匕", "ノ": "丿", "囗": "口",
}  # fmt: skip
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Each group reads as its first character.
SHAPES = (
    "己已巳", "未末", "土士", "日曰", "人入八", "大太犬", "天夭夫", "千干于", "戊戌戍戎", "免兔", "清请情晴睛精靖青",
    "北比", "市巿", "府俯腑", "国囯圄囶", "税悦锐说", "务芴", "政攻", "公厷", "益溢", "学字孝宇", "育肓", "圳训", "民氏", "检捡险", "央夹", "中申冲",
    "院阮", "季秀委", "全金", "交文", "酉西", "厂广", "州洲", "水永冰", "木本术", "力刀", "令今", "子孑", "午牛", "贝见",
    "凤风", "鸟乌", "竞竟", "微徽", "拔拨", "折拆析", "侯候", "住佳往", "徒徙陡", "拢扰", "辨辩辫", "历厉", "仓仑", "沦伦论轮",
    "抢枪", "刺剌", "幕墓慕暮", "哀衰衷", "密蜜", "茶荼", "灸炙", "享亨", "延廷", "治冶", "代伐", "即既", "圆园", "师帅",
    "间问闻", "厅斤", "杭抗坑", "华毕崋", "深琛", "洲州", "海侮", "江氿", "河洞", "山屲", "京亰亨", "汉仅", "湖糊",
    "博搏膊", "生圭", "卫韦", "局居", "社杜", "东乐车", "保堡", "部陪", "银很", "财材",
)  # fmt: skip
# Words that add a claim or nothing to a name: a copy puts them on, an original does not need them.
ADDED_WORDS = (
    "官方网站", "政府网站", "官方网", "官网", "官方", "门户网站", "门户", "网站", "主页", "首页", "在线", "网上", "登录", "查询", "服务平台",
    "平台", "认证", "报名", "办事", "招生", "录取", "缴费", "退税", "补贴", "申领", "年检", "年审", "预约", "挂号", "客服", "热线",
    "入口", "通知", "公告", "招聘", "考试", "成绩", "网", "www",
    "official", "gov", "login", "m", "wap", "app", "cn", "china", "online", "site", "web", "portal",
)  # fmt: skip
_SIMPLIFY = OpenCC("t2s")


def _shape_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in SHAPES:
        first = table.get(group[0], group[0])
        for character in group[1:]:
            table.setdefault(character, first)
    return table


_SHAPE = _shape_table()
LETTERS = {**{k: LATIN.get(v, v) for k, v in OTHER.items()}, **LATIN}


def simplified(text: str) -> str:
    """The text in simplified characters."""
    return str(_SIMPLIFY.convert(text))


@lru_cache(maxsize=65536)
def look_of(label: str) -> str:
    """The key of how a label (U-form) looks. Hyphens do not count."""
    folded = _folded(label)
    for pair, one in PAIRS:
        folded = folded.replace(pair, one)
    return "".join(_SHAPE.get(c, c) for c in simplified(folded))


def _folded(label: str) -> str:
    text = unicodedata.normalize("NFKC", label).lower().replace("-", "").replace("_", "").replace("·", "")
    parts = unicodedata.normalize("NFD", text)
    plain = unicodedata.normalize("NFC", "".join(c for c in parts if unicodedata.category(c) not in {"Mn", "Cf"}))
    return "".join(LETTERS.get(c, c) for c in plain)


@lru_cache(maxsize=65536)
def sound_of(label: str) -> str:
    """The key of how a label is read: pinyin without tones, a hyphen between syllables; empty without a Han
    character.
    """
    simple = simplified(label.replace("-", ""))
    if not any("\u4e00" <= c <= "\u9fff" for c in simple):
        return ""
    return "-".join(sounds(simple))


def without_added_words(label: str) -> str:
    """The label without hyphens and without words that a copy adds in front or behind; empty when nothing else
    is left.
    """
    text = label.replace("-", "")
    while True:
        shorter = _one_word_less(text)
        if shorter == text:
            return text
        text = shorter


def _one_word_less(text: str) -> str:
    for word in ADDED_WORDS:
        if text.startswith(word):
            return text.removeprefix(word)
        if text.endswith(word):
            return text.removesuffix(word)
    return text
