"""What holds for every text and every body: no exception, bounded time, two languages, the same answer again."""

import json
import os
import time
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.model.body import Body
from registry.policy.naming.decide import decide
from registry.policy.naming.request import Facts, NameRequest
from registry.policy.naming.similar import similarity
from tests.policy.world import TABLES, TODAY, World, body, claims_of

EXAMPLES = int(os.environ.get("ZHENGMING_EXAMPLES", "20000" if "CI" in os.environ else "300"))
PLACES = [place for place in TABLES.gazetteer.by_code.values() if place.alive]
FUNCTIONS = [
    "教育局",
    "人民政府",
    "第一中学",
    "人民医院",
    "图书馆",
    "雅礼中学",
    "机构编制委员会办公室",
    "城关镇人民政府",
    "作家协会",
    "委员会",
]
WORDS = st.sampled_from(
    [*FUNCTIONS, "长沙", "长沙市", "中国", "网", "官网", "鼓楼区", "湖南省", "南京", "市", "中国共产党", "日本", "邪教"]
)
NAMES = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=6).map("".join))
PATIENT = {"deadline": None, "suppress_health_check": list(HealthCheck)}
LONG = settings(max_examples=EXAMPLES, **PATIENT)
MANY = settings(max_examples=300, **PATIENT)


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """A body of any living place, kind and level, with names that are sometimes nonsense."""
    place = draw(st.sampled_from(PLACES))
    name = draw(st.one_of(NAMES, st.sampled_from(FUNCTIONS), st.sampled_from(FUNCTIONS).map(lambda f: place.name + f)))
    return body(
        name or "无名",
        draw(st.integers(1, 99_999_999)),
        kind=draw(
            st.sampled_from(
                [
                    "00",
                    "11",
                    "12",
                    "13",
                    "19",
                    "31",
                    "51",
                    "52",
                    "53",
                    "54",
                    "55",
                    "59",
                    "71",
                    "81",
                    "91",
                    "A1",
                    "G1",
                    "N2",
                    "Y1",
                ]
            )
        ),
        region=draw(st.sampled_from([place.code, "000000", "100000", "999999"])),
        level=draw(st.sampled_from(["central", "province", "city", "county", "town"])),
        status=draw(st.sampled_from(["normal", "normal", "normal", "renamed", "merged", "suspended"])),
        short_names=tuple(draw(st.lists(NAMES, max_size=2))),
        aliases=tuple(draw(st.lists(NAMES, max_size=1))),
        former_names=tuple(draw(st.lists(NAMES, max_size=1))),
        administrative=draw(st.booleans()),
    )


@LONG
@given(name=st.one_of(st.text(), NAMES.map(lambda n: f"{n}.政务")), uscc=st.text(max_size=20), mapped=st.booleans())
def test_no_text_raises(name: str, uscc: str, mapped: bool) -> None:
    """Any Unicode text as name and as code gives a decision that can be written as JSON."""
    decision = decide(NameRequest(name, uscc, name, mapped), Facts(), TABLES, TODAY)
    assert decision.decision == "refuse"
    json.dumps(decision.as_json(), ensure_ascii=False).encode()


@MANY
@given(one=bodies(), other=bodies(), label=NAMES, tld=st.sampled_from(["政务", "公益"]))
def test_every_body_gets_a_reasoned_decision_and_true_suggestions(one: Body, other: Body, label: str, tld: str) -> None:
    """Findings speak two languages, the decision follows from them, repeats itself, and its suggestions pass."""
    world = World(one, other)
    decision = world.ask(f"{label}.{tld}", one)
    outcomes = {finding.outcome for finding in decision.findings}
    assert decision.decision == next((o for o in ("refuse", "review") if o in outcomes), "pass")
    assert all(finding.message.zh and finding.message.en for finding in decision.findings)
    assert decision.findings
    json.dumps(decision.as_json(), ensure_ascii=False)
    assert decision == world.ask(f"{label}.{tld}", one)
    for suggestion in decision.suggestions:
        assert world.ask(suggestion, one).decision == "pass", (one.name, suggestion)


@MANY
@given(one=bodies(), label=NAMES)
def test_what_passes_rests_on_an_own_name(one: Body, label: str) -> None:
    """No pass without NAME.FULL, SHORT, ALIAS or DERIVED, and never for a dead holder."""
    decision = World(one).ask(f"{label}.政务", one)
    if decision.decision == "pass":
        assert one.alive
        assert any(f.rule in {"NAME.FULL", "NAME.SHORT", "NAME.ALIAS", "NAME.DERIVED"} for f in decision.findings)


@MANY
@given(one=bodies(), label=NAMES, year=st.integers(2000, 2040))
def test_the_facts_of_the_two_round_trips_are_enough(one: Body, label: str, year: int) -> None:
    """Handing over the whole database instead of the keys asked for changes no verdict."""
    others = tuple(body(f, n, kind="12") for n, f in enumerate(FUNCTIONS, 1))
    request = NameRequest(f"{label}.公益", one.uscc)
    asked = World(one, *others).ask(request.name, one, today=date(year, 7, 1))
    everything = Facts(one, claims=claims_of((one, *others)))
    assert decide(request, everything, TABLES, date(year, 7, 1)).decision == asked.decision


def test_ten_kilobytes_of_garbage_take_bounded_time() -> None:
    """As a name, as a code, as a holder name and as the name of a body on file."""
    started = time.perf_counter()
    for piece in ("长沙", "中国共产党", "第一", "a.", "\u0301", "(", "\ud800", "網", "委员会", "鼓楼区"):
        garbage = piece * (10_000 // len(piece))
        one = body(garbage, 1, short_names=(garbage,))
        World(one).ask(f"{garbage}.政务", one, holder_name=garbage)
        World(one).ask("长沙市教育局.政务", garbage)
        World(one).ask("长沙市教育局.政务", one)
    assert time.perf_counter() - started < 5


@MANY
@given(a=st.text(max_size=30), b=st.text(max_size=30))
def test_a_score_lies_between_zero_and_one(a: str, b: str) -> None:
    """And is the same both ways."""
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == similarity(b, a)
