"""What stands in a zone beside its delegations: SOA, NS, and the names of the registry itself below ``nic``.

The name servers come from the configuration. Those that lie in the zone get their addresses there; ``nic`` and the names below it
that people and machines look for lead to the registry's own doors. ``nic`` must resolve: it is the mail domain of the SOA's
mailbox (rst.md, dns-syntax06). A second-level label that these names use is the registry's; a delegation of it is passed over.
"""

import ipaddress
import struct
from dataclasses import dataclass
from functools import cached_property

from registry.kernel.config import Config, DnsConfig
from resolver.zone.records import NS, SOA, RecordSet, address_rdata, address_sets, labels_of, to_wire

REGISTRY_LABEL = "nic"
REGISTRY_HOSTS = ("", "www.", "whois.", "rdap.", "epp.")  # before nic.TLD; where registrars and the public look first


@dataclass(frozen=True)
class Apex:
    """The fixed part of one zone. ``origin`` is its name on the wire; ``sets`` everything but the SOA, sorted by owner and type."""

    origin: bytes
    sets: tuple[RecordSet, ...]
    dns: DnsConfig

    def soa(self, serial: int) -> RecordSet:
        """The start of authority with ``serial`` (RFC 1035 section 3.3.13; the minimum is the negative TTL, RFC 2308 section 4)."""
        dns = self.dns
        numbers = struct.pack("!5I", serial, dns.refresh, dns.retry, dns.expire, dns.negative_ttl)
        return RecordSet(self.origin, SOA, dns.ttl, (to_wire(dns.primary) + to_wire(dns.mailbox) + numbers,))

    @cached_property
    def reserved(self) -> frozenset[bytes]:
        """The second-level labels, with their length octet, that belong to the registry itself."""
        own = len(self.origin)
        below = (labels_of(each.owner[:-own] + b"\0") for each in self.sets if len(each.owner) > own)
        return frozenset(labels[-1] for labels in below)


def make_apex(zone: str, config: Config) -> Apex:
    """The fixed part of the zone ``zone`` (an A-label without dots, as in ``published.tld``)."""
    origin, dns = to_wire(zone), config.dns
    servers = {to_wire(name): _packed(addresses) for name, addresses in dns.name_servers.items()}
    hosts = {to_wire(f"{host}{REGISTRY_LABEL}.{zone}"): _door_addresses(config) for host in REGISTRY_HOSTS}
    hosts |= {name: addresses for name, addresses in servers.items() if name.endswith(origin)}
    sets = [RecordSet(origin, NS, dns.ttl, tuple(sorted(servers)))]
    for name, addresses in sorted(hosts.items()):
        sets += address_sets(name, dns.ttl, addresses)
    return Apex(origin, tuple(sets), dns)


def _door_addresses(config: Config) -> tuple[bytes, ...]:
    """Where the doors listen; when that is "everywhere", the addresses of the name servers stand in."""
    if not ipaddress.ip_address(config.address).is_unspecified:
        return _packed([config.address])
    return _packed([address for addresses in config.dns.name_servers.values() for address in addresses])


def _packed(addresses: list[str]) -> tuple[bytes, ...]:
    return tuple(sorted({address_rdata(address)[1] for address in addresses}))
