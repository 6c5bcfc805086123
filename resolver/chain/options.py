"""EDNS options (RFC 6891 section 6.1.2): which of them a query carries, and what an answer says to them.

One place for both paths: the packed path hands over the octets of the OPT record, the reference chain those of the options
that dnspython has parsed, and both append what :func:`told` returns. What we do not know is ignored.
"""

from dataclasses import dataclass
from typing import NamedTuple

from resolver.chain.cookies import CLIENT_OCTETS, Cookies

NSID, COOKIE, KEEPALIVE, PADDING, EXTENDED_ERROR, ZONEVERSION = 3, 10, 11, 12, 15, 19
COOKIE_SIZES = frozenset({CLIENT_OCTETS, *range(16, 41)})  # RFC 7873 section 4
# Options whose inner form decides whether a message is malformed; that is left to the reference chain: client subnet, errors, report channel.
JUDGED_ELSEWHERE = frozenset({8, EXTENDED_ERROR, 18})
OPTION_HEAD_OCTETS = 4
PADDING_BLOCK = 468  # RFC 8467 section 4.1, for answers
MAX_MESSAGE = 65535
SOA_SERIAL = b"\1\0"  # one label in the name of the zone, and the version is the serial of its SOA (RFC 9660 section 2)


@dataclass(frozen=True, slots=True)
class Manners:
    """What a door adds to its answers for those who ask: ``nsid`` (empty: nothing), ``cookies`` (None: ignored).

    ``idle_tenths`` is the idle time of a connection in tenths of a second (None over UDP, RFC 7828 section 3.3.1), and
    ``is_encrypted`` says whether answers are padded (RFC 7830 section 6).
    """

    nsid: bytes = b""
    cookies: Cookies | None = None
    idle_tenths: int | None = None
    is_encrypted: bool = False


class Wanted(NamedTuple):
    """The options of a query that we act upon. ``cookie`` is empty when there was none."""

    nsid: bool = False
    cookie: bytes = b""
    keepalive: bool = False
    padding: bool = False
    version: bool = False


PLAIN = Manners()
NONE = Wanted()


def read(octets: bytes, at: int = 0) -> Wanted | None:
    """The options that fill ``octets`` from ``at`` to the end; None when they are malformed or one is judged elsewhere.

    Of several cookies the first counts (RFC 7873 section 5.2).
    """
    end, codes, cookie = len(octets), set[int](), b""
    while at + OPTION_HEAD_OCTETS <= end:
        code, size = octets[at] << 8 | octets[at + 1], octets[at + 2] << 8 | octets[at + 3]
        at += OPTION_HEAD_OCTETS
        if code in JUDGED_ELSEWHERE or (code == COOKIE and size not in COOKIE_SIZES):
            return None
        if code == COOKIE and not cookie:
            cookie = octets[at : at + size]
        codes.add(code)
        at += size
    if at != end:
        return None
    return Wanted(NSID in codes, cookie, KEEPALIVE in codes, PADDING in codes, ZONEVERSION in codes)


def told(wanted: Wanted, manners: Manners, client: bytes, serial: int | None, extended: int | None = None) -> bytes:
    """The options of an answer, without padding.

    ``serial`` is that of the zone which holds the name, None when it is none of ours (RFC 9660 section 3.2); ``extended`` an
    extended error (RFC 8914).
    """
    made = []
    if wanted.nsid and manners.nsid:
        made.append(option(NSID, manners.nsid))
    if wanted.cookie and manners.cookies:
        made.append(option(COOKIE, manners.cookies.answer(wanted.cookie, client)))
    if wanted.keepalive and manners.idle_tenths is not None:
        made.append(option(KEEPALIVE, manners.idle_tenths.to_bytes(2, "big")))
    if wanted.version and serial is not None:
        made.append(option(ZONEVERSION, SOA_SERIAL + serial.to_bytes(4, "big")))
    if extended is not None:
        made.append(option(EXTENDED_ERROR, extended.to_bytes(2, "big")))
    return b"".join(made)


def option(code: int, data: bytes) -> bytes:
    """One option on the wire."""
    return code.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data


def padding(wanted: Wanted, manners: Manners, octets: int) -> bytes:
    """The padding option for an answer of so many octets, empty when none is due."""
    if not wanted.padding or not manners.is_encrypted:
        return b""
    missing = -(octets + OPTION_HEAD_OCTETS) % PADDING_BLOCK
    fits = octets + OPTION_HEAD_OCTETS + missing <= MAX_MESSAGE
    return option(PADDING, bytes(missing)) if fits else b""
