"""Rows of text become bodies, or are rejected with everything that is wrong."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.establishment.columns import COLUMNS, MAX_NAME, header_columns, read_body, write_cells
from registry.establishment.rows import Rejected, Row
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.policy.codes import compose

INVISIBLE = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, nothing to the eye
NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
TSINGHUA = "12100000400000624D"
GOOD = {"uscc": TSINGHUA, "name": "清华大学"}


def read(**cells: str) -> Body | Rejected:
    return read_body(Row(7, {**GOOD, **cells}), NOW)


def wrong_fields(**cells: str) -> set[str]:
    result = read(**cells)
    assert isinstance(result, Rejected), result
    assert result.line == 7
    assert all(problem.text.zh and problem.text.en for problem in result.problems)
    return {problem.where for problem in result.problems}


def test_columns_are_those_of_the_contract() -> None:
    """The columns of a file are the fields of a body, in the same order."""
    assert tuple(Body.__dataclass_fields__) == COLUMNS


def test_code_and_name_are_enough() -> None:
    """A row with only code and name becomes a living body whose kind, region and level come from its code."""
    body = read()
    assert isinstance(body, Body)
    assert (body.kind, body.region, body.level, body.status, body.administrative) == (
        "12",
        "100000",
        "central",
        "normal",
        False,
    )
    local = read_body(Row(2, {"uscc": "11441700007280420Y", "name": "阳江市人民政府办公室"}), NOW)
    assert isinstance(local, Body)
    assert local.level == "city"


def test_cells_are_trimmed_and_codes_mapped() -> None:
    """Spaces around values do not count, and full-width or lower-case letters in a code are mapped."""
    body = read(uscc="　12100000400000624ｄ ", name=" 清华大学　", status=" NORMAL ")
    assert isinstance(body, Body)
    assert (body.uscc, body.name, body.status) == (TSINGHUA, "清华大学", "normal")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "12100000400000624E"),
        ("uscc", ""),
        ("uscc", "1210000040000062"),
        ("name", ""),
        ("name", "——"),
        ("name", "名" * (MAX_NAME + 1)),
        ("name", "清华\0大学"),
        ("name", "清华\u202e大学"),
        ("name", "清华\u200b大学"),
        ("name", "清华\u3164大学"),
        ("aliases", "|".join(f"名{n}" for n in range(51))),
        ("short_names", "好|" + "名" * (MAX_NAME + 1)),
        ("kind", "11"),
        ("administrative", "yes"),
        ("region", "1000"),
        ("region", "北京"),
        ("level", "village"),
        ("status", "alive"),
        ("sponsor_uscc", "1210000040000062XX"),
        ("sponsor_uscc", TSINGHUA),
        ("successor_uscc", TSINGHUA),
        ("established_on", "2024-02-30"),
        ("established_on", "20240101"),
        ("established_on", "2026-06-02"),
        ("established_on", "0001-01-01"),
        ("valid_until", "someday"),
        ("valid_until", "9999-12-31"),
        ("annual_report_year", "2027"),
        ("annual_report_year", "二〇二四"),
        ("annual_report_year", "٢٠٢٤"),
        ("changed_at", "2026-06-03T00:00:00Z"),
        ("changed_at", "yesterday"),
        ("changed_at", "0001-01-01T00:00:00+14:00"),
        ("address", "路" * 301),
        ("phone", "010-\n62793001"),
    ],
)
def test_each_wrong_value_is_named(field: str, value: str) -> None:
    """A wrong value is rejected under the name of its own column, in Chinese and English."""
    assert wrong_fields(**{field: value}) == {field}


def test_all_problems_of_a_row_are_told_at_once() -> None:
    """A row with several faults names each of them, so that it can be mended in one go."""
    assert wrong_fields(name="", status="x", valid_until="x", level="x") == {"name", "status", "valid_until", "level"}


def test_a_certificate_cannot_end_before_the_body_began() -> None:
    """``valid_until`` before ``established_on`` is impossible."""
    assert wrong_fields(established_on="2020-01-02", valid_until="2020-01-01") == {"valid_until"}


def test_a_rejection_shows_no_control_characters_and_no_endless_values() -> None:
    """What a rejection repeats of a bad value is short and printable."""
    result = read(uscc="\x1b[31m" + "9" * 30, name="名" * 5000)
    assert isinstance(result, Rejected)
    assert "\x1b" not in str(result)
    assert len(str(result)) < 500


def test_instants_without_offset_are_of_beijing() -> None:
    """A ``changed_at`` without offset is Beijing time; a mere date is its midnight there."""
    for text in ("2026-01-02", "2026-01-02T00:00:00", "2026-01-01T16:00:00Z"):
        body = read(changed_at=text)
        assert isinstance(body, Body)
        assert body.changed_at == datetime(2026, 1, 1, 16, tzinfo=UTC)


def test_lists_are_sets_of_names() -> None:
    """A list separated by bars loses blanks and repetitions and comes back sorted."""
    body = read(short_names="清华| 清华 ||T大|")
    assert isinstance(body, Body)
    assert body.short_names == ("T大", "清华")


@pytest.mark.parametrize(
    "header", [["uscc"], ["name"], ["uscc", "name", "colour"], ["uscc", "name", "name"], [], ["uscc,name"], ["\x00"]]
)
def test_a_header_must_be_of_the_contract(header: list[str]) -> None:
    """A header with unknown, repeated or missing columns is refused before any row is read."""
    with pytest.raises(Refusal) as caught:
        header_columns(header)
    assert caught.value.reason is Reason.SYNTAX_INVALID
    assert caught.value.where == "header"


def test_a_header_may_have_another_order_and_case() -> None:
    """Columns may stand in any order and letter case, and optional ones may be left out."""
    assert header_columns(["Name", " USCC "]) == ("name", "uscc")


_NAMES = st.text(
    st.characters(categories=["Lo", "Lu", "Nd"], exclude_characters=INVISIBLE), min_size=1, max_size=12
).map(lambda name: unicodedata.normalize("NFC", name))
_SETS = st.frozensets(_NAMES, max_size=4).map(lambda names: tuple(sorted(names)))
_DAYS = st.none() | st.dates(date(1900, 1, 1), date(2026, 5, 1))


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    kind = draw(st.sampled_from(["11", "12", "51", "N2", "G1"]))
    region = draw(st.sampled_from(["100000", "320106", "430000", "469001"]))
    established = draw(_DAYS)
    return Body(
        uscc=compose(kind, region, f"{draw(st.integers(0, 10**8 - 1)):08d}"),
        name=draw(_NAMES),
        aliases=draw(_SETS),
        short_names=draw(_SETS),
        former_names=draw(_SETS),
        kind=kind,
        administrative=draw(st.booleans()),
        region=region,
        level=draw(st.sampled_from(["central", "province", "city", "county", "town"])),
        sponsor_uscc=draw(st.sampled_from(["", "Z3201060000000000" + "1"])),
        authority=draw(st.just("") | _NAMES),
        address=draw(st.just("") | _NAMES),
        legal_representative=draw(st.just("") | _NAMES),
        phone=draw(st.sampled_from(["", "010-12345", '"0,1"'])),
        status=draw(st.sampled_from(["normal", "merged", "suspended"])),
        established_on=established,
        valid_until=draw(st.none() | st.just((established or date(2020, 1, 1)) + timedelta(days=30))),
        annual_report_year=draw(st.none() | st.integers(1990, 2026)),
        successor_uscc="",
        changed_at=draw(st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2026, 5, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - hypothesis adds the zone itself
    )


@given(bodies())
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_the_same(body: Body) -> None:
    """Any body written as a row and read again is the same body."""
    assert read_body(Row(2, dict(zip(COLUMNS, write_cells(body), strict=True))), NOW) == body


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_reader(cells: dict[str, str]) -> None:
    """Any text in any column gives a body or a rejection, never an exception."""
    assert isinstance(read_body(Row(2, cells), NOW), Body | Rejected)
