"""Whether the chain of trust would hold: the DS records against the keys of the zone and their signatures (RFC 4035 section 5)."""

from collections.abc import Iterator

import dns.dnssec
import dns.exception
import dns.flags
import dns.name
import dns.rdatatype
import dns.rrset
from dns.dnssectypes import Algorithm, DSDigest
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from resolver.probing.facts import KEYS, SOA_UDP, Facts, Seen, Signer
from resolver.probing.finding import Finding, error, notice, warning

ZONE_KEY = 0x0100  # RFC 4034 section 2.1.1
SOON_SECONDS = 12 * 3600  # a signature that ends within this needs somebody's attention (rst.md, dnssec-04)
WEAK_DIGESTS = frozenset({1, 3})  # SHA-1 and GOST (RFC 8624 section 3.3)


def judge_signatures(facts: Facts) -> Iterator[Finding]:
    """With DS: one of them must lead to a key that signs the keys, and those must sign the SOA, at every server."""
    signers = facts.proposal.signers
    for signer in signers:
        if signer.digest_type in WEAK_DIGESTS:
            yield warning(
                "ds_digest_weak",
                f"DS {signer.key_tag} 的摘要算法已不安全",
                f"the digest of DS {signer.key_tag} is no longer safe",
            )
    for seen in facts.alive:
        keys = _set(facts, seen, KEYS, dns.rdatatype.DNSKEY)
        if signers:
            yield from _judge_keys(facts, seen, keys)
        elif keys is not None:
            yield notice(
                "ds_missing", "区已签名而没有填写 DS 记录", "the zone is signed but no DS is given", seen.place
            )


def _judge_keys(facts: Facts, seen: Seen, keys: dns.rrset.RRset | None) -> Iterator[Finding]:
    if keys is None:
        yield error(
            "no_keys", "填写了 DS 而服务器没有 DNSKEY 记录", "DS are given but the server has no DNSKEY", seen.place
        )
        return
    trusted = [key for key in keys if any(_matches(facts, key, signer) for signer in facts.proposal.signers)]
    for signer in facts.proposal.signers:
        if not any(_matches(facts, key, signer) for key in keys):
            found = error if not trusted else warning
            yield found(
                "ds_matches_no_key",
                f"DS {signer.key_tag} 与区内任何密钥都不符",
                f"DS {signer.key_tag} matches no key",
                seen.place,
            )
    if not trusted:
        return
    zone = _name(facts.proposal.zone)
    only = dns.rrset.from_rdata_list(zone, keys.ttl, trusted)
    yield from _judge_set(facts, seen, keys, KEYS, only)
    soa = _set(facts, seen, SOA_UDP, dns.rdatatype.SOA)
    if soa is not None:
        yield from _judge_set(facts, seen, soa, SOA_UDP, keys)


def _judge_set(
    facts: Facts, seen: Seen, records: dns.rrset.RRset, question: str, keys: dns.rrset.RRset
) -> Iterator[Finding]:
    what = dns.rdatatype.to_text(records.rdtype)
    signatures = _set(facts, seen, question, dns.rdatatype.RRSIG, covers=records.rdtype)
    if signatures is None:
        yield error("not_signed", f"{what} 没有签名", f"{what} is not signed", seen.place)
        return
    try:
        dns.dnssec.validate(records, signatures, {keys.name: keys}, now=facts.at.timestamp())
    except dns.exception.DNSException as reason:
        ended = all(each.expiration < facts.at.timestamp() for each in signatures)
        if ended:
            yield error("signature_expired", f"{what} 的签名已过期", f"the signature of {what} has expired", seen.place)
        else:
            yield error(
                "signature_wrong",
                f"{what} 的签名验证不通过",
                f"the signature of {what} does not verify: {reason}",
                seen.place,
            )
        return
    if max(each.expiration for each in signatures) < facts.at.timestamp() + SOON_SECONDS:
        yield warning(
            "signature_ends_soon",
            f"{what} 的签名将在 12 小时内到期",
            f"the signature of {what} ends within 12 hours",
            seen.place,
        )


def _matches(facts: Facts, key: DNSKEY, signer: Signer) -> bool:
    if not key.flags & ZONE_KEY or (key.algorithm, dns.dnssec.key_id(key)) != (signer.algorithm, signer.key_tag):
        return False
    try:
        made = dns.dnssec.make_ds(
            _name(facts.proposal.zone), key, DSDigest.make(signer.digest_type), policy=dns.dnssec.allow_all_policy
        )
    except (dns.exception.DNSException, ValueError):
        return False
    return bool(made.digest == signer.digest and made.algorithm == Algorithm.make(signer.algorithm))


def _set(
    facts: Facts, seen: Seen, question: str, kind: int, covers: int = dns.rdatatype.NONE
) -> dns.rrset.RRset | None:
    message = seen.to(question).message
    if message is None:
        return None
    zone = _name(facts.proposal.zone)
    wanted = (each for each in message.answer if (each.name, each.rdtype, each.covers) == (zone, kind, covers))
    return next(wanted, None)


def _name(text: str) -> dns.name.Name:
    return dns.name.from_text(f"{text}.")
