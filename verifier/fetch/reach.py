"""Which addresses may be connected to. Pure.

A watched site decides what its name resolves to and where it redirects, so without this anybody could aim the watch at our own
machines (server-side request forgery). Names are resolved first, every address is judged here, and the connection goes to exactly the
address that was judged; a redirect is judged anew. Sources: the IANA IPv4 and IPv6 special-purpose address registries (RFC 6890 and
its updates), RFC 6052 (64:ff9b::/96), RFC 3056 (6to4), RFC 4380 (Teredo).
"""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_ALLOWED_V6 = ipaddress.IPv6Network("2000::/3")  # global unicast is all that IANA has allocated
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_WEB_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024  # below it every port but the two of the web speaks another protocol


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the watch may go. ``loopback`` opens 127.0.0.0/8 and ::1 and every port, for tests and the self-test alone."""

    loopback: bool = False

    def allows(self, address: str, port: int) -> bool:
        """Whether a connection may be made; what is not an address may not."""
        ip = _read(address)
        if ip is None:
            return False
        if ip.is_loopback:
            return self.loopback
        return _is_public(ip) and (self.loopback or port in _WEB_PORTS or _FIRST_FREE_PORT <= port <= 65535)


def _read(address: str) -> Ip | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def _is_public(ip: Ip) -> bool:
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    if ip in _NAT64:
        return _is_public(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF))
    return ip in _ALLOWED_V6 and not any(ip in network for network in _REFUSED_V6)
