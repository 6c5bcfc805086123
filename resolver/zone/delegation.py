"""A delegation, as the register publishes it and as a zone keeps it."""

from dataclasses import dataclass, replace
from functools import lru_cache

from resolver.signing.signing import Signing
from resolver.zone.packing import CUT, Packer, Relative, Section, absolute, relative
from resolver.zone.records import AAAA, DS, NS, A, RecordSet, address_sets

IPV4_OCTETS = 4


@dataclass(frozen=True, slots=True)
class Delegation:
    """``owner`` is the second-level label with its length octet; ``servers`` are wire names, sorted, at least one.

    ``glue`` holds (host, addresses) only for hosts below a name of the same bundle that are among ``servers``: the narrow policy.
    An address that a stranger put under somebody else's name is therefore never published. ``ds`` are rdata octets.

    ``ttls`` are the TTLs of NS and DS that the registrar chose, ``glue_ttls`` those of A and AAAA for each host of ``glue`` in its order
    (RFC 9803); 0, or a host without a pair, is the zone's own.
    """

    owner: bytes
    servers: tuple[bytes, ...]
    glue: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()
    ds: tuple[bytes, ...] = ()
    ttls: tuple[int, int] = (0, 0)
    glue_ttls: tuple[tuple[int, int], ...] = ()


class Entry:
    """What a zone keeps for an owner: its delegation relative to the cut, so that equal ones are one object.

    The packed referral is made at the first question and kept here, so memory is bounded by the zone, whatever is asked.
    """

    __slots__ = ("__weakref__", "_signed", "ds", "glue", "glue_ttls", "packed", "servers", "ttls")

    def __init__(
        self,
        servers: tuple[Relative, ...],
        glue: tuple[tuple[Relative, tuple[bytes, ...]], ...],
        ds: tuple[bytes, ...],
        ttls: tuple[int, int] = (0, 0),
        glue_ttls: tuple[tuple[int, int], ...] = (),
    ) -> None:
        self.servers = servers
        self.glue = glue
        self.ds = ds
        self.ttls = ttls
        self.glue_ttls = glue_ttls
        self.packed: Referral | None = None
        self._signed: tuple[int, Section, bytes] | None = None

    @property
    def meaning(self) -> tuple[object, ...]:
        """Everything that a zone shows of it: equal for two entries that answer alike."""
        return self.servers, self.glue, self.ds, self.ttls, self.glue_ttls

    def ttl_of_ds(self, ttl: int) -> int:
        """The TTL of the DS set, where ``ttl`` is the zone's own."""
        return self.ttls[1] or ttl

    def ttl_of_address(self, place: int, address: bytes, ttl: int) -> int:
        """The TTL of one address of the host at that place of ``glue``."""
        chosen = self.glue_ttls[place] if place < len(self.glue_ttls) else (0, 0)
        return chosen[0 if len(address) == IPV4_OCTETS else 1] or ttl

    def referral(self, origin: bytes, ttl: int) -> "Referral":
        """The packed NS set and glue, which is ``packed`` from the first call on."""
        if self.packed is None:
            self.packed = _pack(self, origin, ttl)
        return self.packed

    def signed_referral(self, signing: Signing, cut: bytes, ttl: int) -> tuple[Section, bytes]:
        """For an entry with DS: the packed NS set, DS with its signature, and glue; and the counts with an OPT record."""
        found = self._signed
        if found is None or found[0] <= signing.now:
            kept = signing.kept(RecordSet(cut, DS, self.ttl_of_ds(ttl), self.ds))
            packer = Packer(signing.origin)
            _write_servers(packer, self, ttl)
            packer.add_set(kept.records, cut)
            packer.add_set(kept.signature, cut)
            _write_glue(packer, self, ttl)
            section, glue = packer.section(), sum(len(addresses) for _, addresses in self.glue)
            found = self._signed = kept.until, section, counts(0, section.count - glue, glue + 1)
        return found[1], found[2]

    def name_servers(self, cut: bytes, origin: bytes, ttl: int) -> RecordSet:
        """The NS set of ``cut`` (wire octets)."""
        return RecordSet(
            cut, NS, self.ttls[0] or ttl, tuple(sorted(absolute(server, cut, origin) for server in self.servers))
        )

    def glue_sets(self, cut: bytes, origin: bytes, ttl: int) -> list[RecordSet]:
        """The address sets of the glue, by host and type."""
        return [
            replace(each, ttl=self.ttl_of_address(place, each.rdatas[0], ttl))
            for place, (host, addresses) in enumerate(self.glue)
            for each in address_sets(absolute(host, cut, origin), ttl, addresses)
        ]

    def signers(self, cut: bytes, ttl: int) -> RecordSet | None:
        """The DS set of ``cut``, or None for a delegation that is not signed."""
        return RecordSet(cut, DS, self.ttl_of_ds(ttl), self.ds) if self.ds else None


@dataclass(frozen=True, slots=True)
class Referral:
    """The two sections of a referral, packed together and apart (with DNSSEC, proofs stand between them).

    ``counts`` and ``counts_edns`` are the answer, authority and additional counts of the header, the latter with an OPT record.
    """

    whole: Section
    servers: Section
    glue: Section
    counts: bytes
    counts_edns: bytes


def make_entry(delegation: Delegation, origin: bytes) -> Entry:
    """The entry of a delegation in the zone ``origin``."""
    cut = delegation.owner + origin
    servers = tuple(relative(server, cut, origin) for server in delegation.servers)
    glue = tuple((relative(host, cut, origin), addresses) for host, addresses in delegation.glue)
    return Entry(servers, glue, delegation.ds, delegation.ttls, delegation.glue_ttls)


@lru_cache(maxsize=4096)
def counts(answer: int, authority: int, additional: int) -> bytes:
    """Three counts of the header (RFC 1035 section 4.1.1)."""
    return answer.to_bytes(2, "big") + authority.to_bytes(2, "big") + additional.to_bytes(2, "big")


def _pack(entry: Entry, origin: bytes, ttl: int) -> Referral:
    whole = Packer(origin)
    _write_servers(whole, entry, ttl)
    _write_glue(whole, entry, ttl)
    apart = Packer(origin)
    _write_servers(apart, entry, ttl)
    servers = apart.section()
    _write_glue(apart, entry, ttl)
    glue = apart.section()
    return Referral(
        whole.section(), servers, glue, counts(0, servers.count, glue.count), counts(0, servers.count, glue.count + 1)
    )


def _write_servers(packer: Packer, entry: Entry, ttl: int) -> None:
    for server in entry.servers:
        packer.add((CUT, b""), NS, entry.ttls[0] or ttl, server)


def _write_glue(packer: Packer, entry: Entry, ttl: int) -> None:
    for place, (host, addresses) in enumerate(entry.glue):
        for address in addresses:
            kind = A if len(address) == IPV4_OCTETS else AAAA
            packer.add(host, kind, entry.ttl_of_address(place, address, ttl), address)
