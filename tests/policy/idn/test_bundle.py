"""Which spellings stand in the DNS together, and what becomes of the others."""

import pytest

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.bundle import Bundle, Disposition, Role, bundle_of, disposition, stored_bundle
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import Label, parse_u
from registry.policy.idn.traditional import choices

TABLE = shipped_table()


def label(u: str) -> Label:
    """The label, which must be one."""
    result = parse_u(u, TABLE)
    assert isinstance(result, Label)
    return result


def bundle(u: str, traditional: str | None = None) -> Bundle:
    """The bundle of a U-label."""
    return bundle_of(label(u), TABLE, traditional)


def test_a_simplified_original_brings_its_traditional_form() -> None:
    """国家税务总局 stands in the DNS with 國家稅務總局 and nothing else."""
    made = bundle("国家税务总局")
    assert [(member.role, member.u_label, member.active) for member in made.members] == [
        (Role.REGISTERED, "国家税务总局", True),
        (Role.TRADITIONAL, "國家稅務總局", True),
    ]
    assert [member.a_label for member in made.active] == ["xn--zfr54hw1e2pag3nj78b", "xn--lhr90hp0e2pax40jgkf"]


def test_a_traditional_original_brings_its_simplified_form() -> None:
    """國務院 stands with 国务院."""
    assert [(m.role, m.u_label) for m in bundle("國務院").members] == [
        (Role.REGISTERED, "國務院"),
        (Role.SIMPLIFIED, "国务院"),
    ]


def test_a_mixed_original_brings_both() -> None:
    """囯務院 is a fine original; with it stand the simplified and the traditional form."""
    made = bundle("囯務院")
    assert [member.u_label for member in made.members] == ["囯務院", "国务院", "國務院"]


def test_a_label_without_variants_stands_alone() -> None:
    """北京市人民政府 is written alike in both scripts: a bundle of one."""
    assert [member.role for member in bundle("北京市人民政府").members] == [Role.REGISTERED]


def test_a_traditional_form_that_is_too_long_is_withheld() -> None:
    """With 62 octets registered and 64 octets traditional, the latter is a member that does not stand in the DNS."""
    made = bundle("中国共产党新疆维吾尔自治区委员会组织部")
    registered, traditional = made.members
    assert (registered.octets, registered.active) == (62, True)
    assert (traditional.octets, traditional.active) == (64, False)
    assert made.active == (registered,)
    assert disposition(made, traditional.u_label, TABLE) is Disposition.WITHHELD


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("国家税务总局", Disposition.REGISTERED),
        ("國家稅務總局", Disposition.BUNDLED),
        ("國傢稅務總侷", Disposition.WITHHELD),
        ("國家稅務總跼", Disposition.WITHHELD),
        ("国家稅务总局", Disposition.BLOCKED),
        ("囯家税务总局", Disposition.BLOCKED),
        ("国家税务总", Disposition.FOREIGN),
        ("国家税务局", Disposition.FOREIGN),
        ("", Disposition.FOREIGN),
    ],
)
def test_what_becomes_of_the_others(other: str, expected: Disposition) -> None:
    """Pure spellings of the class are withheld for the holder, mixed ones blocked, other labels are foreign."""
    assert disposition(bundle("国家税务总局"), other, TABLE) is expected


def test_an_unregistrable_spelling_is_blocked() -> None:
    """A form that stands in the table only as a variant (桜 of 樱) is in the class, and nobody gets it."""
    assert disposition(bundle("樱花"), "桜花", TABLE) is Disposition.BLOCKED


def test_a_person_may_choose_the_traditional_form() -> None:
    """里水镇 wants 里 where the phrases say 裡; both are preferred forms, so the choice is taken."""
    assert bundle("里水镇人民政府").traditional == "裡水鎮人民政府"
    assert bundle("里水镇人民政府", "里水鎮人民政府").traditional == "里水鎮人民政府"
    assert choices("里水镇", TABLE) == ("裏裡里", "水", "鎮")


@pytest.mark.parametrize(
    "chosen", ["里水镇人民政府", "哩水鎮人民政府", "里水鎮", "里水鎮人民政府a", "", "\ud800水鎮人民政府"]
)
def test_a_choice_outside_the_preferred_forms_is_refused(chosen: str) -> None:
    """A chosen form must be made of preferred traditional forms, character by character."""
    with pytest.raises(Refusal) as refused:
        bundle("里水镇人民政府", chosen)
    assert refused.value.reason is Reason.VALUE_INVALID
    assert refused.value.where == "traditional"


def test_a_stored_bundle_does_not_change_with_the_table() -> None:
    """What was stored at registration comes back as it was, though today's table would not propose it."""
    made = stored_bundle("里水镇", "里水镇", "哩水鎮")
    assert [member.u_label for member in made.members] == ["里水镇", "哩水鎮"]
    assert stored_bundle("国务院", "国务院", "國務院") == bundle("国务院")
