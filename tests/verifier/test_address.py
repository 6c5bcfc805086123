"""How a pasted address is taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.world import ask
from verifier.address import Kind, Trick, parse_address

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "https://",
                "http:",
                "\\",
                "/",
                "@",
                ":",
                "#",
                "?",
                ".",
                "。",
                "xn--",
                "清华大学.公益",
                "[",
                "]",
                "%",
                "%E6",
                "0x",
                "\u202e",
            ]
        ),
        st.text(max_size=8),
        st.integers(0, 2**33).map(str),
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_no_text_is_too_strange_to_be_answered(typed: str) -> None:
    """Whatever is pasted gets a verdict; nothing makes the parser or the judge fail."""
    assert ask(typed).findings


@given(st.text(max_size=40))
def test_a_user_name_never_becomes_the_host(user: str) -> None:
    """What stands before the last @ of an authority never decides which site opens."""
    clean = "".join(c for c in user if c not in "/\\?#\t\r\n")
    address = parse_address(f"https://{clean}@example.com/x")
    assert address.host in {"example.com", ""}


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("https://example.com:8443/a", "example.com", 8443),
        ("http://example.com", "example.com", 80),
        ("example.com:8080/x", "example.com", 8080),
        ("https://example.com:/", "example.com", 443),
        ("https://[2001:DB8::1]:99/", "[2001:db8::1]", 99),
        ("https://0x7f.1/", "127.0.0.1", 443),
        ("https://017700000001/", "127.0.0.1", 443),
        ("https://a:b@c:d@example.com/", "example.com", 443),
        ("https:/\\/example.com\\a", "example.com", 443),
        ("https://ＥＸＡＭＰＬＥ.com/", "example.com", 443),
        ("https://faß.de/", "xn--fa-hia.de", 443),
    ],
)
def test_the_host_is_the_one_that_a_browser_opens(typed: str, host: str, port: int) -> None:
    """Host and port are those of the URL Standard, however they are written."""
    address = parse_address(typed)
    assert (address.host, address.port) == (host, port)


@pytest.mark.parametrize(
    "typed",
    [
        "https://exa mple.com/",
        "https://a%00b.com/",
        "https://a<b.com/",
        "https://1.2.3.256/",
        "https://a.1.2.3.4.5/",
        "http://:80/",
    ],
)
def test_what_no_browser_opens_is_no_address(typed: str) -> None:
    """A host that the URL Standard refuses is not guessed at."""
    assert parse_address(typed).kind is Kind.NONE


def test_an_address_is_found_in_a_text_message() -> None:
    """The first address in a sentence counts, without the punctuation around it."""
    address = parse_address("您有一笔补贴待领，请登录 https://evil.example/a?b=1。回T退订")
    assert (address.host, address.rest) == ("evil.example", "/a?b=1。回T退订")
    assert parse_address("见（https://evil.example/）一文").host == "evil.example"


def test_both_forms_of_a_name_are_one_host() -> None:
    """A-form and U-form give the same host, and the coded form is pointed out."""
    one, two = parse_address("https://清华大学.公益/"), parse_address("https://xn--xkry9kk1bz66a.xn--55qw42g/")
    assert one.host == two.host
    assert Trick.PUNYCODE in two.tricks
    assert Trick.PUNYCODE not in one.tricks
