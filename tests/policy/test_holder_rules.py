"""HOLDER.*: names that do not belong to the code, papers out of date, the first of April."""

from datetime import date

import pytest

from registry.policy.naming.holder import report_year_due
from tests.policy.world import World, body, rules_of

SCHOOL = body("长沙市雅礼中学", 1, kind="12", aliases=("雅礼实验中学",), former_names=("长沙市第五中学",))


@pytest.mark.parametrize(
    "given", ["长沙市雅礼中学", "長沙市雅禮中學", " 长沙市 雅礼中学 ", "雅礼实验中学", "长沙市第五中学", "", "  "]
)
def test_a_holder_name_that_the_body_bears_is_accepted(given: str) -> None:
    """Any name on file will do, in any script; an empty one says nothing."""
    assert World(SCHOOL).ask("雅礼中学.公益", SCHOOL, holder_name=given).decision == "pass"


def test_a_holder_name_of_somebody_else_is_refused_with_the_name_on_file() -> None:
    """The code's body is named as evidence."""
    decision = World(SCHOOL).ask("雅礼中学.公益", SCHOOL, holder_name="长沙市长郡中学")
    finding = next(finding for finding in decision.findings if finding.rule == "HOLDER.NAME_MISMATCH")
    assert (finding.outcome, finding.evidence["on_file"]) == ("refuse", "长沙市雅礼中学")


def test_a_former_name_that_another_body_bears_today_is_refused() -> None:
    """The living bearer is stronger than the former one."""
    bearer = body("长沙市第五中学", 2, kind="12")
    assert "HOLDER.NAME_MISMATCH:refuse" in rules_of(World(SCHOOL, bearer).ask("长沙市第五中学.公益", SCHOOL))
    assert World(SCHOOL).ask("长沙市第五中学.公益", SCHOOL).decision == "review"


def test_a_name_that_is_only_derived_for_another_is_no_claim() -> None:
    """长沙市五中 derives from another's full name: no mismatch, no equal claim."""
    bearer = body("长沙市第五中学", 2, kind="12")
    own = body("长沙市五中教育集团", 3, kind="12", short_names=("长沙市五中",))
    assert World(own, bearer).ask("长沙市五中.公益", own).decision == "pass"


@pytest.mark.parametrize(
    ("today", "due"),
    [(date(2026, 3, 31), 2024), (date(2026, 4, 1), 2025), (date(2026, 12, 31), 2025), (date(2027, 1, 1), 2025)],
)
def test_last_years_report_is_due_after_the_last_day_of_march(today: date, due: int) -> None:
    """On 31 March it is still in time."""
    assert report_year_due(today) == due


def test_a_certificate_is_good_on_its_last_day() -> None:
    """It expires the day after, and an empty date never makes a body stale."""
    school = body("长沙市雅礼中学", 1, kind="12", valid_until=date(2026, 11, 25))
    assert World(school).ask("雅礼中学.公益", school).decision == "pass"
    stale = World(school).ask("雅礼中学.公益", school, today=date(2026, 11, 26))
    assert (stale.decision, rules_of(stale)[0]) == ("review", "HOLDER.STALE:review")
    assert World(SCHOOL).ask("雅礼中学.公益", SCHOOL).decision == "pass"


def test_a_dead_holder_gets_no_suggestions() -> None:
    """Nothing that he could ask for would pass."""
    gone = body("长沙市雅礼中学", 1, kind="12", status="abolished")
    assert World(gone).ask("雅礼中学.公益", gone).suggestions == ()
