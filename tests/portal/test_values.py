"""The pure parts: codes of the second factor, working days, jurisdictions, the table of stages."""

import base64
from datetime import UTC, date, datetime

import pytest

from registry.flows.review.working_days import is_working_day, working_days_since
from registry.flows.session.totp import code_at, matching_step, step_of
from registry.model.application import (
    ONE_PERSON,
    OPEN,
    STAGE_WORDS,
    TWO_PEOPLE,
    WAITING,
    Move,
    Stage,
    needs_two,
    next_stage,
)
from registry.model.body import CENTRAL, CITY, COUNTY, PROVINCE, TOWN
from registry.model.jurisdiction import jurisdiction_of, rank
from registry.model.person import REVIEWERS, ROLE_WORDS, Person, Role

# RFC 6238, appendix B: seconds, then the codes of SHA-1, SHA-256 and SHA-512 (keys of 20, 32 and 64 octets).
VECTORS = (
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
)
DIGITS = b"1234567890"
SECRET = base64.b32encode(DIGITS * 2).decode()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector[0]))
def test_codes_are_those_of_rfc_6238(vector: tuple[int, str, str, str]) -> None:
    """All eighteen vectors of appendix B."""
    seconds, sha1, sha256, sha512 = vector
    step = seconds // 30
    assert code_at(DIGITS * 2, step, 8) == sha1
    assert code_at((DIGITS * 4)[:32], step, 8, "sha256") == sha256
    assert code_at((DIGITS * 7)[:64], step, 8, "sha512") == sha512


def test_a_code_is_right_for_a_minute_and_a_half() -> None:
    """In its own step, the one before and the one after; typed with spaces or full width; never anything else."""
    now = datetime.fromtimestamp(1111111109, UTC)
    step = step_of(now)
    for shift in (-1, 0, 1):
        assert matching_step(SECRET, code_at(DIGITS * 2, step + shift), now) == step + shift
    for shift in (-3, -2, 2, 3):
        assert matching_step(SECRET, code_at(DIGITS * 2, step + shift), now) is None
    right = code_at(DIGITS * 2, step)
    assert matching_step(SECRET.lower(), f" {right[:3]} {right[3:]} ", now) == step
    assert matching_step(SECRET, "".join(chr(ord(c) + 0xFEE0) for c in right), now) == step
    for wrong in ("", "12345", "1234567", "abcdef", "٠٨١٨٠٤", right + "0", "\ud800" * 6):
        assert matching_step(SECRET, wrong, now) is None
    assert matching_step("not base 32 !", right, now) is None


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday that is worked in its stead
        (date(2026, 2, 14), True),  # the same for the Spring Festival
        (date(2026, 2, 17), False),
        (date(2026, 6, 1), True),
        (date(2026, 6, 6), False),  # a Saturday
    ],
)
def test_working_days_are_those_of_china(day: date, works: bool) -> None:
    """Public holidays, and the weekends that are worked for them, as the State Council announced them for 2026."""
    assert is_working_day(day) is works


def test_age_counts_whole_working_days_in_beijing() -> None:
    """The day of filing is day nought; a night in Greenwich may be a morning in Beijing; the holidays of October do not count."""
    filed = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
    assert working_days_since(filed, datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == 0
    assert working_days_since(filed, datetime(2026, 10, 7, 12, 0, tzinfo=UTC)) == 0
    assert working_days_since(filed, datetime(2026, 10, 7, 16, 0, tzinfo=UTC)) == 1
    assert working_days_since(filed, datetime(2026, 10, 10, 3, 0, tzinfo=UTC)) == 3
    assert working_days_since(filed, datetime(2026, 9, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("role", "region", "inside", "outside"),
    [
        (Role.REVIEWER_COUNTY, "430121", [("430121", COUNTY), ("430121", TOWN)],
         [("430122", COUNTY), ("430100", CITY), ("430121", CITY), ("430121", CENTRAL), ("440106", COUNTY)]),
        (Role.REVIEWER_CITY, "430100", [("430100", CITY), ("430121", COUNTY)],
         [("430200", CITY), ("430000", PROVINCE), ("430121", PROVINCE), ("430100", CENTRAL)]),
        (Role.REVIEWER_PROVINCE, "430000", [("430000", PROVINCE), ("430100", CITY), ("430121", TOWN)],
         [("440000", PROVINCE), ("100000", CENTRAL), ("430121", CENTRAL)]),
        (Role.REVIEWER_CENTRAL, "000000", [("100000", CENTRAL), ("430121", TOWN), ("110108", CENTRAL)], []),
    ],
)  # fmt: skip
def test_a_reviewer_has_his_region_and_the_levels_up_to_his_own(
    role: Role, region: str, inside: list[tuple[str, str]], outside: list[tuple[str, str]]
) -> None:
    """County, city and province by the prefix of the code, the centre everything; a higher body is never a lower one's."""
    own = jurisdiction_of(Person("x", role, region))
    assert own
    assert all(own.covers(*one) for one in inside)
    assert not any(own.covers(*one) for one in outside)
    assert all(own.low <= one[0] <= own.high for one in inside)


@pytest.mark.parametrize("region", ["", "43", "43012a", "４３０１２１", "000000", "4301210"])
def test_an_account_without_a_region_sees_nothing(region: str) -> None:
    """A missing or broken region is no key to the whole country."""
    for role in REVIEWERS - {Role.REVIEWER_CENTRAL}:
        assert jurisdiction_of(Person("x", role, region)) is None
    for role in set(Role) - REVIEWERS:
        assert jurisdiction_of(Person("x", role, "430121")) is None


def test_ranks_follow_the_levels() -> None:
    """County, city, province, centre; nobody else has a rank; everybody has words."""
    assert [rank(role) for role in sorted(REVIEWERS, key=rank)] == [1, 2, 3, 4]
    assert rank("agency") == rank("no such role") == 0
    assert set(ROLE_WORDS) == set(Role)
    assert set(STAGE_WORDS) == set(Stage)


def test_the_table_of_stages_is_complete_and_ends() -> None:
    """Reviewers can decide and send back whatever waits for them, the applicant can answer or withdraw, and what is settled knows no move."""
    for level in (CENTRAL, PROVINCE, CITY, COUNTY, TOWN):
        for stage in Stage:
            moves = {move for move in Move if next_stage(stage, move, level) is not None}
            deciding = {Move.APPROVE, Move.REFUSE, Move.RETURN, Move.WITHDRAW}
            expected = {
                Stage.SUBMITTED: deciding | {Move.DECLINE},
                Stage.ENDORSED: deciding,
                Stage.OBJECTED: deciding,
                Stage.RETURNED: {Move.ANSWER, Move.LAPSE, Move.WITHDRAW},
            }.get(stage, set())
            assert moves == expected, (level, stage)
            assert bool(moves) == stage.is_open
    assert set(TWO_PEOPLE.values()) == set(Stage)
    assert set(ONE_PERSON.values()) == set(Stage) - {Stage.ENDORSED, Stage.OBJECTED}
    assert WAITING < OPEN


def test_an_approval_of_two_has_two_people_behind_it() -> None:
    """Below the centre nobody's first word approves or refuses, and a refusal that is disputed becomes a new first word."""
    for level in (PROVINCE, CITY, COUNTY, TOWN):
        assert needs_two(level)
        assert next_stage(Stage.SUBMITTED, Move.APPROVE, level) is Stage.ENDORSED
        assert next_stage(Stage.SUBMITTED, Move.REFUSE, level) is Stage.OBJECTED
    before_approval = {stage for (stage, move), after in TWO_PEOPLE.items() if after is Stage.APPROVED}
    assert before_approval == {Stage.ENDORSED}
    assert TWO_PEOPLE[Stage.OBJECTED, Move.APPROVE] is Stage.ENDORSED
    assert next_stage(Stage.SUBMITTED, Move.APPROVE, CENTRAL) is Stage.APPROVED
    assert next_stage(Stage.ENDORSED, Move.APPROVE, CENTRAL) is Stage.APPROVED
