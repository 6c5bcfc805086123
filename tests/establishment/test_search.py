"""Search: by code, name present or past, part, sound, initials, with a slip; narrowed by place and kind."""

from dataclasses import replace
from pathlib import Path

import pytest

from registry.establishment.rollback import roll_back
from registry.establishment.search import Grade, search
from registry.establishment.search_keys import cut_syllables, gram, name_grams, syllables
from registry.establishment.search_refresh import refresh_search
from registry.kernel.db import Database
from registry.kernel.pinyin import sounds
from registry.store import body_search
from tests.establishment.county import ACTOR, bring, code
from tests.establishment.county import body as county_body
from tests.kit.clock import FakeClock

HEALTH = county_body(2, "长沙县卫生健康局", short_names=("长沙县卫健局",), former_names=("长沙县卫生局",))
EDUCATION = county_body(3, "长沙县教育局")
SCHOOL = county_body(4, "长沙县第一中学", uscc=code(4, kind="12"), kind="12", sponsor_uscc=code(3))
CITY = county_body(5, "长沙市教育局", uscc=code(5, "430100"), region="430100", level="city")
FOREIGN = county_body(6, "重庆市教育局", uscc=code(6, "500000"), region="500000", level="province")
ENDED = county_body(7, "长沙县教育局招生办公室", status="abolished")
OIL = county_body(8, "中国石油大学（华东）", uscc=code(8, "370000", "12"), kind="12", region="370000", level="central")
ALL = (HEALTH, EDUCATION, SCHOOL, CITY, FOREIGN, ENDED, OIL)


@pytest.fixture
async def filled(db: Database, clock: FakeClock, tmp_path: Path) -> Database:
    """Bodies of several places and levels; the import keeps the keys itself."""
    await bring(db, clock, tmp_path, *ALL)
    return db


async def ask(db: Database, text: str, **narrow: str) -> list[tuple[str, Grade]]:
    async with db.transaction() as conn:
        return [(found.name, found.grade) for found in await search(conn, text, **narrow)]  # type: ignore[arg-type]  # place and kind


@pytest.mark.parametrize(
    ("text", "first", "grade"),
    [
        (HEALTH.uscc, HEALTH.name, Grade.CODE),
        (HEALTH.uscc.lower(), HEALTH.name, Grade.CODE),
        ("长沙县教育局", EDUCATION.name, Grade.EXACT),
        ("長沙縣教育局", EDUCATION.name, Grade.EXACT),
        (" 长沙县 教育局 ", EDUCATION.name, Grade.EXACT),
        ("长沙县卫健局", "长沙县卫健局", Grade.EXACT),
        ("长沙县卫生局", "长沙县卫生局", Grade.EXACT),
        ("中国石油大学华东", OIL.name, Grade.EXACT),
        ("长沙县第", SCHOOL.name, Grade.BEGINNING),
        ("卫生健康", HEALTH.name, Grade.PART),
        ("第一中学", SCHOOL.name, Grade.PART),
        ("changshaxianjiaoyuju", EDUCATION.name, Grade.BEGINNING),
        ("Chang Sha Xian Wei Sheng", HEALTH.name, Grade.BEGINNING),
        ("chongqing", FOREIGN.name, Grade.BEGINNING),
        ("weishengjiankang", HEALTH.name, Grade.SOUND),
        ("csxjyj", EDUCATION.name, Grade.INITIALS),
        ("wsjkj", HEALTH.name, Grade.INITIALS),
        ("长沙县卫声健康局", HEALTH.name, Grade.SOUND),
        ("长沙县卫主健康局", HEALTH.name, Grade.SLIP),
        ("长沙县卫生健局", HEALTH.name, Grade.SLIP),
        ("长沙县卫生的健康局", HEALTH.name, Grade.SLIP),
    ],
)
async def test_a_body_is_found_by(filled: Database, text: str, first: str, grade: Grade) -> None:
    """A code in any case, a name of any time in any script, a part, a sound, initials or a name with a slip find the body they mean."""
    assert (await ask(filled, text))[0] == (first, grade)


async def test_the_highest_level_comes_first(filled: Database) -> None:
    """Among equal matches the province stands before the city, the city before the county, and what is no more at the end."""
    assert [name for name, _ in await ask(filled, "教育局")] == [FOREIGN.name, CITY.name, EDUCATION.name, ENDED.name]


async def test_place_and_kind_narrow(filled: Database) -> None:
    """A place keeps what lies within it, at any level, a kind or department what is of it."""
    assert [name for name, _ in await ask(filled, "教育局", region="430100")] == [CITY.name, EDUCATION.name, ENDED.name]
    assert [name for name, _ in await ask(filled, "教育局", region="50")] == [FOREIGN.name]
    assert [name for name, _ in await ask(filled, "长沙", kind="12")] == [SCHOOL.name]
    assert await ask(filled, "长沙县教育局", region="11") == []
    assert [name for name, _ in await ask(filled, "jiaoyuju", kind="1", region="4301")] == [
        CITY.name,
        EDUCATION.name,
        ENDED.name,
    ]


async def test_the_beginning_of_a_code_lists(filled: Database) -> None:
    """From six characters on the beginning of a code lists the bodies that have it."""
    assert {name for name, _ in await ask(filled, "11430121")} == {HEALTH.name, EDUCATION.name, ENDED.name}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "_",
        "\\",
        "\0",
        "'",
        "长沙县教育局\0",
        "%%%%%",
        "🙂🙂🙂",
        "zzzzzz",
        "不存在的名称",
        "\u202e",
        "x" * 5000,
    ],
)
async def test_strange_questions_find_nothing(filled: Database, text: str) -> None:
    """Wildcards, quotes, endless and empty questions are answered with nothing, not with an error."""
    assert await ask(filled, text) == []


async def test_keys_follow_changes(filled: Database, clock: FakeClock, tmp_path: Path) -> None:
    """After a change and after a rollback the search finds what is on file, and not what was."""
    report = await bring(
        filled, clock, tmp_path, replace(SCHOOL, name="星沙实验学校"), county_body(20, "长沙县星沙图书馆")
    )
    assert {name for name, _ in await ask(filled, "星沙")} == {"星沙实验学校", "长沙县星沙图书馆"}
    assert (await ask(filled, "第一中学"))[0] == (SCHOOL.name, Grade.PART)
    await roll_back(filled, report.run, actor=ACTOR, clock=clock)
    assert await ask(filled, "星沙") == []
    assert await filled.fetchval("select count(*) from body_key_due") == 0


async def test_all_keys_can_be_made_anew(filled: Database) -> None:
    """Made anew beside the old ones, the keys are the same, and so are the indexes."""
    keys = "select uscc, role, name, rank, plain, sound, initials, grams from body_key order by uscc, role, name"
    indexes = "select indexdef from pg_indexes where tablename = 'body_key' order by indexname"
    before, structure = await filled.fetch(keys), await filled.fetch(indexes)
    await filled.execute("update body_key_state set whole = true")
    assert await refresh_search(filled) == len(before)
    assert await filled.fetch(keys) == before
    assert await filled.fetch(indexes) == structure
    assert await refresh_search(filled) == 0


async def test_exact_names_need_no_keys(filled: Database) -> None:
    """Before any key is made a body is found by its code and by its exact name."""
    await filled.execute("delete from body_key")
    assert await ask(filled, "長沙县卫健局") == [("长沙县卫健局", Grade.EXACT)]
    assert await ask(filled, HEALTH.uscc) == [(HEALTH.name, Grade.CODE)]


def test_letters_are_cut_into_syllables() -> None:
    """A run of letters reads as syllables in every usual way, the shortest first; what is no sound does not read."""
    assert ("xian",) in cut_syllables("xian")
    assert ("xi", "an") in cut_syllables("xian")
    assert ("chang", "sha") in cut_syllables("changsha")
    assert cut_syllables("xyz") == []
    assert len(cut_syllables("xian" * 12)) <= 4


def test_places_sound_as_people_say_them() -> None:
    """Well-known places and words have their own sound, all others the first reading of their characters."""
    assert syllables("重庆市银行") == ("chong", "qing", "shi", "yin", "hang")
    assert syllables("厦门大学") == ("xia", "men", "da", "xue")
    assert syllables("教育局") == sounds("教育局")


def test_keys_of_a_name_are_bounded() -> None:
    """A name of any length has each key once, and not more than two hundred."""
    parts = syllables("长沙" * 100)
    grams = name_grams("长沙" * 100, parts, "430121", "11")
    assert len(grams) == len(set(grams))
    many = "".join(map(chr, range(0x4E00, 0x4F80)))
    assert len(name_grams(many, syllables(many), "430121", "11")) == 200


async def test_common_keys_are_not_looked_up(
    filled: Database, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that most names hold are learnt from the statistics and left to the comparison of the text; the answers stay the same."""
    monkeypatch.setattr(body_search, "MAX_READ", 60)
    monkeypatch.setattr(body_search, "COMMON_SHARE", 0.2)
    await bring(
        filled, clock, tmp_path, *(county_body(100 + n, f"长沙县{chr(0x4E00 + n)}村民委员会") for n in range(200))
    )
    await filled.execute("update body_key_state set whole = true")
    await refresh_search(filled)
    assert await filled.fetchval("select count(*) from body_key_common where gram = $1", gram("c委员")) == 1
    assert len(await ask(filled, "村民委员会")) == 20
    assert await ask(filled, "丁村民委员会") == [("长沙县丁村民委员会", Grade.PART)]
    assert await ask(filled, "教育局", region="50") == [(FOREIGN.name, Grade.PART)]
    assert (await ask(filled, "wyh"))[0][1] is Grade.INITIALS
    assert ("长沙县丁村民委员会", Grade.SLIP) in await ask(filled, "长沙县丁村氏委员会")
