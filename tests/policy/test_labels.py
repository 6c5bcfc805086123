"""LABEL.*: what people type is mapped and told, what EPP sends is not."""

import pytest

from tests.policy.world import TABLES, World, body, rules_of

BUREAU = body("长沙市12345热线ABC管理局", 1)
WORLD = World(BUREAU)


@pytest.mark.parametrize("separator", [".", "。", "．", "｡"])
def test_people_may_type_any_chinese_full_stop(separator: str) -> None:
    """All four lead to the same label, and the mapping is told."""
    decision = WORLD.ask(f"长沙市１２３４５热线ABC管理局{separator}政务", BUREAU)
    assert (decision.decision, decision.name) == ("pass", "长沙市12345热线abc管理局.政务")
    assert rules_of(decision)[0] == "LABEL.MAPPED:info"


def test_epp_never_maps() -> None:
    """A full-width digit is a disallowed code point there, and 。 separates nothing."""
    assert "LABEL.IDNA:refuse" in rules_of(WORLD.ask("长沙市１２３４５热线.政务", BUREAU, mapped=False))
    assert rules_of(WORLD.ask("长沙市热线。政务", BUREAU, mapped=False)) == ["LABEL.SYNTAX:refuse"]


def test_a_name_may_be_given_in_its_a_form() -> None:
    """Label and TLD; the decision shows the U-form."""
    decision = WORLD.ask("长沙市12345热线ABC管理局.政务", BUREAU)
    again = WORLD.ask(decision.a_label, BUREAU, mapped=False)
    assert (again.name, again.decision, again.a_label) == (decision.name, "pass", decision.a_label)
    assert decision.a_label.endswith(".xn--zfr164b")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "政务", ".政务", "教育局", "教育局.", "a.b.政务", "长沙.政务.cn", "x" * 300 + ".政务"]
)
def test_what_is_no_label_of_ours_is_refused_and_stops_the_rest(name: str) -> None:
    """LABEL.SYNTAX, no bundle, no A-label, and no rule about the label beyond it."""
    decision = WORLD.ask(name, BUREAU)
    assert decision.decision == "refuse"
    assert "LABEL.SYNTAX:refuse" in rules_of(decision)
    assert {finding.rule.split(".")[0] for finding in decision.findings} == {"LABEL"}
    assert (decision.a_label, decision.bundle.registered) == ("", "")


def test_every_violation_is_told_with_its_positions() -> None:
    """Not only the first: repertoire, hyphen and the missing Han character at once."""
    rules = rules_of(WORLD.ask("-ひab.政务", BUREAU))
    assert {"LABEL.REPERTOIRE:refuse", "LABEL.HYPHEN:refuse", "LABEL.NO_HAN:refuse"} <= set(rules)


def test_an_over_long_name_still_brings_suggestions() -> None:
    """The full name has more than 63 octets; shorter ones that would pass are proposed."""
    office = body("中国共产党长沙市委员会机构编制委员会办公室", 2)
    decision = World(office).ask("中国共产党长沙市委员会机构编制委员会办公室.政务", office)
    assert "LABEL.LENGTH:refuse" in rules_of(decision)
    assert "长沙市委编办.政务" in decision.suggestions


def test_the_policy_version_is_stable_and_names_the_code_version() -> None:
    """The same tables give the same version."""
    assert WORLD.ask("长沙.政务", BUREAU).policy_version == TABLES.policy_version
    assert TABLES.policy_version.startswith("1-")
