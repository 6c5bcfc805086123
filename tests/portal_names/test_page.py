"""The live check of names, without a script: a form that is sent and answered."""

import re
import time

import pytest

from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.portal.names.candidates import MAX_LINE, read_form, whole_name
from registry.portal.names.limits import BURST, ask, form_buckets
from tests.portal_names.place import TSINGHUA, serving

ANSWER_MS = 100  # what a person does not notice


async def test_the_form_is_empty_at_first(runner: Runner) -> None:
    """The page asks for a code and up to five names, Chinese first, and shows no answer yet."""
    async with serving(runner) as client:
        answer = await client.get("/names/check")
        text = await answer.text()
        assert answer.status == 200
        assert "名称预检" in text
        assert "Check a name" in text
        assert "<article" not in text.split('<template data-template="card">')[0]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", text)


async def test_each_line_gets_its_answer(runner: Runner) -> None:
    """Verdict, reasons in both languages, octets, both scripts, what was mapped, and suggestions that lead on."""
    async with serving(runner) as client:
        query = {"uscc": TSINGHUA, "tld": "公益", "names": "清华大学\n\n 北京大学 \nＴｓｉｎｇｈｕａ大学。公益"}
        text = await (await client.get("/names/check", params=query)).text()
        cards = text.split('<template data-template="card">')[0].split("<article")[1:]
        assert len(cards) == 3
        own, other, mapped = cards
        assert "通过" in own
        assert "NAME.FULL" in own
        assert "清華大學.公益" in own
        assert "xn--xkry9kk1bz66a.xn--55qw42g" in own
        assert '<span data-part="octets">17</span> / 63' in own
        assert "不予通过" in other
        assert "Refused" in other
        assert 'data-suggestion="清华大学.公益"' in other
        assert re.search(r'data-part="mapped-to">tsinghua大学\.公益<', mapped)
        assert await runner.db.fetchval("select count(*) from decision where asked_by = 'person:public'") == 3


async def test_a_label_that_is_none_shows_no_facts(runner: Runner) -> None:
    """A broken name is told with every reason, without length or spellings."""
    async with serving(runner) as client:
        query = {"uscc": TSINGHUA, "tld": "公益", "names": "清华！大学.公益"}
        text = await (await client.get("/names/check", params=query)).text()
        card = text.split("<article")[1]
        assert 'data-part="facts" hidden' in card
        assert "LABEL." in card


async def test_names_without_a_code_ask_for_it(runner: Runner) -> None:
    """Without a code nothing is decided; the page says what is missing and keeps what was typed."""
    async with serving(runner) as client:
        text = await (await client.get("/names/check", params={"names": "清华大学"})).text()
        assert "请先填写统一社会信用代码" in text
        assert ">清华大学</textarea>" in text
        assert await runner.db.fetchval("select count(*) from decision") == 0


@pytest.mark.parametrize(
    "query",
    [
        {"uscc": TSINGHUA, "names": "<script>alert(1)</script>"},
        {"uscc": "<b>\0", "names": "清华\0大学\n\ufffd"},
        {"uscc": TSINGHUA, "names": "x" * MAX_LINE, "tld": "com"},
    ],
)
async def test_whatever_is_typed_is_answered(runner: Runner, query: dict[str, str]) -> None:
    """Markup is text, controls are characters, a strange TLD is ours: always a page with a decision."""
    async with serving(runner) as client:
        answer = await client.get("/names/check", params=query)
        text = await answer.text()
        assert answer.status == 200
        assert "<script>alert" not in text
        assert "不予通过" in text


@pytest.mark.parametrize(
    "query",
    [{"names": "\n".join("一二三四五六")}, {"names": "长" * (MAX_LINE + 1)}, {"uscc": "1" * 65, "names": "清华大学"}],
)
async def test_too_much_is_refused_politely(runner: Runner, query: dict[str, str]) -> None:
    """Six names, an endless line or an endless code is a page that says the limit."""
    with pytest.raises(Refusal) as caught:
        read_form(query)
    assert caught.value.reason is Reason.TOO_LARGE
    async with serving(runner) as client:
        assert (await client.get("/names/check", params=query)).status == 413


def test_one_place_may_ask_so_often() -> None:
    """A script that asks without end is told when to come back; a moment later it may again; a proxy beside us limits its own."""
    buckets = form_buckets()
    for _ in range(int(BURST)):
        ask(buckets, "192.0.2.1", 0)
    with pytest.raises(Refusal) as caught:
        ask(buckets, "192.0.2.1", 0)
    assert caught.value.reason is Reason.RATE_LIMITED
    ask(buckets, "192.0.2.2", 0)
    ask(buckets, "192.0.2.1", 1)
    for address in ("127.0.0.1", "::1", None) * int(BURST):
        ask(buckets, address, 0)


async def test_an_answer_takes_less_than_a_blink(runner: Runner) -> None:
    """At the interface that the page asks while somebody types, the median answer takes under a tenth of a second."""
    async with serving(runner) as client:
        took = []
        for number in range(21):
            name = "清华大学" if number % 2 else f"清华大学第{number}研究院"
            begun = time.perf_counter()
            answer = await client.post("/api/v1/name-checks", json={"name": f"{name}.公益", "uscc": TSINGHUA})
            await answer.json()
            took.append(time.perf_counter() - begun)
        assert sorted(took)[10] * 1000 < ANSWER_MS


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("清华大学", "清华大学.政务"),
        ("清华大学.公益", "清华大学.公益"),
        ("清华大学。公益", "清华大学。公益"),
        ("a｡b", "a｡b"),
    ],
)
def test_a_line_without_a_dot_gets_the_chosen_suffix(line: str, name: str) -> None:
    """Any separator that people type counts as one."""
    assert whole_name(line, "政务") == name
