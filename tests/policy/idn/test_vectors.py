"""The 67 labels of the specification: verdict, both forms, index, simplified and traditional spelling, variants."""

import csv
import re
from pathlib import Path

import pytest

from registry.policy.idn.bundle import bundle_of, variant_count
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, parse_a, parse_u
from registry.policy.idn.violations import LabelRules

TABLE = shipped_table()
Row = dict[str, str]


def _rows() -> list[Row]:
    with (Path(__file__).parent / "vectors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _label(row: Row) -> str:
    return re.sub(r"\{U\+([0-9A-F]+)\}", lambda found: chr(int(found[1], 16)), row["u_label"])


ROWS = _rows()
ACCEPTED = [row for row in ROWS if row["policy"] == "accept"]
REFUSED = [row for row in ROWS if row["policy"] == "reject"]


def test_there_are_sixty_seven() -> None:
    """The data file holds every vector once, 39 accepted and 28 refused."""
    assert [int(row["number"]) for row in ROWS] == list(range(1, 68))
    assert (len(ACCEPTED), len(REFUSED)) == (39, 28)


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row["number"])
def test_an_accepted_vector(row: Row) -> None:
    """An accepted label has the A-form, index label, simplified and traditional form of the specification."""
    label = parse_u(_label(row), TABLE)
    assert isinstance(label, Label)
    told = {name: row["u_label"] if row[name] == "=" else row[name] for name in ("index", "simplified", "traditional")}
    assert {name: getattr(label, name) for name in told} == told
    assert (label.a, label.octets) == (row["a_label"], len(row["a_label"]))
    assert parse_a(row["a_label"].upper(), TABLE) == label


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row["number"])
def test_the_bundle_of_a_vector(row: Row) -> None:
    """The traditional form stands in the bundle under its A-form, or is withheld because that is too long."""
    label = parse_u(_label(row), TABLE)
    assert isinstance(label, Label)
    members = {member.u_label: member for member in bundle_of(label, TABLE).members}
    traditional = members[label.traditional]
    if row["traditional_a"] == "too long":
        assert not traditional.active
        assert traditional.octets > 63
    else:
        assert traditional.active
        assert traditional.a_label == (row["traditional_a"] or row["a_label"])


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["number"])
def test_a_refused_vector(row: Row) -> None:
    """A refused label breaks exactly the rules of the specification, at the positions of the specification."""
    violations = parse_u(_label(row), TABLE)
    assert isinstance(violations, tuple)
    assert list(dict.fromkeys(violation.rule for violation in violations)) == row["rules"].split()
    positions = sorted({position for violation in violations for position in violation.positions})
    assert positions == [int(position) for position in row["positions"].split()]
    assert all(violation.text.zh and violation.text.en for violation in violations)


@pytest.mark.parametrize("row", [row for row in REFUSED if row["a_label"]], ids=lambda row: row["number"])
def test_a_refused_vector_in_its_a_form(row: Row) -> None:
    """The A-form of a refused label is refused for the same rules at the same places."""
    assert parse_a(row["a_label"], TABLE) == parse_u(_label(row), TABLE)


@pytest.mark.parametrize("row", [row for row in ROWS if row["variants"]], ids=lambda row: row["number"])
def test_variants_are_counted(row: Row) -> None:
    """The number of registrable spellings of a class is counted without listing them, up to 4.6 million."""
    assert variant_count(_label(row), TABLE) == int(row["variants"])


def test_double_hyphens_can_be_switched_off() -> None:
    """Vector 33 passes by the standards and is refused when local practice forbids "--" anywhere."""
    violations = parse_u("政-务--网", TABLE, LabelRules(double_hyphen=False))
    assert isinstance(violations, tuple)
    assert [(violation.rule, violation.positions) for violation in violations] == [("LABEL.HYPHEN", (3,))]
