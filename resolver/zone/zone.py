"""One zone in memory.

Theory of operation. A zone is a dictionary from second-level label to :class:`Entry`, plus a few fixed sets. Everything runs on one
event loop, answering is synchronous, and :meth:`Zone.apply` is synchronous too: it replaces the entries of a batch and the
serial between two questions. So every answer is made from one version of the zone, and a change of one name in a zone of a million
costs one dictionary store, some microseconds, without copying anything. An entry is never changed in place; a reader that
needs one version for longer than a question copies the dictionary of references (about 20 ms a million), not the entries.

Delegations with the same name servers and neither glue nor DS share one entry, so a zone whose names
lie with a few hosting providers costs little more than its labels.
"""

from collections.abc import Iterable, Iterator, Mapping
from weakref import WeakValueDictionary

from resolver.signing.nsec3 import hash_of
from resolver.signing.signing import Signing
from resolver.zone.apex import Apex
from resolver.zone.delegation import Delegation, Entry, counts, make_entry
from resolver.zone.packing import Packer, Relative, Section
from resolver.zone.records import DS, NS, RRSIG, SOA, RecordSet, labels_of

Sets = dict[int, RecordSet]  # by type
SIGNED_CUT = frozenset({NS, DS, RRSIG})  # the types at a signed delegation (RFC 4034 section 4.1.2)


class Zone:
    """See above. ``fixed`` maps every name of the registry itself, empty non-terminals too, to its sets."""

    def __init__(self, apex: Apex, serial: int, signing: Signing | None = None) -> None:
        self.apex = apex
        self.origin = apex.origin
        self.serial = serial
        self.signing = signing
        self.entries: dict[bytes, Entry] = {}
        self.ttl = apex.dns.ttl
        self.negative_ttl = min(apex.dns.negative_ttl, apex.dns.ttl)  # RFC 2308 section 5
        self._shared: WeakValueDictionary[tuple[tuple[Relative, ...], tuple[int, int]], Entry] = WeakValueDictionary()
        self.apex_digest = hash_of(apex.origin)
        self.fixed = _fixed_names(apex, signing.apex_sets(self.ttl) if signing else ())
        self._renew()
        if signing:
            for name, sets in self.fixed.items():
                signing.chain.add(hash_of(name), frozenset((*sets, RRSIG) if sets else ()))

    def load(self, delegation: Delegation) -> None:
        """Take in one delegation without a new serial: for building a zone that nobody asks yet."""
        if delegation.owner not in self.apex.reserved:
            self.entries[delegation.owner] = entry = self._entry(delegation)
            if self.signing and entry.ds:
                self.signing.chain.add(hash_of(delegation.owner + self.origin), SIGNED_CUT, later=True)

    def apply(self, changes: Mapping[bytes, Delegation | None], serial: int) -> None:
        """Replace or (None) remove the delegations of these labels and publish under ``serial``, all at once."""
        for label, delegation in changes.items():
            if label in self.apex.reserved:
                continue
            if delegation is None:
                self.entries.pop(label, None)
            else:
                self.entries[label] = self._entry(delegation)
            if self.signing:
                self._link(self.signing, label)
        self.serial = serial
        self._renew()

    def _link(self, signing: Signing, label: bytes) -> None:
        """Make the NSEC3 chain agree with the entry of a label: opt-out, so only signed delegations are in it."""
        entry, cut = self.entries.get(label), label + self.origin
        if entry and entry.ds:
            signing.include(cut, SIGNED_CUT)
        else:
            signing.exclude(cut, DS)

    def differs(self, label: bytes, delegation: Delegation | None) -> bool:
        """Whether publishing ``delegation`` for ``label`` would change the zone."""
        old = self.entries.get(label)
        if delegation is None or label in self.apex.reserved:
            return old is not None
        new = make_entry(delegation, self.origin)
        return old is None or old.meaning != new.meaning

    def soa(self) -> RecordSet:
        """The start of authority at the present serial."""
        return self.apex.soa(self.serial)

    def negative_soa(self) -> RecordSet:
        """The SOA as it stands in negative answers, with the TTL of RFC 2308 section 3."""
        soa = self.soa()
        return RecordSet(soa.owner, soa.type, self.negative_ttl, soa.rdatas)

    def additional(self, records: RecordSet) -> list[RecordSet]:
        """The addresses of the name servers of an NS set that lie at fixed names of this zone."""
        if records.type != NS:
            return []
        found = [self.fixed.get(server, {}) for server in records.rdatas]
        return [sets[kind] for sets in found for kind in sorted(sets)]

    def record_sets(self) -> Iterator[RecordSet]:
        """Every set of the zone, unsigned: the apex with its SOA first, the other fixed names, the delegations."""
        for name in sorted(self.fixed, key=lambda name: labels_of(name)[::-1]):
            yield from (
                self.fixed[name][kind] for kind in sorted(self.fixed[name], key=lambda kind: (kind != SOA, kind))
            )
        for label in sorted(self.entries):
            yield from self.delegation_sets(label)

    def delegation_sets(self, label: bytes) -> Iterator[RecordSet]:
        """NS, DS and in-domain glue of one delegation. Glue for a bundle's other names stands at the name it belongs to."""
        entry, cut = self.entries[label], label + self.origin
        yield entry.name_servers(cut, self.origin, self.ttl)
        if signers := entry.signers(cut, self.ttl):
            yield signers
        yield from (each for each in entry.glue_sets(cut, self.origin, self.ttl) if each.owner.endswith(cut))

    def _entry(self, delegation: Delegation) -> Entry:
        made = make_entry(delegation, self.origin)
        if made.glue or made.ds:
            return made
        return self._shared.setdefault((made.servers, made.ttls), made)

    def _renew(self) -> None:
        """Pack what depends on the serial: the negative answers and the answers at fixed names. Some twenty small sets."""
        packer = Packer(self.origin)
        packer.add_set(self.negative_soa())
        self.negative: Section = packer.section()
        self.fixed[self.origin][SOA] = self.soa()
        self.packed = {
            name + kind.to_bytes(2, "big") + b"\0\1": self._pack_answer(records, self.additional(records))
            for name, sets in self.fixed.items()
            for kind, records in sets.items()
        }
        self._signed_negative: tuple[int, Section] | None = None
        self._signed_packed: dict[bytes, tuple[int, PackedAnswer]] = {}

    def signed_negative(self, signing: Signing) -> Section:
        """The SOA of negative answers with its signature."""
        found = self._signed_negative
        if found is None or found[0] <= signing.now:
            kept = signing.kept(self.negative_soa())
            packer = Packer(self.origin)
            packer.add_set(kept.records)
            packer.add_set(kept.signature)
            found = self._signed_negative = kept.until, packer.section()
        return found[1]

    def signed_answer(self, signing: Signing, name: bytes, asked: bytes) -> "PackedAnswer | None":
        """The answer at a fixed name with its signatures, or None when there is no such set."""
        key = name + asked
        if key not in self.packed:
            return None
        found = self._signed_packed.get(key)
        if found is None or found[0] <= signing.now:
            records = self.fixed[name][int.from_bytes(asked[:2], "big")]
            additional = [signing.kept(each) for each in self.additional(records)]
            kept = signing.kept(records)
            until = min(each.until for each in (kept, *additional))
            others = [part for each in additional for part in (each.records, each.signature)]
            found = self._signed_packed[key] = until, self._pack_answer(records, others, kept.signature)
        return found[1]

    def _pack_answer(self, records: RecordSet, additional: list[RecordSet], *more: RecordSet) -> "PackedAnswer":
        packer = Packer(self.origin)
        for each in (records, *more, *additional):
            packer.add_set(each, cut=records.owner)
        answers, others = len(records.rdatas) + len(more), sum(len(each.rdatas) for each in additional)
        return PackedAnswer(packer.section(), counts(answers, 0, others), counts(answers, 0, others + 1))


class PackedAnswer:
    """A positive answer at a fixed name: its section with the counts of the header, without and with OPT."""

    __slots__ = ("counts", "counts_edns", "section")

    def __init__(self, section: Section, plain: bytes, edns: bytes) -> None:
        self.section = section
        self.counts = plain
        self.counts_edns = edns


def _fixed_names(apex: Apex, more: Iterable[RecordSet]) -> dict[bytes, Sets]:
    names: dict[bytes, Sets] = {apex.origin: {}}
    for records in (*apex.sets, *more):
        names.setdefault(records.owner, {})[records.type] = records
        for name in _between(records.owner, apex.origin):
            names.setdefault(name, {})
    return names


def _between(name: bytes, origin: bytes) -> Iterator[bytes]:
    """The names strictly between ``name`` and ``origin``: they exist, if only as empty non-terminals (RFC 4592 section 2.2.2)."""
    for label in labels_of(name):
        name = name[len(label) :]
        if len(name) <= len(origin):
            return
        yield name
