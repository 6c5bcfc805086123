"""Laws of the state table of acts, of terms in working days, and of what an institution owes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.flows.review.working_days import is_working_day
from registry.model.institution import (
    EDITABLE,
    FINAL,
    KIND_WORDS,
    MOVE_WORDS,
    OPEN,
    REPORT_WORDS,
    REVIEWERS_MOVES,
    STAGE_WORDS,
    WAITING,
    ActKind,
    ActMove,
    ActStage,
    ReportState,
    next_act_stage,
    table_of,
)
from registry.policy.institutions import (
    BLANKS,
    PURPOSES,
    REQUIRED_PURPOSES,
    Standing,
    certificate_end,
    days_left,
    end_of_term,
    missing_report,
    report_state,
)

LEVELS = st.sampled_from(["central", "province", "city", "county", "town"])
KINDS = st.sampled_from(list(ActKind))
MOVES = st.lists(st.sampled_from(list(ActMove)), max_size=40)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


def walk(kind: ActKind, level: str, moves: list[ActMove]) -> list[tuple[ActStage, ActMove, ActStage]]:
    """The steps that were possible, from the draft on."""
    stage, steps = ActStage.DRAFT, []
    for move in moves:
        after = next_act_stage(kind, level, stage, move)
        if after is not None:
            steps.append((stage, move, after))
            stage = after
    return steps


@given(KINDS, LEVELS, MOVES)
def test_whatever_is_tried_the_way_is_lawful(kind: ActKind, level: str, moves: list[ActMove]) -> None:
    """Nothing leaves a final stage; nothing is registered that was not filed and, below the centre, seen twice; only what was accepted is refused."""
    steps = walk(kind, level, moves)
    assert all(before not in FINAL for before, _, _ in steps)
    stages = [after for _, _, after in steps]
    if ActStage.REGISTERED in stages:
        assert ActStage.FILED in stages
        if kind is not ActKind.REPORT:
            assert ActStage.ACCEPTED in stages
            assert (ActStage.ENDORSED in stages) == (level != "central")
            assert sum(move is ActMove.APPROVE for _, move, _ in steps) >= (1 if level == "central" else 2)
    if ActStage.REFUSED in stages:
        assert kind is not ActKind.REPORT
        assert ActStage.ACCEPTED in stages


@given(KINDS, LEVELS)
def test_every_open_stage_leads_to_an_end(kind: ActKind, level: str) -> None:
    """From each stage that can be reached an end can be reached, and who filed it can always take it back before."""
    table = table_of(kind, level)
    reached = {ActStage.DRAFT}
    while more := {after for (before, _), after in table.items() if before in reached} - reached:
        reached |= more
    for stage in reached - FINAL:
        assert table[stage, ActMove.WITHDRAW] is ActStage.WITHDRAWN
    ends = {after for (before, _), after in table.items() if before in reached} & FINAL
    assert ActStage.REGISTERED in ends
    assert not {before for before, _ in table} & FINAL


def test_stages_and_words_are_whole() -> None:
    """Every stage is exactly one of draft, open, final; every value has its words; a document is asked for under a name that exists."""
    assert {ActStage.DRAFT} | OPEN | FINAL == set(ActStage)
    assert not OPEN & FINAL
    assert WAITING < OPEN
    assert {ActStage.DRAFT, ActStage.RETURNED} == EDITABLE
    assert set(KIND_WORDS) == set(ActKind)
    assert set(STAGE_WORDS) == set(ActStage)
    assert set(MOVE_WORDS) == set(ActMove) > REVIEWERS_MOVES
    assert set(REPORT_WORDS) == set(ReportState)
    for kind in ActKind:
        assert BLANKS[kind]
        assert set(REQUIRED_PURPOSES[kind]) <= set(PURPOSES)


@given(DAYS, st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_counts_only_those(start: date, days: int) -> None:
    """The last day is worked, so many working days lie in the term, and what is left of it shrinks to nothing and below."""
    due = end_of_term(start, days, is_working_day)
    assert is_working_day(due)
    assert sum(is_working_day(start + timedelta(days=n)) for n in range(1, (due - start).days + 1)) == days
    assert days_left(start, due, is_working_day) == days
    assert days_left(due, due, is_working_day) == 0
    assert days_left(end_of_term(due, 3, is_working_day), due, is_working_day) == -3


def test_holidays_stretch_a_term() -> None:
    """Thirty working days that reach over the national holiday of October 2025 end later, by the days that nobody worked."""
    assert end_of_term(date(2025, 9, 15), 15, is_working_day) == date(2025, 10, 11)  # a Saturday that was worked (调休)
    assert certificate_end(date(2024, 2, 29)) == date(2029, 2, 27)
    assert certificate_end(date(2026, 6, 1)) == date(2031, 5, 31)


STANDINGS = st.builds(
    Standing,
    is_alive=st.booleans(),
    established_on=st.none() | DAYS,
    certified_since=st.none() | DAYS,
    reported=st.none() | st.integers(2015, 2026),
    received=st.frozensets(st.integers(2015, 2026)),
)


@given(STANDINGS, st.integers(2000, 2030), DAYS)
def test_a_report_is_missing_only_after_its_day(standing: Standing, year: int, today: date) -> None:
    """None is overdue before 1 April of the next year, none of the dead, none that came, none of a body of which nothing is known."""
    state = report_state(standing, year, today)
    if state is ReportState.OVERDUE:
        assert today > date(year + 1, 3, 31)
        assert standing.is_alive
        assert year not in standing.received
        assert standing.reported is None or standing.reported < year
        assert standing.certified_since or standing.reported
    if state is ReportState.DUE:
        assert date(year + 1, 1, 1) <= today <= date(year + 1, 3, 31)
    missing = missing_report(standing, today)
    assert missing is None or report_state(standing, missing, today) is ReportState.OVERDUE
