"""How often one place may ask for something: token buckets by network prefix, in bounded memory. Time is an
argument.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

from registry.kernel.errors import Reason, Refusal

MAX_PLACES = 50_000  # about 10 MB; when more places ask, the one that asked longest ago is forgotten
IPV4_PREFIX = 32  # many citizens share one address already; a wider prefix would shut out a whole city
IPV6_PREFIX = 56  # what one subscriber is commonly given (RFC 6177)


@dataclass(slots=True)
class Buckets:
    """``burst`` requests at once and then ``per_second`` for each place."""

    per_second: float
    burst: float
    _places: "OrderedDict[str, tuple[float, float]]" = field(default_factory=OrderedDict)

    def wait(self, place: str, now: float) -> float:
        """Take one token and return 0, or take none and return the seconds until there is one; ``now`` is monotonic."""
        level, since = self._places.pop(place, (self.burst, now))
        level = min(self.burst, level + (now - since) * self.per_second)
        taken = level >= 1
        self._places[place] = (level - 1 if taken else level, now)
        if len(self._places) > MAX_PLACES:
            self._places.popitem(last=False)
        return 0.0 if taken else (1 - level) / self.per_second


def place_of(address: str | None) -> str:
    """The network that an address stands for; an unreadable one (a Unix socket) is a place of its own."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "local"
    prefix = IPV4_PREFIX if ip.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((ip, prefix), strict=False))


def allow(buckets: Buckets, address: str | None, now: float) -> None:
    """Refuse with ``RATE_LIMITED``, saying when to come back, if this place asks too often."""
    seconds = buckets.wait(place_of(address), now)
    if seconds > 0:
        after = int(seconds) + 1
        raise Refusal(
            Reason.RATE_LIMITED,
            f"请求过于频繁，请在 {after} 秒后再试",
            f"too many requests; please try again in {after} seconds",
            evidence={"retry_after": after},
        )
