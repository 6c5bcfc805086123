"""The hand-reasoned cases of tests/golden: every one agrees, with the rule that decides it."""

import pytest

from registry.policy.codes import check_uscc, kind_of
from tests.policy.world import World, golden_bodies, golden_cases, rules_of

BODIES = golden_bodies()
WORLD = World(*BODIES)
CASES = golden_cases()
RULES = """
LABEL.SYNTAX LABEL.IDNA LABEL.REPERTOIRE LABEL.HYPHEN LABEL.LENGTH LABEL.NO_HAN
HOLDER.CODE_INVALID HOLDER.UNKNOWN HOLDER.INACTIVE HOLDER.STALE HOLDER.NAME_MISMATCH ELIGIBILITY.TLD ELIGIBILITY.APPROVAL
NAME.FULL NAME.SHORT NAME.ALIAS NAME.DERIVED NAME.COMMON NAME.FORMER NAME.UNRELATED
REGION.FOREIGN REGION.AMBIGUOUS REGION.MISSING NATIONAL.PREFIX
RESERVED.PLACE RESERVED.COUNTRY RESERVED.ORGANISATION RESERVED.REGISTRY CONTENT.PROHIBITED SIMILAR.BODY
"""


def _name(case: dict[str, str]) -> str:
    return f"{case['label']}.{case['tld']}" if case["tld"] else case["label"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['label']}.{case['tld']}-{case['code'][:2]}" for case in CASES])
def test_a_golden_case_is_decided_as_reasoned_by_hand(case: dict[str, str]) -> None:
    """The decision is the expected one, and the expected rule is among those that decide."""
    decision = WORLD.ask(_name(case), case["code"])
    told = f"{case['note']}: {rules_of(decision)}"
    assert decision.decision == case["decision"], told
    assert case["rule"] in {finding.rule for finding in decision.deciding}, told


def test_the_golden_cases_cover_every_rule_and_every_level() -> None:
    """At least 400 cases, each rule that a body and a label can bring about, all levels, all first letters of kinds."""
    assert len(CASES) >= 400
    assert {case["rule"] for case in CASES} == set(RULES.split())
    assert {one.level for one in BODIES} == {"central", "province", "city", "county", "town"}
    assert {one.kind[0] for one in BODIES} == set("012345678 9AGNY".replace(" ", ""))


def test_the_golden_bodies_have_valid_codes_of_their_kind() -> None:
    """Both check characters fit, and kind is what the code says."""
    for one in BODIES:
        assert check_uscc(one.uscc) == one.uscc
        assert kind_of(one.uscc) == one.kind


@pytest.mark.parametrize("one", BODIES, ids=[one.name for one in BODIES])
def test_what_is_suggested_passes_when_it_is_asked_for(one: object) -> None:
    """A suggestion is never wrong: asked for by the same body, under the same TLD, it passes."""
    assert hasattr(one, "uscc")
    for tld in ("政务", "公益"):
        suggestions = WORLD.ask(f"教育局.{tld}", one.uscc).suggestions
        assert len(suggestions) <= 5
        for suggestion in suggestions:
            assert WORLD.ask(suggestion, one.uscc).decision == "pass", suggestion


def test_what_a_finding_proposes_passes_when_it_is_asked_for() -> None:
    """REGION.MISSING and REGION.AMBIGUOUS propose what would pass, unless more than the place stands in the way."""
    asked = 0
    for case in CASES:
        decision = WORLD.ask(_name(case), case["code"])
        proposals = [f.evidence["proposal"] for f in decision.findings if "proposal" in f.evidence]
        if {f.rule for f in decision.deciding} <= {"REGION.MISSING", "REGION.AMBIGUOUS"}:
            for proposal in proposals:
                asked += 1
                assert WORLD.ask(f"{proposal}.{case['tld']}", case["code"]).decision == "pass", (
                    case["label"],
                    proposal,
                )
    assert asked > 50


def test_no_finding_shows_an_opaque_key() -> None:
    """囯, 傢 and the like are characters of keys: no message and no evidence holds one that was not asked about."""
    opaque = set("囯傢侷敎長機冓编筦") - set("编")
    for case in CASES:
        decision = WORLD.ask(_name(case), case["code"])
        shown = "".join(f"{finding.message}{finding.evidence}" for finding in decision.findings)
        assert not (opaque - set(case["label"])).intersection(shown), shown
