"""Synthetic bodies: valid, repeatable, realistic."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.establishment.columns import read_body, write_cells
from registry.establishment.exporting import write_bodies, write_generated
from registry.establishment.generate import AS_OF, DEMO_COUNT, demo_bodies, generate
from registry.establishment.rows import Row
from registry.establishment.synthetic.chance import Chance, Words, numeral
from registry.establishment.synthetic.places import living_places, place_by_code
from registry.kernel.clock import BEIJING
from registry.model.body import Body
from registry.policy.codes import check_uscc, kind_of

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
KINDS = frozenset(
    [
        "00",
        "11",
        "12",
        "13",
        "19",
        "21",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "39",
        "41",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "59",
        "61",
        "62",
        "69",
        "71",
        "72",
        "79",
        "81",
        "89",
        "91",
        "92",
        "93",
        "A1",
        "A9",
        "N1",
        "N2",
        "N3",
        "N9",
        "G1",
        "Y1",
    ]
)


@pytest.fixture(scope="module")
def demo() -> list[Body]:
    return list(demo_bodies())


def read_back(body: Body, now: datetime = NOW) -> object:
    cells = dict(zip(_columns(), write_cells(body), strict=True))
    return read_body(Row(2, cells), now)


def _columns() -> tuple[str, ...]:
    return tuple(Body.__dataclass_fields__)


def test_demo_has_about_two_thousand_bodies_with_codes_and_names_of_their_own(demo: list[Body]) -> None:
    """The demo has 2,000 bodies, and no two share a code or a full name."""
    assert len(demo) == DEMO_COUNT
    assert len({body.uscc for body in demo}) == DEMO_COUNT
    assert len({body.name for body in demo}) == DEMO_COUNT


def test_demo_shows_every_kind_province_level_and_status(demo: list[Body]) -> None:
    """Every kind code of the standard, all 31 mainland provinces, all levels and every status are among the demo's bodies."""
    assert {body.kind for body in demo} >= KINDS
    provinces = {place.code[:2] for place in living_places()}
    assert len(provinces) == 31
    assert {body.region[:2] for body in demo} >= provinces
    assert {body.level for body in demo} == {"central", "province", "city", "county", "town"}
    statuses = Counter(body.status for body in demo)
    assert set(statuses) == {"normal", "renamed", "merged", "split", "abolished", "cancelled", "suspended"}
    assert statuses["normal"] > 0.9 * DEMO_COUNT


def test_demo_has_same_named_districts_of_different_cities(demo: list[Body]) -> None:
    """Four districts are called 鼓楼区, two 朝阳区, and each has its own government under its city's name."""
    names = {body.name for body in demo}
    for city in ("南京市", "徐州市", "福州市", "开封市"):
        assert f"{city}鼓楼区人民政府" in names
    assert {"北京市朝阳区人民政府", "长春市朝阳区人民政府"} <= names
    assert len({body.region for body in demo if body.name.endswith("鼓楼区人民政府")}) == 4


def test_demo_knows_the_central_organs(demo: list[Body]) -> None:
    """The State Council and its ministries are there with their short names, at the central level."""
    by_name = {body.name: body for body in demo}
    council = by_name["中华人民共和国国务院"]
    assert council.level == "central"
    assert "国务院" in council.short_names
    assert by_name["国家税务总局"].sponsor_uscc == council.uscc


def test_codes_carry_both_check_characters_and_the_kind(demo: list[Body]) -> None:
    """Every code passes GB 32100 and GB 11714, its kind stands in front, and 民主党派 have internal codes."""
    for body in demo:
        assert check_uscc(body.uscc) == body.uscc
        assert kind_of(body.uscc) == body.kind
        assert body.uscc.startswith("Z") == (body.kind == "00")


def test_successors_and_sponsors_are_bodies_of_the_demo(demo: list[Body]) -> None:
    """A sponsor or successor code always belongs to another body that is there, and a successor is alive."""
    by_code = {body.uscc: body for body in demo}
    followed = [body for body in demo if body.successor_uscc]
    assert followed
    for body in followed:
        assert by_code[body.successor_uscc].status == "normal"
        assert body.status in {"renamed", "merged", "split", "abolished"}
    sponsored = [body for body in demo if body.sponsor_uscc]
    assert len(sponsored) > DEMO_COUNT / 3
    assert all(body.sponsor_uscc in by_code and body.sponsor_uscc != body.uscc for body in sponsored)


def test_demo_taken_later_is_not_stale() -> None:
    """Taken on another day, the demo's annual reports and certificates are those of that day, under the same names."""
    later = list(demo_bodies(date(2031, 9, 1)))
    reports = Counter(body.annual_report_year for body in later if body.annual_report_year)
    assert max(reports) == 2030
    assert reports[2030] > 0.9 * sum(reports.values())
    assert [body.name for body in islice(later, 100)] == [body.name for body in islice(demo_bodies(), 100)]


def test_the_demo_survives_being_written_and_read(demo: list[Body]) -> None:
    """Every body of the demo, written as a row and read again, is the same body."""
    assert [read_back(body) for body in demo] == demo


def test_one_seed_gives_one_file_in_every_process(tmp_path: Path) -> None:
    """One seed gives one file, byte for byte, also in a process with another hash seed, locale and time zone."""
    assert write_generated(tmp_path / "a.csv", 1_000, 42) == 1_000
    write_generated(tmp_path / "c.csv", 1_000, 43)
    code = "import sys; from pathlib import Path; from registry.establishment.exporting import write_generated as w; w(Path(sys.argv[1]), 1000, 42)"
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "0"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "b.csv")], check=True, env=elsewhere)
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert a == b
    assert a != c


@given(count=st.integers(0, 400), seed=st.integers(0, 2**64))
@settings(max_examples=25, deadline=None)
def test_any_count_and_seed_give_readable_bodies(count: int, seed: int) -> None:
    """For any count and seed there are exactly so many bodies, all distinct, and each survives being written and read."""
    bodies = list(generate(count, seed))
    assert len(bodies) == count
    assert len({body.uscc for body in bodies}) == count
    assert len({body.name for body in bodies}) == count
    for body in bodies:
        assert read_back(body) == body


def test_many_bodies_stay_distinct() -> None:
    """Among 60,000 bodies no code and no full name comes twice, and towns, villages and citizens' groups abound."""
    kinds: Counter[str] = Counter()
    names, codes = set(), set()
    for body in generate(60_000, 7):
        kinds[body.kind] += 1
        names.add(hash(body.name))
        codes.add(body.uscc)
    assert len(names) == len(codes) == 60_000
    assert kinds["54"] + kinds["55"] > 4_000
    assert kinds["12"] > kinds["53"]


def test_places_are_the_living_ones() -> None:
    """Places come from the gazetteer: abolished districts are not among them, and a district's title begins with its city."""
    places = place_by_code()
    assert places["320106"].title == "南京市鼓楼区"
    assert places["320321"].title == "丰县"
    assert not any(place.name == "宣武区" for place in living_places())
    assert Counter(place.level for place in living_places())["province"] == 31


@given(st.integers(1, 99))
def test_numerals_are_those_of_school_names(number: int) -> None:
    """Chinese numerals read back as the number they stand for."""
    text = numeral(number)
    tens, _, ones = text.rpartition("十")
    digits = "零一二三四五六七八九"
    value = digits.index(ones) if ones else 0
    if "十" in text:
        value += 10 * (digits.index(tens) if tens else 1)
    assert value == number


def test_words_never_repeat_even_after_all_pairs() -> None:
    """Proper-name words are distinct within one list of characters, and go on being distinct when the pairs are used up."""
    words = Words(Chance(1), "安保博", "安柏")
    drawn = [words.draw() for _ in range(60)]
    assert len(set(drawn)) == 60


def test_export_of_nothing_is_a_header(tmp_path: Path) -> None:
    """A file without bodies still names its columns."""
    assert write_bodies(tmp_path / "none.csv", []) == 0
    assert (tmp_path / "none.csv").read_text(encoding="utf-8").startswith("uscc,name,aliases,")


def test_the_default_day_is_in_the_past_of_the_tests() -> None:
    """The day on which synthetic bodies are taken lies before the tests' clock, so none is rejected as of the future."""
    assert NOW.astimezone(BEIJING).date() > AS_OF
