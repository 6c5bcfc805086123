"""SIMILAR.*: equal claims decide, everything else is shown."""

from dataclasses import replace

from registry.policy.naming.decide import decide
from registry.policy.naming.request import NameRequest
from registry.policy.naming.similar import similarity
from tests.policy.world import TABLES, TODAY, World, body, rules_of

NANJING = body("南京大学", 1, kind="12", region="320100", short_names=("南大",))
NANCHANG = body("南昌大学", 2, kind="12", region="360100", short_names=("南大",))


def test_an_equal_claim_of_another_living_body_is_for_a_reviewer() -> None:
    """Both bear the short name; the competitor is named."""
    decision = World(NANJING, NANCHANG).ask("南大.公益", NANJING)
    finding = next(finding for finding in decision.findings if finding.rule == "SIMILAR.BODY")
    assert decision.decision == "review"
    assert [one["name"] for one in finding.evidence["bodies"]] == ["南昌大学"]


def test_a_dead_competitor_has_no_claim() -> None:
    """The name passes once the other body is gone."""
    gone = replace(NANCHANG, status="abolished")
    assert World(NANJING, gone).ask("南大.公益", NANJING).decision == "pass"


def test_homophones_and_near_spellings_score_high() -> None:
    """Same sound: 1; one character of six different: above 0.8; nothing in common: low."""
    assert similarity("教育局", "教玉局") == 1
    assert similarity("长沙市教育局", "长沙市体育局") > 0.8
    assert similarity("长沙市教育局", "海关") < 0.3


def test_similar_registered_names_are_shown_and_decide_nothing() -> None:
    """The score stands beside each name."""
    request = NameRequest("南京大学.公益", NANJING.uscc)
    facts = replace(World(NANJING).facts(request), similar=("南京大雪", "北海港务"))
    decision = decide(request, facts, TABLES, TODAY)
    finding = next(finding for finding in decision.findings if finding.rule == "SIMILAR.NAME")
    assert (decision.decision, finding.outcome) == ("pass", "info")
    assert [one["name"] for one in finding.evidence["names"]] == ["南京大雪"]


def test_a_look_alike_of_another_body_is_pointed_out() -> None:
    """末来 beside another body's 未来: the reviewer sees the competitor, the verdict does not change."""
    own = body("浏阳市末来小学", 3, kind="12", region="430181", level="county")
    other = body("浏阳市未来小学", 4, kind="12", region="430181", level="county")
    decision = World(own, other).ask("浏阳市末来小学.公益", own)
    assert decision.decision == "pass"
    assert "SIMILAR.GLYPH:info" in rules_of(decision)
