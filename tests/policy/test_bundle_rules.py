"""BUNDLE.*: held, waiting, withheld, blocked, retired."""

import pytest

from registry.policy.naming.request import Pending, Registration, Retired
from tests.policy.world import TABLES, World, body, rules_of

TAX = body("国家税务总局", 1, region="100000", level="central")
OTHER = body("长沙市民政局", 2)
HELD = Registration(TABLES.ring.key(TAX.name), TAX.uscc, TAX.name, "国家税务总局", "国家税务总局", "國家稅務總局")


@pytest.mark.parametrize("label", ["国家税务总局", "國家稅務總局"])
def test_every_member_of_a_registered_bundle_is_taken(label: str) -> None:
    """By its own holder too; the message then says that he holds it already."""
    decision = World(TAX, registrations=(HELD,)).ask(f"{label}.政务", TAX)
    assert decision.decision == "refuse"
    taken = next(finding for finding in decision.findings if finding.rule == "BUNDLE.TAKEN")
    assert "已持有" in taken.message.zh


def test_a_bundle_of_another_names_its_holder() -> None:
    """The evidence tells who holds it."""
    held = Registration(TABLES.ring.key(OTHER.name), TAX.uscc, TAX.name, OTHER.name, OTHER.name, OTHER.name)
    decision = World(TAX, OTHER, registrations=(held,)).ask("长沙市民政局.政务", OTHER)
    taken = next(finding for finding in decision.findings if finding.rule == "BUNDLE.TAKEN")
    assert (taken.outcome, taken.evidence["holder"]) == ("refuse", "国家税务总局")


def test_a_withheld_spelling_goes_to_its_own_holder_by_review() -> None:
    """里水镇 has three traditional spellings; the two that are not in the bundle are withheld for the holder."""
    town = body("佛山市南海区里水镇人民政府", 3, region="440605", level="town")
    held = Registration(
        TABLES.ring.key(town.name), town.uscc, town.name, town.name, town.name, "佛山市南海區里水鎮人民政府"
    )
    world = World(town, OTHER, registrations=(held,))
    assert "BUNDLE.WITHHELD:review" in rules_of(world.ask("佛山市南海區裏水鎮人民政府.政务", town))
    assert "BUNDLE.WITHHELD:refuse" in rules_of(world.ask("佛山市南海區裏水鎮人民政府.政务", OTHER))


def test_a_mixed_spelling_beside_a_registered_bundle_is_blocked() -> None:
    """囯 is no preferred form of 国: nobody gets it once the name is registered."""
    decision = World(TAX, registrations=(HELD,)).ask("囯家税務总局.政务", TAX)
    assert "BUNDLE.BLOCKED:refuse" in rules_of(decision)


def test_a_mixed_spelling_of_the_own_name_is_a_fine_original() -> None:
    """Before anything is registered it passes like the plain one."""
    decision = World(TAX).ask("国家稅务總局.政务", TAX)
    assert (decision.decision, rules_of(decision)) == ("pass", ["NAME.FULL:pass"])
    assert decision.bundle.simplified == "国家税务总局.政务"


def test_an_application_of_another_body_sends_both_to_the_dispute_desk() -> None:
    """Another's application: review; the own one is only mentioned."""
    key = TABLES.ring.key(OTHER.name)
    theirs = World(OTHER, pending=(Pending(key, TAX.uscc, "app-1"),)).ask("长沙市民政局.政务", OTHER)
    own = World(OTHER, pending=(Pending(key, OTHER.uscc, "app-2"),)).ask("长沙市民政局.政务", OTHER)
    assert (theirs.decision, own.decision) == ("review", "pass")
    assert "BUNDLE.PENDING:info" in rules_of(own)


def test_a_name_once_official_is_never_released_to_strangers() -> None:
    """The body that held it, or its successor, may have it again; nobody else."""
    key = TABLES.ring.key("长沙市民政局")
    world = World(OTHER, retired=(Retired(key, TAX.uscc, "长沙市民政局"),))
    assert "BUNDLE.BLOCKED:refuse" in rules_of(world.ask("长沙市民政局.政务", OTHER))
    again = World(OTHER, retired=(Retired(key, OTHER.uscc, "长沙市民政局"),))
    assert again.ask("长沙市民政局.政务", OTHER).decision == "pass"


def test_what_is_taken_is_not_suggested() -> None:
    """The registered short name is proposed once the full name is held."""
    bureau = body("长沙市民政局", 4, short_names=("长沙民政",))
    key = TABLES.ring.key(bureau.name)
    held = Registration(key, bureau.uscc, bureau.name, bureau.name, bureau.name, "長沙市民政局")
    suggestions = World(bureau, registrations=(held,)).ask("民政局.政务", bureau).suggestions
    assert "长沙民政.政务" in suggestions
    assert "长沙市民政局.政务" not in suggestions
