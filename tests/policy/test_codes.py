"""Codes of bodies: both check characters, the two alphabets, the internal codes."""

import pytest

from registry.kernel.errors import Problem
from registry.policy.codes import ALPHABET, check_uscc, compose, kind_of, region_of

PUBLIC_CODES = [  # domain-rules.md, section 6.2: all public, all pass both checks
    ("11441700007280420Y", "11", "441700"),
    ("12100000400000624D", "12", "100000"),
    ("12440300455752807L", "12", "440300"),
    ("G1610000713522976L", "G1", "610000"),
    ("914403001922038216", "91", "440300"),
    ("9144030071526726XG", "91", "440300"),
]


@pytest.mark.parametrize(("code", "kind", "region"), PUBLIC_CODES)
def test_a_public_code_passes_and_tells_kind_and_region(code: str, kind: str, region: str) -> None:
    """Six real codes pass both checks."""
    assert check_uscc(code) == code
    assert (kind_of(code), region_of(code)) == (kind, region)


@pytest.mark.parametrize("code", [code for code, _, _ in PUBLIC_CODES])
def test_no_single_wrong_character_goes_unnoticed(code: str) -> None:
    """All 510 substitutions of one character of the alphabet are found."""
    for position, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert isinstance(check_uscc(code[:position] + wrong + code[position + 1 :]), Problem)


def test_full_width_digits_and_small_letters_are_mapped() -> None:
    """A code is read as people type it, with spaces around it, at every door."""
    assert check_uscc(" １２１００００0400000624d ") == "12100000400000624D"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "12100000400000624", "12100000400000624DD", "O2100000400000624D", "1210000040000062AD", "Z1", "\ud800"],
)
def test_what_is_no_code_is_told_with_what_to_do(text: str) -> None:
    """Wrong length, wrong letter, wrong check, half a character: a problem in two languages, never an exception."""
    problem = check_uscc(text)
    assert isinstance(problem, Problem)
    assert problem.text.zh
    assert problem.text.en


def test_an_internal_code_has_a_z_and_seventeen_digits() -> None:
    """Bodies of kind 00 carry Z, six digits of region and eleven digits."""
    assert check_uscc("z43010000000000007") == "Z43010000000000007"
    assert kind_of("Z43010000000000007") == "00"
    assert region_of("Z43010000000000007") == "430100"
    assert isinstance(check_uscc("Z4301000000000000A"), Problem)


def test_a_composed_code_is_valid() -> None:
    """What the generator composes passes its own check."""
    assert check_uscc(compose("11", "430100", "12345678")) == "11430100123456788F"
