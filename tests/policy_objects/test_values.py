"""Single values: postal lines, numbers, e-mail, identifiers, host names, addresses, secrets."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import Reason, Refusal
from registry.model.contact import Phone, Postal
from registry.policy.objects.countries import COUNTRIES
from registry.policy.objects.glue import UNREACHABLE, check_glue, parse_address
from registry.policy.objects.hostname import canonical_host, parent_name, zone_of
from registry.policy.objects.identifier import is_identifier
from registry.policy.objects.postal import check_postal
from registry.policy.objects.reach import check_email, check_phone
from registry.policy.objects.secret import check_contact_strength, check_strength, estimated_bits, hashed, matches

GOOD = Postal("Test Centre", "Beijing", "CN")
SALT = bytes(range(16))


def reason(check: object, *args: object, **kwargs: object) -> Reason | None:
    try:
        check(*args, **kwargs)  # type: ignore[operator]
    except Refusal as refusal:
        told = refusal
    else:
        return None
    assert told.text.zh
    assert told.text.en
    assert told.where
    return told.reason


def test_a_plain_address_passes() -> None:
    """The least and the longest address of the schema pass, Latin and Chinese."""
    longest = Postal("n" * 255, "c" * 255, "CN", "o" * 255, ("s" * 255,) * 3, "p" * 255, "1" * 16)
    check_postal({"int": GOOD, "loc": Postal("测试中心", "北京市", "CN", street=("", ""))})
    check_postal({"int": longest})
    assert reason(check_postal, {}) is None


def test_the_country_is_one_of_249() -> None:
    """ISO 3166-1 has 249 assigned codes; CN is one, XX and EU are not."""
    assert len(COUNTRIES) == 249
    assert "CN" in COUNTRIES
    assert not {"XX", "EU", "UK", "cn", ""} & COUNTRIES


@pytest.mark.parametrize("number", ["+1.5", "+86.1062770334", "+999.12345678901234"])
def test_a_number_of_e164_passes(number: str) -> None:
    """One to three digits of country, a dot, one to fourteen digits."""
    assert reason(check_phone, Phone(number), "voice") is None
    assert reason(check_phone, Phone(number, "123"), "voice") is None
    assert reason(check_phone, Phone(number, "12a"), "voice") is Reason.VALUE_INVALID
    assert reason(check_phone, Phone(f"{number}\n"), "voice") is Reason.VALUE_INVALID


def test_no_number_at_all_passes() -> None:
    """A number that was not sent needs none; an empty element only where it removes."""
    assert reason(check_phone, None, "fax") is None
    assert reason(check_phone, Phone(), "fax") is Reason.VALUE_INVALID
    assert reason(check_phone, Phone(), "fax", may_be_empty=True) is None
    assert reason(check_phone, Phone("", "12"), "fax", may_be_empty=True) is Reason.VALUE_INVALID


@pytest.mark.parametrize(
    "email", ["a@b.cn", "first.last+tag@mail.example.com", "a" * 64 + "@example.com", "o'neil@example.ie", "x@中国.cn", "x@xn--fiqs8s.cn"]
)  # fmt: skip
def test_an_address_of_rfc_5322_passes(email: str) -> None:
    """Dot-atoms before the sign, a name with a dot behind it, Chinese or not."""
    assert reason(check_email, email) is None


@pytest.mark.parametrize(
    "email",
    ["a..b@example.com", ".a@example.com", "a@example..com", "a@-x.com", "a@b.c.", "a@b@c.cn", '"a b"@example.com', "a@[127.0.0.1]",
     "中@example.cn", "a@" + "b." * 130 + "cn", "a\n@example.cn"],
)  # fmt: skip
def test_no_address_of_rfc_5322_is_refused(email: str) -> None:
    """Quoted strings, literals and what mail software would not deliver are refused."""
    assert reason(check_email, email) is Reason.VALUE_INVALID


@given(st.text(max_size=40))
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    """Whatever is sent as a value is taken or refused, never a traceback."""
    for check in (check_email, canonical_host, check_strength):
        reason(check, text)
    reason(parse_address, text, "v4")
    reason(parse_address, text, "v6")
    reason(check_phone, Phone(text), "voice")
    reason(check_postal, {"int": Postal(text, text, text, text, (text,), text, text)})
    assert isinstance(is_identifier(text), bool)


def test_identifiers_are_plain_and_short() -> None:
    """Three to sixteen characters that can be read out and put into an address."""
    assert all(map(is_identifier, ("abc", "A-1", "rst-contact-1", "a.b_c-d", "0" * 16)))
    assert not any(map(is_identifier, ("ab", "0" * 17, "a b", "a/b", "-ab", "ab-", "汉字汉", "abc\n")))


def test_host_names_are_a_labels_in_lower_case() -> None:
    """Mixed case is lowered; the parent is the last two labels, the zone the last."""
    assert canonical_host("NS1.Example.XN--ZFR164B") == "ns1.example.xn--zfr164b"
    assert parent_name("a.b.example.xn--zfr164b") == "example.xn--zfr164b"
    assert zone_of("a.b.example.xn--zfr164b") == "xn--zfr164b"
    assert reason(canonical_host, "a." * 127 + "cn") is Reason.VALUE_INVALID


@pytest.mark.parametrize("text", ["208.77.190.196", "8.8.8.8", "192.0.2.1", "203.0.113.7"])
def test_a_reachable_ipv4_address_passes(text: str) -> None:
    """Public addresses pass, and those of documentation, which lead nowhere."""
    assert str(parse_address(text, "v4")) == text


def test_an_ipv6_address_is_written_one_way() -> None:
    """However it was written, an address is kept in its canonical form (RFC 5952)."""
    assert str(parse_address("2602:0800:900E:1257:0:0:0:5", "v6")) == "2602:800:900e:1257::5"


def test_no_address_that_leads_nowhere_passes() -> None:
    """The first address of every special-purpose block is refused."""
    for network in UNREACHABLE:
        family = f"v{network.version}"
        assert reason(parse_address, str(network[0]), family) is Reason.VALUE_INVALID


def test_glue_is_narrow() -> None:
    """Inside: one to thirteen addresses; outside: none."""
    address = parse_address("8.8.8.8", "v4")
    assert reason(check_glue, "ns1.a.政务", [address], is_internal=True) is None
    assert reason(check_glue, "ns1.a.政务", [], is_internal=True) is Reason.PARAMETER_MISSING
    assert reason(check_glue, "ns1.a.cn", [], is_internal=False) is None
    assert reason(check_glue, "ns1.a.cn", [address], is_internal=False) is Reason.POLICY_FORBIDS
    assert reason(check_glue, "ns1.a.政务", [address + n for n in range(14)], is_internal=True) is Reason.POLICY_FORBIDS


def test_128_bits_are_what_rfc_9154_counts() -> None:
    """20 printable characters or 22 letters and digits are enough, 19 and 21 are not, nor is one letter many times."""
    printable = "aB3!eF6#hI9$kL2%nO5&"
    letters = "aB3dE6gH9jK2mN5pQ8sT1v"
    assert math.isclose(estimated_bits(printable), 20 * math.log2(94))
    assert reason(check_strength, printable) is None
    assert reason(check_strength, printable[:19]) is Reason.POLICY_FORBIDS
    assert reason(check_strength, letters) is None
    assert reason(check_strength, letters[:21]) is Reason.POLICY_FORBIDS
    assert reason(check_strength, "aA1" * 10) is Reason.POLICY_FORBIDS
    assert reason(check_strength, string.digits * 4) is None
    assert reason(check_strength, string.digits * 3) is Reason.POLICY_FORBIDS
    assert reason(check_strength, "") is None
    assert reason(check_strength, letters * 12) is Reason.VALUE_INVALID
    assert reason(check_strength, letters + " ") is Reason.VALUE_INVALID


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_only_the_secret_matches_its_hash(secret: str, other: str) -> None:
    """A hash is of one secret; nothing matches what was never set, not even nothing."""
    stored = hashed(secret, SALT)
    assert matches(secret, stored)
    assert matches(other, stored) == (other == secret)
    assert secret not in stored or len(secret) < 3
    assert not matches(secret, "")
    assert not matches("", hashed("", SALT))


def test_the_same_secret_twice_looks_different() -> None:
    """The salt is part of the hash."""
    assert hashed("secret", SALT) != hashed("secret", bytes(16))


def test_a_contacts_secret_may_be_shorter() -> None:
    """What clients draw by themselves, 16 letters and digits, is enough for a contact and not for a domain."""
    drawn = "aB3dE6gH9jK2mN5p"
    assert reason(check_contact_strength, drawn) is None
    assert reason(check_strength, drawn) is Reason.POLICY_FORBIDS
    assert reason(check_contact_strength, drawn[:12]) is Reason.POLICY_FORBIDS
    assert reason(check_contact_strength, "aA1" * 10) is Reason.POLICY_FORBIDS
    assert reason(check_contact_strength, "") is None
