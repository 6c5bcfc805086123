"""Gathering the facts of one delegation: every address of every server, all questions, side by side."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import dns.flags
import dns.message

from resolver.probing.asking import Asker, question
from resolver.probing.facts import (
    ELSEWHERE,
    FOREIGN_NAME,
    KEYS,
    LATER_EDNS,
    SERVERS,
    SOA_TCP,
    SOA_UDP,
    Facts,
    Heard,
    Proposal,
    Resolved,
    Seen,
    Server,
    address_question,
    is_below,
)

MAX_SERVERS = 13  # more cannot be delegated to
MAX_ADDRESSES = 6  # of one server; a stranger must not send us around the world


async def gather(proposal: Proposal, asker: Asker, at: datetime) -> Facts:
    """Ask; takes as long as the slowest server, some seconds at most."""
    servers = proposal.servers[:MAX_SERVERS]
    elsewhere = [each for each in servers if not each.addresses]
    found = await asyncio.gather(*(asker.resolve(each.name) for each in elsewhere))
    resolved = {each.name: where for each, where in zip(elsewhere, found, strict=True)}
    pairs = [(each.name, address) for each in servers for address in addresses_of(each, resolved)[:MAX_ADDRESSES]]
    allowed = [pair for pair in pairs if asker.may_ask(pair[1])]
    seen = await asyncio.gather(*(_look(proposal, asker, *pair) for pair in allowed))
    refused = tuple(pair for pair in pairs if pair not in allowed)
    return Facts(proposal, at, tuple(seen), resolved, refused)


def addresses_of(server: Server, resolved: Mapping[str, Resolved]) -> tuple[str, ...]:
    """Where a server is: its glue, or what its name leads to."""
    return server.addresses or resolved.get(server.name, Resolved()).addresses


async def _look(proposal: Proposal, asker: Asker, server: str, address: str) -> Seen:
    zone = proposal.zone
    questions = {
        SOA_UDP: question(zone, "SOA", do=True),
        SERVERS: question(zone, "NS"),
        KEYS: question(zone, "DNSKEY", do=True),
        ELSEWHERE: question(FOREIGN_NAME, "A", recursive=True),
        LATER_EDNS: question(zone, "SOA", edns=1),
    }
    for each in proposal.servers:
        if is_below(each.name, zone):
            for kind in ("A", "AAAA"):
                questions[address_question(each.name, kind)] = question(each.name, kind)
    over_tcp = asker.ask(address, question(zone, "SOA"), over_tcp=True)
    said = await asyncio.gather(over_tcp, *(_ask(asker, address, each) for each in questions.values()))
    return Seen(server, address, dict(zip((SOA_TCP, *questions), said, strict=True)))


async def _ask(asker: Asker, address: str, message: dns.message.Message) -> Heard:
    """Over UDP, and again over TCP when that was truncated."""
    heard = await asker.ask(address, message, over_tcp=False)
    if heard.message is not None and heard.message.flags & dns.flags.TC:
        again = await asker.ask(address, message, over_tcp=True)
        return again if again.message is not None else heard
    return heard
