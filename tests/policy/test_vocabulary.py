"""Generic names, stems, and what is distinctive without its place."""

import pytest

from registry.policy.naming.basis import common_in_order, is_within
from registry.policy.naming.profile import is_distinctive
from registry.policy.naming.vocabulary import BROAD, STRICT
from tests.policy.world import TABLES, body

KEY, WORDS = TABLES.ring.key, TABLES.words


@pytest.mark.parametrize(
    "name",
    [
        "教育局",
        "市教育局",
        "第一中学",
        "一中",
        "人民医院",
        "县人民医院",
        "图书馆",
        "数据资源管理局",
        "发展和改革委员会",
        "市委宣传部",
        "疾控中心",
        "人大常委会",
        "作家协会",
        "不动产登记中心",
        "文化市场综合行政执法支队",
        "机关幼儿园",
        "第十一中学",
    ],
)
def test_a_name_of_common_words_is_generic(name: str) -> None:
    """It is one, also as a full name on file."""
    assert WORDS.is_generic(KEY(name), STRICT)


@pytest.mark.parametrize(
    "name", ["雅礼中学", "复旦大学", "湘雅医院", "协和医院", "故宫博物院", "新华社", "交大", "外交学院", "国务院"]
)
def test_a_name_with_a_brand_is_not_generic(name: str) -> None:
    """Not even where the broadest list of suffixes is used."""
    assert not WORDS.is_generic(KEY(name), BROAD)


@pytest.mark.parametrize("name", ["税务总局", "电子科技大学", "审计署", "人民日报社"])
def test_bodies_of_the_centre_bear_bare_names(name: str) -> None:
    """A name of common words that ends like a central body or a university is generic only when it is not on file."""
    assert not WORDS.is_generic(KEY(name), STRICT)
    assert WORDS.is_generic(KEY(name), BROAD)


@pytest.mark.parametrize(
    ("name", "distinctive"),
    [
        ("雅礼中学", True),
        ("爱眼公益基金会", True),
        ("教育局", False),
        ("儿童医院", False),
        ("信鸽协会", False),
        ("湖湘文化研究会", False),
        ("阳光幼儿园", False),
        ("人居环境研究中心", False),
    ],
)
def test_only_a_brand_makes_a_name_distinctive_without_its_place(name: str, distinctive: bool) -> None:
    """Common brands, associations and functions that the lists may lack do not."""
    assert is_distinctive(KEY(name), WORDS) is distinctive


def test_a_stem_is_what_no_place_and_no_common_word_explains() -> None:
    """雅礼 of 长沙市雅礼中学, 教育 as the function of 长沙市教育局, 新华 although it looks like a place."""
    stems = [TABLES.profile(body(name)).stems[0] for name in ("长沙市雅礼中学", "长沙市教育局", "新华通讯社")]
    assert stems[0].text == KEY("雅礼")
    assert stems[1].words == {KEY("教育")}
    assert KEY("新华") in stems[2].text


def test_characters_count_only_in_their_order() -> None:
    """交大 stands in 交通大学, 大交 does not."""
    assert is_within("交大", "交通大学")
    assert not is_within("大交", "交通大学")
    assert common_in_order("社会人才", "人力资源社会保障") == "社会"
