"""The look-alike index: what it finds, what it lets pass, and how it follows the names."""

import csv
from pathlib import Path

import pytest

from registry.establishment.generate import generate
from verifier.lookalikes.index import Index
from verifier.lookalikes.keytable import as_codes, rows_of
from verifier.lookalikes.likeness import Kind

FILE = Path(__file__).parent / "impersonations.csv"
HONEST = 10_000
FOUND_AT_LEAST = 0.95
FLAGGED_AT_MOST = 0.01


def impersonations() -> list[tuple[str, str, str]]:
    """(official name, its copy, how it was made), 300 of 100 names, made by hand before the index was tried on them."""
    with FILE.open(encoding="utf-8") as file:
        return [(official, fake, how) for official, fake, how in csv.reader(file)]


@pytest.fixture(scope="module")
def index() -> Index:
    """The hundred official names."""
    return Index(official for official, _, _ in impersonations())


def test_finds_the_copies_that_people_make(index: Index) -> None:
    """Of 300 hand-made impersonations of 100 official names at least 95 % are found, each under its own original."""
    rows = impersonations()
    assert len(rows) == 300
    assert len(index) == 100
    found = index.look_up([fake for _, fake, _ in rows])
    missed = [
        row for row, matches in zip(rows, found, strict=True) if row[0] not in {match.official for match in matches}
    ]
    assert len(missed) <= (1 - FOUND_AT_LEAST) * len(rows), missed


@pytest.mark.parametrize("seed", [1, 2])
def test_leaves_honest_names_alone(index: Index, seed: int) -> None:
    """Of 10,000 names of other bodies at most one in a hundred is flagged."""
    official = {row[0] for row in impersonations()}
    names = dict.fromkeys(body.name for body in generate(HONEST + 2000, seed))
    honest = [name for name in names if name not in official][:HONEST]
    assert len(honest) == HONEST
    flagged = [name for name, matches in zip(honest, index.look_up(honest), strict=True) if matches]
    assert len(flagged) <= FLAGGED_AT_MOST * HONEST, flagged[:20]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("国家税务总局", Kind.SAME),
        ("国家-税务-总局", Kind.SAME),
        ("國家稅務總局", Kind.LOOK),
        ("囯家税务总局", Kind.LOOK),
        ("国家税务总局官网", Kind.ADDED),
        ("www国家税务总局12366", Kind.ADDED),
        ("国家税物总局", Kind.SOUND),
        ("guojiashuiwuzongju", Kind.ROMAN),
        ("guojia税务总局", Kind.ROMAN),
        ("国家税务税务总局", None),
        ("国家税务务总局", Kind.NEAR),
        ("国家务税总局", Kind.NEAR),
        ("国家税务局", Kind.NEAR),
        ("国家粮食局", None),
        ("税务", None),
        ("", None),
        ("xn--", None),
        ("\ud800\x00" * 50, None),
    ],
)
def test_says_how_a_label_is_like_a_name(label: str, kind: Kind | None) -> None:
    """Each kind of likeness has its own word, and any text at all is answered."""
    (matches,) = Index(["国家税务总局"]).look_up([label])
    assert [match.kind for match in matches] == ([kind] if kind else [])


def test_sisters_are_no_copies_of_each_other() -> None:
    """Names that differ in a place, a number or an office are different names, however near they are written."""
    index = Index(["江苏省财政厅", "北京市第一中学", "长沙市教育局", "西安市人民医院"])
    sisters = ["江西省财政厅", "北京市第十一中学", "长沙市体育局", "西安市人民法院", "北京市第二中学"]
    assert index.look_up(sisters) == [()] * len(sisters)


def test_somebody_elses_own_name_is_no_copy() -> None:
    """陕西 and 山西 sound alike and both are real: a name known to be another body's own is not flagged for its sound."""
    assert Index(["山西省民政厅"]).look_up(["陕西省民政厅"])[0][0].kind is Kind.SOUND
    assert Index(["山西省民政厅"], known=["陕西省民政厅"]).look_up(["陕西省民政厅"]) == [()]
    assert Index(["山西省民政厅", "陕西省民政厅"]).look_up(["陕西省民政厅"])[0][0].official == "陕西省民政厅"


def test_follows_names_that_come_and_go() -> None:
    """A name is watched from the moment it is added, and no longer when it is gone."""
    index = Index(["清华大学"])
    assert index.look_up(["北京大学官网"]) == [()]
    index.add("北京大学")
    assert [match.official for match in index.look_up(["北京大学官网"])[0]] == ["北京大学"]
    assert [match.official for match in index.look_up(["清华大学官网"])[0]] == ["清华大学"]
    index.discard("北京大学")
    index.discard("清华大学")
    assert index.look_up(["北京大学官网", "清华大学官网"]) == [(), ()]
    assert len(index) == 0


def test_keys_of_shortened_rows_are_the_keys_of_shortened_texts() -> None:
    """The running sums give for every place the very key that the text without that character has."""
    text = "北京市海淀区人民政府"
    keys, rows = rows_of(as_codes([text])).shortened()
    expected = rows_of(as_codes([text[:n] + text[n + 1 :] for n in range(len(text))])).keys
    assert keys.tolist() == expected.tolist()
    assert rows.tolist() == [0] * len(text)


def test_a_batch_answers_as_its_labels_alone(index: Index) -> None:
    """Asking many at once gives every label the answer that it gets alone."""
    labels = [fake for _, fake, _ in impersonations()[:40]]
    assert index.look_up(labels) == [index.look_up([label])[0] for label in labels]
