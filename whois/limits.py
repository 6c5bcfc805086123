"""How often an address and the network around it may ask on port 43, in bounded memory. Time is an argument.

Scrapers rent whole networks, so two buckets are asked: that of the address itself (IPv4 /32, IPv6 /64: one subscriber's
network) and that of its neighbourhood (IPv4 /24, IPv6 /48), which may ask as often as :data:`NEIGHBOURS` addresses. Each
process counts for itself; with several workers on one port the limits add up.
"""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.limits import Buckets

NEIGHBOURS = 8  # an office behind one /24 asks from a handful of addresses; a rented network uses all 256
NARROW = {4: 32, 6: 64}
WIDE = {4: 24, 6: 48}


class AskingLimits:
    """``per_minute`` questions at once and the same number a minute for one address; 0 means no limit. ``unlimited`` are networks that
    may ask as often as they like, such as those of a conformance test.
    """

    def __init__(self, per_minute: int, unlimited: Iterable[str] = ()) -> None:
        self._is_on = per_minute > 0
        self._unlimited = tuple(ipaddress.ip_network(one, strict=False) for one in unlimited)
        self._narrow = Buckets(per_minute / 60, per_minute)
        self._wide = Buckets(per_minute * NEIGHBOURS / 60, per_minute * NEIGHBOURS)

    def check(self, address: str, now: float) -> None:
        """Refuse with ``RATE_LIMITED``, saying when to come back; ``now`` is monotonic seconds."""
        if not self._is_on:
            return
        if self._unlimited and self._is_unlimited(address):
            return
        narrow, wide = networks_of(address)
        seconds = self._narrow.wait(narrow, now) or self._wide.wait(wide, now)
        if seconds > 0:
            after = int(seconds) + 1
            zh = f"查询过于频繁，请在 {after} 秒后再试"
            en = f"too many queries from your network; please try again in {after} seconds"
            raise Refusal(Reason.RATE_LIMITED, zh, en, evidence={"retry_after": after})

    def _is_unlimited(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(ip in network for network in self._unlimited if network.version == ip.version)


@lru_cache(maxsize=65536)
def networks_of(address: str) -> tuple[str, str]:
    """The two networks that an address is counted under."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "local", "local"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return tuple(str(ipaddress.ip_network((ip, bits[ip.version]), strict=False)) for bits in (NARROW, WIDE))  # type: ignore[return-value]  # two bit lengths give two networks
