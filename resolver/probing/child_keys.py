"""What a zone wants at its parent: CDS and CDNSKEY (RFC 7344), their removal (RFC 8078), and the first DS by signals (RFC 9615). Pure.

A wish is taken when every server of the zone says the same, CDS and CDNSKEY mean the same, it would not break the chain (RFC 7344
section 4.1: one of the wanted DS leads to a key that signs the keys), and it is proved: by the chain that stands, when there is a DS now; or, for
the first DS, by the zone's operator under every name server's own signed name (RFC 9615 section 4.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
from dns.dnssectypes import DSDigest

from resolver.probing.facts import Heard, Proposal, Signer
from resolver.probing.finding import Finding, error

SHA256 = 2  # digest type of a DS made from a CDNSKEY (RFC 8624 section 3.3)
SAFE_DIGESTS = frozenset({2, 4})
DELETE_ALGORITHM = 0  # RFC 8078 section 4
MAX_SIGNERS = 12  # more keys than anybody rolls at once

CHAIN, SIGNAL, NOTHING = "chain", "signal", ""


@dataclass(frozen=True, slots=True)
class Child:
    """What one address of one server of the zone said."""

    place: str
    cds: Heard
    cdnskey: Heard
    keys: Heard


@dataclass(frozen=True, slots=True)
class Signal:
    """What stands under one name server's own name (RFC 9615 section 2), and whether a validator vouches for it."""

    server: str
    cds: Heard
    cdnskey: Heard
    is_secure: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """``signers`` are what the zone wants at its parent (none: no DS any more); ``basis`` is what proves it; ``findings`` say why not."""

    state: str  # "wanted", "equal", "refused"
    signers: tuple[Signer, ...] = ()
    basis: str = NOTHING
    findings: tuple[Finding, ...] = ()


class _Refused(Exception):
    def __init__(self, code: str, zh: str, en: str, where: str = "") -> None:
        super().__init__(code)
        self.finding = error(code, zh, en, where)


def decide(proposal: Proposal, children: Iterable[Child], signals: Iterable[Signal], at: datetime) -> Wish | None:
    """The wish of a zone, or None when it has none. ``proposal`` is the delegation as it stands."""
    said = list(children)
    try:
        wanted = _agreed(proposal, said)
        if wanted is None:
            return None
        if set(wanted) == set(proposal.signers):
            return Wish("equal", wanted)
        if wanted:
            _keeps_the_chain(proposal, wanted, said, at)
        basis = _proved(proposal, said, list(signals), wanted, at)
    except _Refused as refused:
        return Wish("refused", findings=(refused.finding,))
    return Wish("wanted", wanted, basis)


def _agreed(proposal: Proposal, children: list[Child]) -> tuple[Signer, ...] | None:
    """What all servers say alike; None when none has such records."""
    if not children:
        return None
    zone, wishes = _name(proposal.zone), set[frozenset[Signer] | None]()
    for child in children:
        if child.cds.message is None or child.cdnskey.message is None:
            raise _Refused("child_silent", "服务器没有回答 CDS 查询", "does not answer for CDS", child.place)
        wishes.add(_wish(zone, child.cds.message, child.cdnskey.message, child.place))
    if len(wishes) > 1:
        raise _Refused("cds_differ", "各服务器的 CDS 记录不一致", "the servers' CDS records differ")
    wish = wishes.pop()
    return None if wish is None else tuple(sorted(wish, key=lambda each: (each.key_tag, each.digest_type, each.digest)))


def _wish(
    zone: dns.name.Name, cds: dns.message.Message, cdnskey: dns.message.Message, place: str
) -> frozenset[Signer] | None:
    by_ds, by_key = _set(cds, zone, dns.rdatatype.CDS), _set(cdnskey, zone, dns.rdatatype.CDNSKEY)
    if by_ds is None and by_key is None:
        return None
    keys = frozenset((each.algorithm, dns.dnssec.key_id(each)) for each in by_key or () if each.algorithm)
    signers = frozenset(
        Signer(each.key_tag, int(each.algorithm), int(each.digest_type), each.digest)
        for each in by_ds or ()
        if each.algorithm != DELETE_ALGORITHM
    )
    if by_ds is not None and by_key is not None and keys != {(each.algorithm, each.key_tag) for each in signers}:
        raise _Refused("cds_not_cdnskey", "CDS 与 CDNSKEY 不一致", "CDS and CDNSKEY differ", place)
    if by_ds is None:
        signers = frozenset(_signer_of(zone, each) for each in by_key or () if each.algorithm)
    wants_deletion = any(each.algorithm == DELETE_ALGORITHM for each in (*(by_ds or ()), *(by_key or ())))
    if bool(signers) == wants_deletion or len(signers) > MAX_SIGNERS:
        raise _Refused("cds_meaningless", "CDS 记录自相矛盾", "the CDS records contradict themselves", place)
    safe = frozenset(each for each in signers if each.digest_type in SAFE_DIGESTS)
    if signers and not safe:
        raise _Refused("cds_digest_weak", "CDS 只有不安全的摘要算法", "the CDS have unsafe digests only", place)
    return safe


def _signer_of(zone: dns.name.Name, key: "dns.rdtypes.ANY.CDNSKEY.CDNSKEY") -> Signer:
    made = dns.dnssec.make_ds(zone, key, DSDigest.make(SHA256))
    return Signer(made.key_tag, int(made.algorithm), SHA256, made.digest)


def _keeps_the_chain(proposal: Proposal, wanted: tuple[Signer, ...], children: list[Child], at: datetime) -> None:
    """RFC 7344 section 4.1, "continuity": with the wanted DS alone every server's keys would validate."""
    for child in children:
        keys = _keys(proposal, child)
        if not _is_signed_by(keys, child.keys.message, wanted, proposal, at):
            raise _Refused(
                "cds_breaks_chain", "采用这些 DS 后信任链将中断", "these DS would break the chain of trust", child.place
            )


def _proved(
    proposal: Proposal, children: list[Child], signals: list[Signal], wanted: tuple[Signer, ...], at: datetime
) -> str:
    if proposal.signers:
        for child in children:
            _proved_by_chain(proposal, child, at)
        return CHAIN
    _proved_by_signals(proposal, signals, wanted)
    return SIGNAL


def _proved_by_chain(proposal: Proposal, child: Child, at: datetime) -> None:
    """Signed by keys that the DS of today vouches for."""
    keys = _keys(proposal, child)
    if not _is_signed_by(keys, child.keys.message, proposal.signers, proposal, at):
        raise _Refused("chain_broken", "现有的 DS 与密钥不构成信任链", "today's DS and keys make no chain", child.place)
    for heard, kind in ((child.cds, dns.rdatatype.CDS), (child.cdnskey, dns.rdatatype.CDNSKEY)):
        records = _set(heard.message, keys.name, kind) if heard.message else None
        if records is not None and not _validates(records, heard.message, {keys.name: keys}, at):
            raise _Refused("cds_not_signed", "CDS 记录的签名验证不通过", "the CDS are not validly signed", child.place)


def _proved_by_signals(proposal: Proposal, signals: list[Signal], wanted: tuple[Signer, ...]) -> None:
    """RFC 9615 section 4.2: securely, under every name server outside the zone, the very same records."""
    if not signals:
        raise _Refused("no_signal", "没有可用来验证首次 DS 的信令", "no name server can vouch for a first DS")
    for signal in signals:
        name = _name(signal_name(proposal.zone, signal.server))
        if not signal.is_secure or signal.cds.message is None or signal.cdnskey.message is None:
            raise _Refused("signal_not_secure", "信令记录未经 DNSSEC 验证", "the signal is not secure", signal.server)
        found = _wish(name, signal.cds.message, signal.cdnskey.message, signal.server)
        if found != frozenset(wanted):
            raise _Refused(
                "signal_differs", "信令记录与区内的 CDS 不一致", "the signal differs from the zone's CDS", signal.server
            )


def signal_name(zone: str, server: str) -> str:
    """RFC 9615 section 2."""
    return f"_dsboot.{zone}._signal.{server}"


def _keys(proposal: Proposal, child: Child) -> dns.rrset.RRset:
    found = _set(child.keys.message, _name(proposal.zone), dns.rdatatype.DNSKEY) if child.keys.message else None
    if found is None:
        raise _Refused("no_keys", "服务器没有 DNSKEY 记录", "has no DNSKEY", child.place)
    return found


def _is_signed_by(
    keys: dns.rrset.RRset,
    message: dns.message.Message | None,
    signers: Iterable[Signer],
    proposal: Proposal,
    at: datetime,
) -> bool:
    trusted = [key for key in keys if any(_leads_to(proposal, signer, key) for signer in signers)]
    if not trusted:
        return False
    only = dns.rrset.from_rdata_list(keys.name, keys.ttl, trusted)
    return _validates(keys, message, {keys.name: only}, at)


def _leads_to(proposal: Proposal, signer: Signer, key: "dns.rdtypes.ANY.DNSKEY.DNSKEY") -> bool:
    if (signer.algorithm, signer.key_tag) != (key.algorithm, dns.dnssec.key_id(key)):
        return False
    try:
        made = dns.dnssec.make_ds(_name(proposal.zone), key, DSDigest.make(signer.digest_type))
    except (dns.exception.DNSException, ValueError):
        return False
    return bool(made.digest == signer.digest)


def _validates(
    records: dns.rrset.RRset,
    message: dns.message.Message | None,
    keys: Mapping[dns.name.Name, dns.rrset.RRset],
    at: datetime,
) -> bool:
    signatures = _set(message, records.name, dns.rdatatype.RRSIG, records.rdtype) if message else None
    if signatures is None:
        return False
    try:
        dns.dnssec.validate(records, signatures, dict(keys), now=at.timestamp())
    except dns.exception.DNSException:
        return False
    return True


def _set(
    message: dns.message.Message, name: dns.name.Name, kind: int, covers: int = dns.rdatatype.NONE
) -> dns.rrset.RRset | None:
    return next(
        (each for each in message.answer if (each.name, each.rdtype, each.covers) == (name, kind, covers)), None
    )


def _name(text: str) -> dns.name.Name:
    return dns.name.from_text(f"{text}.")
