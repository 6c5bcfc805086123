"""The line on port 43, read without a socket."""

import pytest

from registry.kernel.errors import Reason, Refusal
from whois.query import AskBody, AskDomain, Asked, AskHelp, AskHost, AskRegistrar, read_line

READ: dict[str, Asked] = {
    "清华大学.公益": AskDomain("清华大学.公益"),
    "清華大學.公益": AskDomain("清華大學.公益"),
    "清华大学。公益": AskDomain("清华大学.公益"),
    "清华大学｡公益\r": AskDomain("清华大学.公益"),
    "  XN--XKRY9KK1BZ66A.XN--55QW42G. ": AskDomain("xn--xkry9kk1bz66a.xn--55qw42g."),
    "domain 清华大学.公益": AskDomain("清华大学.公益"),
    "域名 清华大学.公益": AskDomain("清华大学.公益"),
    "nameserver NS1.example": AskHost("ns1.example"),
    "host\tns1.example": AskHost("ns1.example"),
    "registrar 9995": AskRegistrar("9995"),
    "registrar 演示 甲": AskRegistrar("演示 甲"),
    "body 12100000400000624d": AskBody("12100000400000624d"),
    "12100000400000624D": AskBody("12100000400000624D"),
    "help": AskHelp(),
    "-h": AskHelp(),
    "HELP": AskHelp(),
    "？": AskHelp(),
    "帮助": AskHelp(),
}


@pytest.mark.parametrize(("line", "asked"), READ.items())
def test_people_ask_in_their_own_way(line: str, asked: Asked) -> None:
    """Names in any form and script, with the Chinese full stop, codes and keywords in any case are understood."""
    assert read_line(line.encode()) == asked


def test_full_width_digits_are_a_code() -> None:
    """A code typed in full width is the same code."""
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in "12100000400000624d")
    assert read_line(full_width.encode()) == AskBody("12100000400000624D")


def test_an_old_terminal_is_understood() -> None:
    """A query in GB 18030 asks for the same name as one in UTF-8."""
    assert read_line("清华大学.公益".encode("gb18030")) == AskDomain("清华大学.公益")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"\xff\xff\xff",
        b"a\x00b.example",
        b"-V 2 x.example",
        "清华大学".encode(),
        b"who is this.example",
        b"\x1b[31m.x",
    ],
)
def test_what_is_no_question_is_refused_with_words(raw: bytes) -> None:
    """Noise gets a refusal in both languages that says where help is, never an exception of another kind."""
    with pytest.raises(Refusal) as caught:
        read_line(raw)
    assert caught.value.reason is Reason.SYNTAX_INVALID
    assert "help" in caught.value.text.zh
    assert "help" in caught.value.text.en
