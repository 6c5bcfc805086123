"""DNS cookies (RFC 7873) as RFC 9018 makes them: what tells a client that really has its address from one that forges it.

A server cookie is version, three reserved octets, the second at which it was made, and SipHash-2-4 over all of that with the client's cookie
and address. Nothing is kept for a client; every process and every server with the same master key makes and knows the same cookies.

The secret changes every :data:`PERIOD_SECONDS`. It is derived from the master key and the number of the period, and the secrets of the period before
and after are taken too, so servers whose clocks differ agree and nothing has to be rolled by hand (RFC 9018 section 5 in one step).
"""

import hashlib
import hmac

from siphash24 import siphash24

MASTER_OCTETS = 32
CLIENT_OCTETS = 8  # RFC 7873 section 4
WHOLE_OCTETS = 24  # client and server cookie (RFC 9018 section 4)
SECRET_OCTETS = 16  # the key of SipHash
PERIOD_SECONDS = 26 * 3600  # RFC 7873 section 7.1: a secret should not be used for longer
LIFE_SECONDS = 3600  # RFC 9018 section 4.3: a cookie older than an hour is not taken
RENEW_SECONDS = 1800  # the same place: one older than half an hour is replaced
AHEAD_SECONDS = 300  # the same place: clocks of one set of servers may differ by five minutes
HEAD = b"\1\0\0\0"  # version 1 and the reserved octets (RFC 9018 sections 4.1, 4.2)
EPOCH_MASK = 0xFFFFFFFF  # the timestamp is a serial number of 32 bits (RFC 1982)
HALF = 0x80000000


class Cookies:
    """Makes and checks server cookies at the instant of the last :meth:`advance`."""

    def __init__(self, master: bytes, now: int) -> None:
        self._master = master
        self._period = -1
        self._secrets: tuple[bytes, ...] = ()
        self.advance(now)

    def advance(self, now: int) -> None:
        """Say what time it is, in seconds of the epoch."""
        self._now = now & EPOCH_MASK
        self._stamp = HEAD + self._now.to_bytes(4, "big")
        period = now // PERIOD_SECONDS
        if period != self._period:
            self._period = period
            self._secrets = tuple(self._secret(each) for each in (period, period - 1, period + 1))

    def _secret(self, period: int) -> bytes:
        return hmac.digest(self._master, b"dns-cookie %d" % period, hashlib.sha256)[:SECRET_OCTETS]

    def answer(self, cookie: bytes, client: bytes) -> bytes:
        """What the answer's option holds: the cookie that came while it is good and fresh, else a new one.

        ``cookie`` is what the client sent, its own 8 octets first; ``client`` its address, 4 or 16 octets.
        """
        age = self.age(cookie, client)
        if age is not None and age <= RENEW_SECONDS:
            return cookie
        made = cookie[:CLIENT_OCTETS] + self._stamp
        return made + _hash(made + client, self._secrets[0])

    def is_good(self, cookie: bytes, client: bytes) -> bool:
        """Whether this is a cookie of ours for this client, not too old."""
        return self.age(cookie, client) is not None

    def age(self, cookie: bytes, client: bytes) -> int | None:
        """Seconds since a good cookie was made (negative: by a clock ahead of ours), or None for one that is not good."""
        if len(cookie) != WHOLE_OCTETS or cookie[CLIENT_OCTETS] != HEAD[0]:
            return None
        age = (self._now - int.from_bytes(cookie[12:16], "big")) & EPOCH_MASK
        age -= EPOCH_MASK + 1 if age >= HALF else 0
        if not -AHEAD_SECONDS <= age <= LIFE_SECONDS:
            return None
        octets, digest = cookie[:16] + client, cookie[16:]
        return age if any(hmac.compare_digest(_hash(octets, each), digest) for each in self._secrets) else None


def _hash(octets: bytes, secret: bytes) -> bytes:
    digest: bytes = siphash24(octets, key=secret).digest()
    return digest
