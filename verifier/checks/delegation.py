"""Check 1: what the DNS answers for the site, at this place and at every server of its zone, beside what the register delegated."""

import asyncio

from verifier.checks.asking import Reply
from verifier.checks.fact import Seen
from verifier.checks.visit import Visit

MAX_SERVERS = 13  # of one zone, as many as a classic delegation holds
ADDRESSES_OF_A_SERVER = 2  # of each family, so that one server with many addresses does not become many questions


async def observe(visit: Visit) -> Seen:
    """Facts: ``resolvers``, ``ns`` (as the zone says), ``servers`` (each with addresses of the host and its serial)."""
    asker = visit.tools.asker
    host = visit.site.hosts[0]
    zone = visit.site.registered.name if visit.site.registered else ".".join(host.split(".")[-2:])
    v4, v6, ns = await asyncio.gather(asker.each(host, "A"), asker.each(host, "AAAA"), asker.ask(zone, "NS"))
    servers = list(dict.fromkeys([*ns.records, *(visit.site.registered.nameservers if visit.site.registered else ())]))
    answers = await asyncio.gather(*(_server(visit, host, zone, server) for server in servers[:MAX_SERVERS]))
    facts = {
        "host": host,
        "zone": zone,
        "resolvers": [_resolver(a, aaaa) for a, aaaa in zip(v4, v6, strict=True)],
        "ns": list(ns.records),
        "ns_rcode": ns.rcode or ns.failure,
        "servers": [one for found in answers for one in found],
    }
    raws = [("dns", reply.raw, "application/dns-message") for reply in (*v4, *v6, ns) if reply.raw]
    return visit.seen("delegation", facts, *raws)


def _resolver(a: Reply, aaaa: Reply) -> dict[str, object]:
    return {
        "server": a.server, "rcode": a.rcode, "failure": a.failure, "a": list(a.records), "aaaa": list(aaaa.records),
        "aliases": list(a.aliases), "ttl": a.ttl, "ede": list(a.ede), "ms": a.milliseconds,
    }  # fmt: skip


async def _server(visit: Visit, host: str, zone: str, server: str) -> list[dict[str, object]]:
    found = await visit.tools.asker.resolve(server)
    addresses = [*found.v4[:ADDRESSES_OF_A_SERVER], *found.v6[:ADDRESSES_OF_A_SERVER]]
    if not addresses:
        return [{"name": server, "address": "", "failure": str(found.failure)}]
    return list(await asyncio.gather(*(_at(visit, host, zone, server, address) for address in addresses)))


async def _at(visit: Visit, host: str, zone: str, server: str, address: str) -> dict[str, object]:
    asker = visit.tools.asker
    a, aaaa, soa = await asyncio.gather(
        asker.ask(host, "A", address), asker.ask(host, "AAAA", address), asker.ask(zone, "SOA", address)
    )
    serial = int(soa.records[0].split()[2]) if soa.records else 0
    return {
        "name": server, "address": address, "rcode": a.rcode, "failure": a.failure, "a": list(a.records), "aaaa": list(aaaa.records),
        "serial": serial, "ms": a.milliseconds,
    }  # fmt: skip
