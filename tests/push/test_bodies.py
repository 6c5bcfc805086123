"""Searching bodies and reading their life over HTTP."""

from typing import Any

import pytest

from tests.push.conftest import Sender, code, row

BODIES = "/api/v1/bodies"


@pytest.fixture
async def county(hunan: Sender) -> Sender:
    """A county whose bureau of health was renamed and then merged, pushed batch by batch."""
    health, family = (
        row(2, "长沙县卫生局", changed_at="2010-03-01"),
        row(3, "长沙县人口和计划生育局", changed_at="2010-03-01"),
    )
    both = row(4, "长沙县卫生健康局", changed_at="2019-02-01", short_names=["县卫健局"])
    batches: tuple[tuple[dict[str, object], ...], ...] = (
        (health, family, row(5, "长沙县第一中学", kind="", status="normal")),
        ({**health, "name": "长沙县卫生和计划生育局", "changed_at": "2014-05-01"},),
        (
            both,
            {
                **health,
                "name": "长沙县卫生和计划生育局",
                "status": "merged",
                "successor_uscc": code(4),
                "changed_at": "2019-02-01",
            },
            {**family, "status": "merged", "successor_uscc": code(4), "changed_at": "2019-02-01"},
        ),
    )
    for number, batch in enumerate(batches):
        status, told = await hunan.push(f"k{number}", *batch)
        assert (status, told["counts"]["rejected"]) == (201, 0), told
    return hunan


async def names(sender: Sender, question: str) -> list[str]:
    status, told = await sender.get(f"{BODIES}?q={question}")
    assert status == 200, told
    return [one["matched"]["name"] for one in told["bodies"]]


@pytest.mark.parametrize(
    ("question", "name", "grade"),
    [
        (code(4), "长沙县卫生健康局", "code"),
        ("长沙县卫生健康局", "长沙县卫生健康局", "exact"),
        ("县卫健局", "县卫健局", "exact"),
        ("长沙县卫生健", "长沙县卫生健康局", "beginning"),
        ("生健康", "长沙县卫生健康局", "part"),
        ("weishengjiankang", "长沙县卫生健康局", "sound"),
        ("csxwsjkj", "长沙县卫生健康局", "initials"),
        ("长沙县卫生建康局", "长沙县卫生健康局", "sound"),
        ("长沙县卫生健廉局", "长沙县卫生健康局", "slip"),
    ],
)
async def test_a_body_is_found_by_whatever_is_known_of_it(county: Sender, question: str, name: str, grade: str) -> None:
    """Code, name, short name, beginning, part, pinyin, initials, a homophone, a slip of the pen."""
    _, told = await county.get(f"{BODIES}?q={question}")
    best = told["bodies"][0]
    assert (best["uscc"], best["matched"]["name"], best["matched"]["grade"]) == (code(4), name, grade)
    assert (best["status"], best["alive"], best["region"]) == ("normal", True, "430121")


async def test_a_name_of_the_past_is_found(county: Sender) -> None:
    """With the body that bore it, which is no more."""
    _, told = await county.get(f"{BODIES}?q=长沙县卫生局")
    best = told["bodies"][0]
    assert (best["uscc"], best["matched"]["role"], best["alive"]) == (code(2), "former", False)
    assert best["name"] == "长沙县卫生和计划生育局"


async def test_a_question_is_narrowed_and_paged(county: Sender) -> None:
    """By place and kind; page by page until there is no more."""
    assert await names(county, "长沙县&region=43&kind=11")
    assert await names(county, "长沙县&region=44") == []
    assert await names(county, "长沙县&kind=52") == []
    found: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        _, told = await county.get(f"{BODIES}?q=长沙县&limit=2&offset={offset}")
        assert len(told["bodies"]) <= 2
        found += [one["uscc"] for one in told["bodies"]]
        offset = told["next_offset"]
    assert sorted(found) == sorted(map(code, (2, 3, 4, 5)))
    assert (await county.get(f"{BODIES}?q=长沙县&offset=100"))[1] == {"bodies": [], "next_offset": None}


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ("", 400, "q"), ("q=", 400, "q"), ("q=x&limit=0", 422, "limit"), ("q=x&limit=101", 422, "limit"), ("q=x&offset=-1", 422, "offset"),
        ("q=x&region=4", 422, "region"), ("q=x&region=%D9%A4%D9%A4", 422, "region"), ("q=x&kind=123", 422, "kind"),
        ("q=x&q=y", 400, "q"), ("q=x&colour=red", 400, "query"), ("q=" + "x" * 201, 413, "q"),
    ],
)  # fmt: skip
async def test_a_wrong_question_is_told_where(hunan: Sender, query: str, status: int, where: str) -> None:
    """A slip in a parameter is refused, not taken for a wider question."""
    found, told = await hunan.get(f"{BODIES}?{query}")
    assert (found, told["where"]) == (status, where)


async def test_strange_text_finds_nothing(hunan: Sender) -> None:
    """Any text is a question."""
    for text in ("%00", "%25_%25", "%F0%9F%98%80", "'; drop table body; --", "\\\\"):
        assert (await hunan.get(f"{BODIES}?q={text}"))[1]["bodies"] == []


async def test_a_body_shows_its_life(county: Sender) -> None:
    """Names with their days, fields with theirs, and what became of it."""
    status, told = await county.get(f"{BODIES}/{code(2)}")
    assert (status, told["uscc"], told["alive"], told["as_of"]) == (200, code(2), False, None)
    assert (told["body"]["status"], told["valid_from"], told["valid_to"]) == ("merged", "2019-02-01", None)
    assert [(one["role"], one["name"], one["valid_to"]) for one in told["names"]] == [
        ("full", "长沙县卫生和计划生育局", None), ("former", "长沙县卫生局", "2014-05-01"),
    ]  # fmt: skip
    spans = [(one["value"], one["valid_from"], one["valid_to"]) for one in told["history"] if one["field"] == "name"]
    assert spans == [("长沙县卫生局", "2010-03-01", "2014-05-01"), ("长沙县卫生和计划生育局", "2014-05-01", None)]
    step = told["successors"][0]
    assert (step["successor"], step["kind"], step["since"], step["alive"]) == (code(4), "merged", "2019-02-01", True)
    _, later = await county.get(f"{BODIES}/{code(4)}")
    assert sorted(one["predecessor"] for one in later["predecessors"]) == sorted((code(2), code(3)))


async def test_a_body_is_shown_as_it_was_on_a_day(county: Sender) -> None:
    """The first day of a name belongs to it; before anything is known the answer is that."""
    for day, name, status in (
        ("2012-01-01", "长沙县卫生局", "normal"),
        ("2014-04-30", "长沙县卫生局", "normal"),
        ("2014-05-01", "长沙县卫生和计划生育局", "normal"),
        ("2019-02-01", "长沙县卫生和计划生育局", "merged"),
    ):
        _, told = await county.get(f"{BODIES}/{code(2)}?as_of={day}")
        assert (told["body"]["name"], told["body"]["status"], told["as_of"]) == (name, status, day)
    status_code, told = await county.get(f"{BODIES}/{code(2)}?as_of=2009-12-31")
    assert (status_code, told["where"]) == (404, "as_of")


async def test_what_is_no_code_and_what_is_not_on_file(county: Sender) -> None:
    """A code that fails its check is told so; a good one without a body is not found; a day that is none is refused."""
    assert (await county.get(f"{BODIES}/11430121000000019X"))[1]["reason"] == "value_invalid"
    assert (await county.get(f"{BODIES}/{code(99)}"))[0] == 404
    assert (await county.get(f"{BODIES}/{code(2).lower()}"))[0] == 200
    for day in ("2014-02-30", "today", "20140501"):
        status, told = await county.get(f"{BODIES}/{code(2)}?as_of={day}")
        assert (status, told["where"]) == (422, "as_of")
