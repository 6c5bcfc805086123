"""Response rate limiting: our answers over UDP must be no good for flooding somebody whose address was forged.

Theory of operation. A flood by reflection is many like answers to one network. So answers are counted by network (/24, /56), by
what was said, and about which name: the delegated name for a referral, the zone for a name that does not exist, nothing for
errors. Each such account is a bucket that leaks ``rate`` answers a second. While it overflows, every ``slip``-th answer goes out
truncated, so that a client whose address is being abused gets through over TCP, or as BADCOOKIE when it speaks cookies (RFC 7873
section 5.2.3); the rest is silence. Whoever shows a good cookie has its address and is never limited.

Naming the account of every answer would cost more than the answer. A first table therefore only counts answers by network, in one dictionary store;
no account of a network can overflow while the sum of all has not, so only networks beyond ``rate`` in one second are looked at closely, and stay
so until they are silent for a second. Both tables are bounded: the first is emptied when it is full, which gives every network one more second's
budget; the second forgets its oldest account. Time is an argument: :meth:`Limiter.tick` is called once a second.
"""

import ipaddress
from collections.abc import Iterable

from resolver.chain.cookies import Cookies
from resolver.chain.fast import NOTHING, NOTHING_EDNS, edns, with_options
from resolver.chain.options import COOKIE, option
from resolver.zone.packing import HEADER_OCTETS

RATE = 200  # like answers a second to one network: ten times what a busy resolver repeats, a thousandth of what floods a line
SLIP = 2  # every second answer over the limit is truncated, so that a client in that network has an even chance
MAX_NETWORKS = 50_000  # counted in one second; walking them at its end takes some milliseconds
MAX_ACCOUNTS = 100_000  # looked at closely; about 20 MiB
IPV4_OCTETS, IPV4_NETWORK, IPV6_NETWORK = 4, 3, 7  # a client's address; octets of the networks that are counted
NEVER = -(1 << 60)  # where counting begins for networks that are exempt: no second reaches the limit from there
QR, TC = 0x80, 0x02
NXDOMAIN, BADCOOKIE = 3, 23  # RFC 7873 section 8
ANSWER_COUNT = slice(6, 8)

Account = tuple[bytes, int, bytes]  # network, what was said, about which name
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Limiter:
    """The accounts of one process. ``seen`` is open to its only reader, the responder, which counts in it without a call."""

    def __init__(
        self, rate: int = RATE, slip: int = SLIP, exempt: Iterable[Network] = (), cookies: Cookies | None = None
    ) -> None:
        self.seen: dict[bytes, int] = {}
        self.rate = rate
        self.dropped = self.slipped = 0
        self._slip, self._exempt, self._cookies = slip, tuple(exempt), cookies
        self._accounts: dict[Account, tuple[int, int]] = {}
        self._now = 0

    def tick(self) -> None:
        """A second has passed."""
        self._now += 1
        kept = {network: self.rate for network, number in self.seen.items() if number > self.rate}
        exempt = {network: NEVER for network, number in self.seen.items() if number < 0}
        self.seen = kept | exempt

    def take_counts(self) -> tuple[int, int]:
        """How many answers were dropped, and how many shortened, since the last call."""
        taken = self.dropped, self.slipped
        self.dropped = self.slipped = 0
        return taken

    def judge(self, packet: bytes, said: bytes, client: bytes) -> bytes | None:
        """For a network that is beyond the rate: the answer, a short one in its place, or None for silence."""
        network = network_of(client)
        if len(self.seen) > MAX_NETWORKS:
            self.seen = {}
        if self._is_exempt(client):
            self.seen[network] = NEVER
            return said
        over = self._over((network, *_account(said)))
        if over <= 0 or self._has_good_cookie(packet, client):
            return said
        if not self._slip or over % self._slip:
            self.dropped += 1
            return None
        self.slipped += 1
        return self._short(packet, said, client)

    def _over(self, account: Account) -> int:
        """Count one answer; how many the account is over its limit, at most twice the rate, so a flood is forgiven a second after it ends."""
        level, then = self._accounts.pop(account, (0, self._now))
        level = min(max(0, level - (self._now - then) * self.rate) + 1, 2 * self.rate)
        if len(self._accounts) >= MAX_ACCOUNTS:
            del self._accounts[next(iter(self._accounts))]
        self._accounts[account] = level, self._now
        return level - self.rate if level < 2 * self.rate else self._count_over()

    def _count_over(self) -> int:
        """A number that goes up, for accounts whose level is at its top: slipping goes on evenly."""
        return self.rate + 1 + (self.dropped + self.slipped)

    def _is_exempt(self, client: bytes) -> bool:
        address = ipaddress.ip_address(client)
        return any(address in network for network in self._exempt)

    def _has_good_cookie(self, packet: bytes, client: bytes) -> bool:
        wanted = _options_of(packet)[1]
        return bool(self._cookies and wanted and self._cookies.is_good(wanted, client))

    def _short(self, packet: bytes, said: bytes, client: bytes) -> bytes:
        """The head and question of an answer with TC, or BADCOOKIE with a cookie for who showed none that is good."""
        opt, cookie = _options_of(packet)
        question = said[HEADER_OCTETS : _after_question(said)]
        if not opt:
            return said[:2] + bytes((said[2] | TC, said[3])) + b"\0\1" + NOTHING + question
        if not cookie or self._cookies is None:
            return said[:2] + bytes((said[2] | TC, said[3])) + b"\0\1" + NOTHING_EDNS + question + opt
        extended = opt[:5] + bytes((BADCOOKIE >> 4,)) + opt[6:]
        opt = with_options(extended, option(COOKIE, self._cookies.answer(cookie, client)))
        flags = bytes((said[2] & ~0x06 & 0xFF, BADCOOKIE & 0xF))  # neither AA nor TC
        return said[:2] + flags + b"\0\1" + NOTHING_EDNS + question + opt


def network_of(client: bytes) -> bytes:
    """The network whose answers are counted together: a /24, or a /56."""
    return client[:IPV4_NETWORK] if len(client) == IPV4_OCTETS else client[:IPV6_NETWORK]


def _account(said: bytes) -> tuple[int, bytes]:
    """What an answer says, and about which name: alike answers have alike accounts."""
    rcode = said[3] & 0xF
    if rcode not in (0, NXDOMAIN):
        return rcode, b""
    at, labels = HEADER_OCTETS, list[int]()
    while at < len(said) and said[at]:
        labels.append(at)
        at += said[at] + 1
    if not labels:
        return rcode, b""
    wanted = 1 if rcode == NXDOMAIN else 2
    name = said[labels[-wanted] if len(labels) >= wanted else labels[0] : at].lower()
    is_answer = said[ANSWER_COUNT] != b"\0\0"
    return (rcode, name + said[at + 1 : at + 3]) if is_answer else (rcode, name)


def _after_question(said: bytes) -> int:
    """Where the only question of an answer of ours ends; its start when it has none."""
    if said[4:6] != b"\0\1":
        return HEADER_OCTETS
    at = HEADER_OCTETS
    while said[at]:
        at += said[at] + 1
    return at + 5


def _options_of(packet: bytes) -> tuple[bytes, bytes]:
    """Our OPT record for a usual query and the cookie that it brought; both empty when it has none, or is not usual."""
    try:
        opt, limit, wanted = edns(packet, _after_question(packet))
    except IndexError:
        return b"", b""
    return (opt, wanted.cookie if wanted else b"") if limit else (b"", b"")
