"""The gazetteer: forms, history, what is shared and what is not."""

import pytest

from tests.policy.world import TABLES

KEY = TABLES.ring.key
GAZETTEER = TABLES.gazetteer


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("433100", "湘西州"),
        ("433100", "湘西土家族苗族自治州"),
        ("450000", "广西"),
        ("150000", "内蒙古"),
        ("431228", "芷江县"),
        ("430100", "长沙"),
        ("232700", "大兴安岭"),
        ("310115", "浦东"),
        ("330113", "临平区"),
        ("540581", "错那市"),
        ("632223", "海晏县"),
        ("622926", "东乡"),
    ],
)
def test_a_place_is_known_by_its_usual_forms(code: str, form: str) -> None:
    """Full names, ethnic autonomous short forms and bare stems lead to the place."""
    assert code in {place.code for place in GAZETTEER.alive_with(KEY(form))}


@pytest.mark.parametrize(
    ("form", "count"), [("鼓楼区", 4), ("朝阳区", 2), ("长沙", 2), ("大理", 2), ("长沙市", 1), ("株洲", 1)]
)
def test_shared_names_are_counted_over_the_living_places_of_the_country(form: str, count: int) -> None:
    """Four 鼓楼区; 长沙 is city and county; 株洲县 was abolished in 2018, so 株洲 is one place."""
    assert len(GAZETTEER.alive_with(KEY(form))) == count


def test_an_abolished_place_is_kept_with_its_years() -> None:
    """崇文区 ended in 2010; its name is still read as a place."""
    match = GAZETTEER.match(KEY("崇文区文化馆"), 0)
    assert match is not None
    assert match.alive == ()
    assert [(place.name, place.until) for place in match.places] == [("崇文区", 2010)]


@pytest.mark.parametrize(
    ("name", "lead", "places", "rest"),
    [
        ("湖南省长沙市岳麓区教育局", "", ["湖南省", "长沙市", "岳麓区"], "教育局"),
        ("中国共产党长沙市委员会", "中国共产党", ["长沙市"], "委员会"),
        ("国家税务总局福州市鼓楼区税务局", "国家税务总局", ["福州市", "鼓楼区"], "税务局"),
        ("城关镇人民政府", "", [], "城关镇人民政府"),
        ("新华社", "", [], "新华社"),
        ("株洲市岳麓区教育局", "", ["株洲市"], "岳麓区教育局"),
        ("广州乡村振兴局", "", ["广州"], "乡村振兴局"),
        ("雅礼中学", "", [], "雅礼中学"),
    ],
)
def test_a_name_is_read_as_lead_places_and_rest(name: str, lead: str, places: list[str], rest: str) -> None:
    """Each further place lies beneath the one before; smaller places and ordinary words are not taken for a stem."""
    chain = GAZETTEER.read(KEY(name))
    assert (chain.lead, [match.text for match in chain.matches], chain.rest) == (
        KEY(lead),
        [*map(KEY, places)],
        KEY(rest),
    )


def test_the_country_has_the_places_that_it_has() -> None:
    """34 provinces, 333 prefectures (334 with 三沙's predecessor counted out) and some 2,850 counties are alive."""
    alive = [place for place in GAZETTEER.by_code.values() if place.alive]
    by_rank = [sum(place.rank == rank for place in alive) for rank in range(3)]
    assert by_rank[0] == 34
    assert 330 <= by_rank[1] <= 335
    assert 2840 <= by_rank[2] <= 2860
