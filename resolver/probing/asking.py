"""Asking other people's servers. Addresses that are nobody's on the Internet are not asked, so nobody can point us at somebody's inside."""

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.resolver

from resolver.probing.facts import Heard, Resolved

UDP_SECONDS, TCP_SECONDS = (
    1.5,
    3.0,
)  # rst.md section 3 has 1 and 3 for ourselves; a stranger far away gets half a second more
TRIES = 2  # a lost datagram is no finding
PORT = 53
UDP_PAYLOAD = 1232
RESOLVE_SECONDS = 5.0


class Asker(Protocol):
    """The network, or a test's."""

    async def ask(self, address: str, message: dns.message.Message, *, over_tcp: bool) -> Heard:
        """What an address says."""
        ...

    async def resolve(self, name: str) -> Resolved:
        """Where a name leads."""
        ...

    def may_ask(self, address: str) -> bool:
        """Whether an address may be asked at all."""
        ...


@dataclass(frozen=True, slots=True)
class NetworkAsker:
    """The real network. ``resolvers`` are addresses of recursive servers (empty: the machine's own); ``anywhere`` also asks private addresses."""

    resolvers: Sequence[str] = ()
    port: int = PORT
    anywhere: bool = False

    def may_ask(self, address: str) -> bool:
        """See :class:`Asker`."""
        return self.anywhere or ipaddress.ip_address(address).is_global

    async def ask(self, address: str, message: dns.message.Message, *, over_tcp: bool) -> Heard:
        """See :class:`Asker`."""
        trouble = "timeout"
        for _ in range(1 if over_tcp else TRIES):
            try:
                if over_tcp:
                    return Heard(await dns.asyncquery.tcp(message, address, TCP_SECONDS, self.port))
                said = await dns.asyncquery.udp(message, address, UDP_SECONDS, self.port, ignore_unexpected=True)
                return Heard(said)
            except dns.exception.Timeout:
                trouble = "timeout"
            except ConnectionRefusedError:
                trouble = "refused"
            except (dns.exception.DNSException, EOFError, ValueError):
                trouble = "malformed"
            except OSError:
                trouble = "unreachable"
        return Heard(trouble=trouble)

    async def resolve(self, name: str) -> Resolved:
        """See :class:`Asker`."""
        resolver = dns.asyncresolver.Resolver(configure=not self.resolvers)
        if self.resolvers:
            resolver.nameservers = list(self.resolvers)
        resolver.lifetime = RESOLVE_SECONDS
        four, six = await asyncio.gather(*(_resolve(resolver, name, kind) for kind in ("A", "AAAA")))
        addresses = (*four.addresses, *six.addresses)
        trouble = "" if addresses else four.trouble or six.trouble
        return Resolved(addresses, four.is_alias or six.is_alias, trouble)


async def _resolve(resolver: dns.asyncresolver.Resolver, name: str, kind: str) -> Resolved:
    try:
        answer = await resolver.resolve(f"{name}.", kind)
    except dns.resolver.NoAnswer:
        return Resolved()
    except dns.resolver.NXDOMAIN:
        return Resolved(trouble="nxdomain")
    except (dns.exception.DNSException, OSError):
        return Resolved(trouble="timeout")
    is_alias = answer.canonical_name != dns.name.from_text(f"{name}.")
    return Resolved(tuple(each.address for each in answer), is_alias)


def question(name: str, kind: str, *, do: bool = False, edns: int = 0, recursive: bool = False) -> dns.message.Message:
    """A question as a resolver sends it; without RD unless ``recursive``."""
    message = dns.message.make_query(f"{name.rstrip('.')}.", kind, use_edns=edns, want_dnssec=do, payload=UDP_PAYLOAD)
    if not recursive:
        message.flags = 0
    return message
