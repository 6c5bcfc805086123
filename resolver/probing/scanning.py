"""Asking for the wishes of the zones below ours, one after the other, all of them once a day."""

import asyncio
from datetime import datetime

import dns.flags
import dns.message

from resolver.probing.asking import Asker, question
from resolver.probing.child_keys import Child, Signal, Wish, decide, signal_name
from resolver.probing.facts import Heard, Proposal, is_below
from resolver.probing.gathering import MAX_ADDRESSES, addresses_of
from resolver.probing.proposals import ds_text


async def look(proposal: Proposal, asker: Asker, resolver: str, at: datetime) -> Wish | None:
    """The wish of one zone. ``resolver`` is the address of a validating resolver for first DS; empty: none is taken."""
    elsewhere = [each for each in proposal.servers if not each.addresses]
    found = await asyncio.gather(*(asker.resolve(each.name) for each in elsewhere))
    resolved = {each.name: where for each, where in zip(elsewhere, found, strict=True)}
    pairs = [
        (each.name, address) for each in proposal.servers for address in addresses_of(each, resolved)[:MAX_ADDRESSES]
    ]
    children = await asyncio.gather(*(_child(proposal.zone, asker, *pair) for pair in pairs if asker.may_ask(pair[1])))
    has_wish = any(each.cds.message and each.cds.message.answer for each in children)
    signals = await _signals(proposal, asker, resolver) if has_wish and not proposal.signers and resolver else []
    return decide(proposal, children, signals, at)


async def _child(zone: str, asker: Asker, server: str, address: str) -> Child:
    """Over TCP: the answers are large, and a forged one must not change a chain of trust (RFC 9615 section 4.2 asks from several places)."""
    asked = (question(zone, kind, do=True) for kind in ("CDS", "CDNSKEY", "DNSKEY"))
    said = await asyncio.gather(*(asker.ask(address, each, over_tcp=True) for each in asked))
    return Child(f"{server} ({address})", *said)


async def _signals(proposal: Proposal, asker: Asker, resolver: str) -> list[Signal]:
    outside = [each.name for each in proposal.servers if not is_below(each.name, proposal.zone)]
    return list(await asyncio.gather(*(_signal(proposal.zone, each, asker, resolver) for each in outside)))


async def _signal(zone: str, server: str, asker: Asker, resolver: str) -> Signal:
    name = signal_name(zone, server)
    asked = (question(name, kind, do=True, recursive=True) for kind in ("CDS", "CDNSKEY"))
    cds, cdnskey = await asyncio.gather(*(asker.ask(resolver, each, over_tcp=True) for each in asked))
    return Signal(server, cds, cdnskey, is_secure=_is_secure(cds) and _is_secure(cdnskey))


def _is_secure(heard: Heard) -> bool:
    return heard.message is not None and bool(heard.message.flags & dns.flags.AD)


def wish_text(wish: Wish) -> list[str]:
    """The wanted DS as they are kept."""
    return [ds_text(each) for each in wish.signers]
