"""Asks the DNS, once to the resolvers of this place and once to each server that a zone names, and keeps the answers as they came."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import dns.asyncquery
import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from verifier.fetch.answer import Failure
from verifier.fetch.fetcher import Resolved
from verifier.fetch.reach import Reach

SECONDS = 3.0  # for one question to one server
TRIES = 2
UDP_SIZE = 1232  # DNS flag day 2020: fits every path
MAX_RECORDS = 64  # of one answer that are kept


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``records`` are texts of the wanted type; ``raw`` is the message; ``failure`` when none came."""

    name: str
    kind: str
    server: str
    rcode: str = ""
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ttl: int = 0
    authentic: bool = False
    ede: tuple[int, ...] = ()
    milliseconds: int = 0
    raw: bytes = b""
    failure: str = ""

    @property
    def message(self) -> dns.message.Message:
        """The whole answer, for those who look at signatures."""
        return dns.message.from_wire(self.raw)


@dataclass(frozen=True, slots=True)
class Asker:
    """``resolvers``: ``address`` or ``address#port``, validating ones; none: the machine's. ``ports`` moves servers, for tests."""

    reach: Reach
    resolvers: tuple[str, ...] = ()
    ports: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    seconds: float = SECONDS

    async def ask(
        self, name: str, kind: str, server: str = "", *, dnssec: bool = False, unchecked: bool = False
    ) -> Reply:
        """Ask ``server`` (an address: not recursive), or the first resolver that answers. Never raises."""
        places = (server,) if server else self._resolvers()
        reply = Reply(name, kind, server, failure="no_resolver")
        for place in places:
            for _ in range(TRIES):
                reply = await self._once(name, kind, place, recursive=not server, dnssec=dnssec, unchecked=unchecked)
                if not reply.failure:
                    return reply
        return reply

    async def each(self, name: str, kind: str, *, dnssec: bool = False) -> list[Reply]:
        """The answer of every resolver."""
        return list(
            await asyncio.gather(
                *(
                    self._once(name, kind, one, recursive=True, dnssec=dnssec, unchecked=False)
                    for one in self._resolvers()
                )
            )
        )

    async def resolve(self, host: str) -> Resolved:
        """See ``verifier.fetch.fetcher.Resolver``."""
        v4, v6 = await asyncio.gather(self.ask(host, "A"), self.ask(host, "AAAA"))
        if v4.records or v6.records:
            return Resolved(v4.records, v6.records)
        missing = "NXDOMAIN" in {v4.rcode, v6.rcode} or v4.rcode == "NOERROR"
        return Resolved(failure=Failure.NAME_MISSING if missing else Failure.NAME_FAILED)

    def _resolvers(self) -> tuple[str, ...]:
        return self.resolvers or tuple(str(one) for one in dns.resolver.get_default_resolver().nameservers)

    async def _once(self, name: str, kind: str, place: str, *, recursive: bool, dnssec: bool, unchecked: bool) -> Reply:
        address, _, port = place.partition("#")
        number = int(port) if port else self.ports.get(address, 53)
        if not recursive and not self.reach.allows(address, 443):
            return Reply(name, kind, place, failure=Failure.ADDRESS_REFUSED)
        started = time.monotonic()
        try:
            query = dns.message.make_query(name, kind, want_dnssec=dnssec, use_edns=0, payload=UDP_SIZE)
            query.flags |= dns.flags.AD | (dns.flags.CD if unchecked else 0)
            if not recursive:
                query.flags &= ~dns.flags.RD
            message, _ = await dns.asyncquery.udp_with_fallback(query, address, self.seconds, number)
        except dns.exception.Timeout:
            return Reply(name, kind, place, failure=Failure.TIMEOUT)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Reply(name, kind, place, failure=type(error).__name__.lower())
        return _reply(name, kind, place, message, round((time.monotonic() - started) * 1000))


def _reply(name: str, kind: str, place: str, message: dns.message.Message, milliseconds: int) -> Reply:
    wanted = dns.rdatatype.from_text(kind)
    sets = [rrset for rrset in message.answer if rrset.rdtype == wanted]
    records = [_text(record, kind) for rrset in sets for record in rrset]
    aliases = [
        str(record.target).rstrip(".").lower()
        for rrset in message.answer
        if rrset.rdtype == dns.rdatatype.CNAME
        for record in rrset
    ]
    codes = tuple(int(option.code) for option in message.options if isinstance(option, dns.edns.EDEOption))
    return Reply(
        name, kind, place, dns.rcode.to_text(message.rcode()), tuple(sorted(records)[:MAX_RECORDS]), tuple(aliases),
        min((rrset.ttl for rrset in sets), default=0), bool(message.flags & dns.flags.AD), codes, milliseconds, message.to_wire(),
    )  # fmt: skip


def _text(record: Any, kind: str) -> str:
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    text: str = record.to_text()
    return text.rstrip(".").lower() if kind in {"NS", "CNAME"} else text
