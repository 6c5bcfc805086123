"""The table from reasons to codes."""

from lxml import etree

from registry.epp.results import CODES, MESSAGES, Code, closes
from registry.kernel.errors import Reason
from tests.kit.shared import shared_path

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}


def test_every_reason_has_a_code() -> None:
    """No refusal of any flow can leave this door without a code of its own."""
    assert set(CODES) == set(Reason)


def test_every_code_has_a_sentence_in_both_languages() -> None:
    """Each code is said in Chinese and in English."""
    assert set(MESSAGES) == set(Code)
    assert all(text.zh and text.en for text in MESSAGES.values())


def test_only_unavailability_is_2400() -> None:
    """2400 tells of faults of ours; no mistake of a client is answered with it."""
    assert [reason for reason, code in CODES.items() if code is Code.FAULT] == [Reason.UNAVAILABLE]


def test_codes_are_those_of_the_protocol() -> None:
    """Every code stands in the official schema."""
    schema = etree.parse(shared_path("conformance/epp-xsd/epp-1.0.xsd"))
    known = schema.xpath("//xs:simpleType[@name='resultCodeType']//xs:enumeration/@value", namespaces=XS)
    assert {str(int(code)) for code in Code} <= set(known)


def test_the_codes_that_end_a_connection() -> None:
    """1500 and 25yz end it, nothing else does."""
    assert [int(code) for code in Code if closes(code)] == [1500, 2500, 2501, 2502]
