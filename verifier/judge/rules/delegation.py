"""Judges DNS answers and delegation. Pure."""

import ipaddress
from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.fetch.reach import Reach
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

_PUBLIC = Reach()


def judge(site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``delegation.*``."""
    facts = seen.facts
    answered = [one for one in facts["resolvers"] if not one["failure"]]
    addresses = sorted(
        {address for one in (*answered, *facts["servers"]) for kind in ("a", "aaaa") for address in one.get(kind, ())}
    )
    if answered and all(not one["a"] and not one["aaaa"] for one in answered):
        yield found("delegation.missing", seen, rcodes=sorted({one["rcode"] for one in answered}))
    if site.registered and facts["ns"]:
        yield from _servers(site.registered.nameservers, facts["ns"], seen)
    special = [address for address in addresses if not _PUBLIC.allows(address, 443)]
    if special:
        yield found("delegation.special_address", seen, addresses=special)
    foreign = [
        address
        for address in addresses
        if site.networks and address not in special and not _inside(address, site.networks)
    ]
    if foreign:
        yield found("delegation.foreign_address", seen, addresses=foreign)
    yield from _health(seen)


def _servers(registered: tuple[str, ...], ns: list[str], seen: Observation) -> Iterator[Finding]:
    expected, there = {name.rstrip(".").lower() for name in registered}, set(ns)
    if expected and there != expected:
        rule = "delegation.servers_differ" if there & expected else "delegation.foreign_servers"
        yield found(rule, seen, expected=sorted(expected), seen=sorted(there))


def _health(seen: Observation) -> Iterator[Finding]:
    servers = seen.facts["servers"]
    lame = [
        f"{one['name']} {one['address']}".strip()
        for one in servers
        if one["failure"] or one.get("rcode") in {"REFUSED", "SERVFAIL"}
    ]
    if lame:
        yield found("delegation.lame", seen, servers=lame)
    serials = sorted({one["serial"] for one in servers if one.get("serial")})
    if len(serials) > 1:
        yield found("delegation.serials", seen, serials=serials)


def _inside(address: str, networks: tuple[str, ...]) -> bool:
    ip = ipaddress.ip_address(address)
    return any(ip in ipaddress.ip_network(network, strict=False) for network in networks)
