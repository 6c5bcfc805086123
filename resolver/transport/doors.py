"""The doors of one process: what it answers through, and the figures that come of it.

The first process of the service has all doors. Its fellows (``resolver/transport/fellows.py``) have UDP only, which is where the load is: they share
the port with it, and the kernel deals the questions out by where they come from.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from registry.kernel.config import Config, DnsConfig
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes
from registry.kernel.log import get_logger
from registry.kernel.tls import server_context, write_secret
from resolver.chain.cookies import MASTER_OCTETS, Cookies
from resolver.chain.limiting import Limiter, Network
from resolver.chain.options import Manners
from resolver.chain.responder import Responder, Tap
from resolver.chain.steps import Zones
from resolver.statistics.tally import Count, Tally
from resolver.transport.https_socket import https_socket
from resolver.transport.tcp import Places, TcpDoor
from resolver.transport.udp import UdpDoor

NSID_OCTETS = 128  # an answer must have room for more than our name
NAMES_TICKS = 600  # seconds over which the names that are asked for most are counted before they are told
TENTHS = 10  # of a second, in which keepalive counts (RFC 7828 section 3.1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a process did since it told last: answers by (transport, rcode), answers limited, counts by zone, the names asked for most."""

    answers: dict[str, list[int]] = field(default_factory=dict)
    dropped: int = 0
    slipped: int = 0
    counts: list[Count] = field(default_factory=list)
    names: list[Count] = field(default_factory=list)


class Doors:
    """``is_first``: with TCP, TLS and the web's socket. ``tap`` sees every message."""

    def __init__(
        self, config: Config, zones: Zones, now: datetime, *, is_first: bool = True, tap: Tap | None = None
    ) -> None:
        dns, self._zones = config.dns, zones
        exempt = networks(dns.rate_exempt)
        self._cookies = Cookies(cookie_key(config), int(now.timestamp()))
        rate = max(1, dns.rate_limit // config.workers) if dns.rate_limit else 0
        self._limiter = Limiter(rate, dns.rate_slip, exempt, self._cookies) if rate else None
        self._ticks = 0
        self.tally = Tally(frozenset(zones))
        tenths = min(int(dns.tcp_idle_seconds * TENTHS), 0xFFFF)
        nsid = identity(dns)
        manners = {
            "udp": Manners(nsid, self._cookies),
            "tcp": Manners(nsid, self._cookies, tenths),
            "tls": Manners(nsid, self._cookies, tenths, is_encrypted=True),
            "https": Manners(nsid, None, None, is_encrypted=True),  # the web server has its own idle limits
        }
        self.responders = {
            transport: Responder(
                zones, transport, each, limiter=self._limiter if transport == "udp" else None, tally=self.tally, tap=tap
            )
            for transport, each in manners.items()
        }
        self._udp = UdpDoor(self.responders["udp"], config.address, config.port("dns"))
        self._tcp = _tcp_doors(config, self.responders, exempt) if is_first else []

    async def open(self) -> None:
        """Bind and begin to answer; ``OSError`` when a port is not ours to have."""
        self._udp.open()
        for door in self._tcp:
            await door.open()

    async def close(self) -> None:
        """Stop answering."""
        self._udp.close()
        for door in self._tcp:
            await door.close()

    def tick(self, now: datetime) -> Figures:
        """A second has passed: say what time it is to whoever needs it, and what was done."""
        self._cookies.advance(int(now.timestamp()))
        self.tally.zones = frozenset(self._zones)
        self.tally.tick()
        answers = {transport: responder.take_counts() for transport, responder in self.responders.items()}
        dropped, slipped = self._limiter.take_counts() if self._limiter else (0, 0)
        if self._limiter:
            self._limiter.tick()
        return self._figures(answers, dropped, slipped, is_last=False)

    def last_figures(self) -> Figures:
        """What was done since the last tick, names and all, of doors that close."""
        answers = {transport: responder.take_counts() for transport, responder in self.responders.items()}
        return self._figures(answers, 0, 0, is_last=True)

    def _figures(self, answers: dict[str, list[int]], dropped: int, slipped: int, *, is_last: bool) -> Figures:
        self._ticks += 1
        return Figures(
            {key: counts for key, counts in answers.items() if any(counts)},
            dropped,
            slipped,
            self.tally.harvest(),
            self.tally.harvest_names() if is_last or self._ticks % NAMES_TICKS == 0 else [],
        )


def identity(dns: DnsConfig) -> bytes:
    """What this server calls itself (RFC 5001)."""
    return (dns.nsid or socket.gethostname()).encode()[:NSID_OCTETS]


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from the configuration; refuses with VALUE_INVALID."""
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise Refusal(
            Reason.VALUE_INVALID, f"dns.rate_exempt 须为网段：{error}", f"dns.rate_exempt must be networks: {error}", where="config"
        ) from error  # fmt: skip


def cookie_key(config: Config) -> bytes:
    """The master key of our cookies, made when there is none yet. Servers that share an address must share the file.

    Refuses with VALUE_INVALID a file that holds anything but 64 hexadecimal digits.
    """
    path = config.secret("dns-cookies.key", config.dns.cookie_key_file)
    if not path.exists():
        write_secret(path, new_bytes(MASTER_OCTETS).hex().encode())
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != MASTER_OCTETS:
        digits = 2 * MASTER_OCTETS
        raise Refusal(
            Reason.VALUE_INVALID, f"{path} 须为 {digits} 个十六进制数字", f"{path} must hold {digits} hexadecimal digits", where="config"
        )  # fmt: skip
    return key


def _tcp_doors(config: Config, responders: dict[str, Responder], exempt: tuple[Network, ...]) -> list[TcpDoor]:
    """DNS over TCP always; DNS over TLS when there is a server certificate; the web's socket."""
    places = _places(config.dns, exempt)
    path = https_socket(config)
    path.unlink(missing_ok=True)  # one that a crash left
    doors = [
        TcpDoor(responders["tcp"], config.address, config.port("dns"), places),
        TcpDoor(responders["https"], str(path), 0, places),
    ]
    certificate, key = config.secret("server.pem"), config.secret("server.key")
    if certificate.exists() and key.exists():
        tls = server_context(certificate, key)
        tls.set_alpn_protocols(["dot"])  # RFC 7858 section 3.1; IANA's ALPN registry
        doors.append(TcpDoor(responders["tls"], config.address, config.port("dot"), places, tls))
    else:
        get_logger().info("no DNS over TLS: no server certificate", wanted=str(certificate))
    return doors


def _places(dns: DnsConfig, exempt: tuple[Network, ...]) -> Places:
    return Places(dns.tcp_idle_seconds, dns.max_tcp_connections, exempt)
