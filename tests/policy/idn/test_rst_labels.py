"""ICANN's test labels for Chinese, which a registry must pass to operate (icann/rst-idn-test-labels, zh)."""

import re

import pytest

from registry.policy.idn.bundle import Disposition, bundle_of, disposition
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, index_of, parse_a
from registry.policy.idn.literal import literal_disposition
from tests.kit.shared import shared_path

TABLE = shipped_table()
LINE = re.compile(r"^(\s*)- (?:label: )?(xn--\S+)|^\s*variantTLDAllocatability: \[(.*)\]", re.MULTILINE)


def _labels() -> tuple[list[tuple[str, list[tuple[str, bool]]]], list[str]]:
    """The allocatable labels with their variants (and whether zh would allocate them), and the unallocatable ones."""
    text = shared_path("conformance/idn/rst-labels-zh.yaml").read_text(encoding="utf-8")
    allocatable, unallocatable = text.split("unallocatableLabels:")
    primaries: list[tuple[str, list[tuple[str, bool]]]] = []
    for indent, label, allocation in LINE.findall(allocatable):
        if label and len(indent) == 4:
            primaries.append((label, []))
        elif label:
            primaries[-1][1].append((label, False))
        elif primaries[-1][1]:
            primaries[-1][1][-1] = (primaries[-1][1][-1][0], '"zh"' in allocation)
    return primaries, [label for _, label, _ in LINE.findall(unallocatable)]


def _label(a_label: str) -> Label:
    label = parse_a(a_label, TABLE)
    assert isinstance(label, Label)
    return label


def test_allocatable_labels_are_labels() -> None:
    """Each of the three is accepted; each variant has its index, so it collides with it."""
    primaries, _ = _labels()
    assert [len(variants) for _, variants in primaries] == [1, 4, 14]
    for a_label, variants in primaries:
        primary = _label(a_label)
        assert {_label(variant).index for variant, _ in variants} == {primary.index}


def test_the_table_was_read_as_icann_reads_it() -> None:
    """All 19 variants have the disposition that ICANN expects of the table itself."""
    judged = 0
    for a_label, variants in _labels()[0]:
        for variant, allocatable in variants:
            expected = "allocatable" if allocatable else "blocked"
            assert literal_disposition(_label(a_label).u, _label(variant).u, TABLE) == expected, variant
            judged += 1
    assert judged == 19


def test_no_variant_goes_to_a_stranger() -> None:
    """Our own policy gives every variant to the same holder or to nobody (``allblockvar`` for all others)."""
    for a_label, variants in _labels()[0]:
        bundle = bundle_of(_label(a_label), TABLE)
        for variant, _ in variants:
            state = disposition(bundle, _label(variant).u, TABLE)
            assert state in (Disposition.BUNDLED, Disposition.WITHHELD, Disposition.BLOCKED)


def test_unallocatable_labels_are_refused() -> None:
    """The seven labels with misplaced hyphens or Hangul are refused for that reason."""
    expected = ["HYPHEN", "HYPHEN", "HYPHEN", "REPERTOIRE", "HYPHEN", "HYPHEN", "HYPHEN"]
    for a_label, rule in zip(_labels()[1], expected, strict=True):
        violations = parse_a(a_label, TABLE)
        assert isinstance(violations, tuple)
        assert f"LABEL.{rule}" in [violation.rule for violation in violations], a_label


@pytest.mark.parametrize("code_point", [0x44EA, 0x5083, 0x8ED0])
def test_code_points_that_the_tests_register(code_point: int) -> None:
    """The code points that ICANN's EPP tests build names from are registrable."""
    assert chr(code_point) in TABLE.repertoire
    assert index_of(chr(code_point), TABLE)
