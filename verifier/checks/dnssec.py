"""Check 2: is the answer secure, and for how long. Two validators: every resolver of this place, and we ourselves from the register's DS."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset

from verifier.checks.asking import Reply
from verifier.checks.fact import Seen
from verifier.checks.visit import Visit


async def observe(visit: Visit) -> Seen:
    """Facts: ``ds`` of the register, ``resolvers`` (AD, EDE, and the answer without checking), our own validation and signatures."""
    asker = visit.tools.asker
    registered = visit.site.registered
    host = visit.site.hosts[0]
    zone = registered.name if registered else ".".join(host.split(".")[-2:])
    checked, unchecked, keys, address, soa = await asyncio.gather(
        asker.each(host, "A", dnssec=True),
        asker.ask(host, "A", dnssec=True, unchecked=True),
        asker.ask(zone, "DNSKEY", dnssec=True, unchecked=True),
        asker.ask(host, "A", dnssec=True, unchecked=True),
        asker.ask(zone, "SOA", dnssec=True, unchecked=True),
    )
    params = await asker.ask(zone, "NSEC3PARAM", unchecked=True)
    held = registered.ds if registered else ()
    facts = {
        "host": host,
        "zone": zone,
        "ds": list(held),
        "resolvers": [
            {
                "server": one.server,
                "rcode": one.rcode,
                "failure": one.failure,
                "ad": one.authentic,
                "ede": list(one.ede),
            }
            for one in checked
        ],
        "unchecked": unchecked.rcode or unchecked.failure,
        "nsec3_iterations": max((int(one.split()[2]) for one in params.records), default=0),
        **validate(zone, held, keys, (address, soa), visit.at),
    }
    return visit.seen(
        "dnssec", facts, *[("dns", one.raw, "application/dns-message") for one in (keys, address, soa) if one.raw]
    )


def validate(
    zone: str, held: tuple[str, ...], keys: Reply, others: tuple[Reply, ...], at: datetime
) -> Mapping[str, Any]:
    """Our own chain: DS of the register to DNSKEY, DNSKEY to every signature that was seen, all at the instant ``at``. Pure."""
    name = dns.name.from_text(zone)
    key_set = _set(keys, name, "DNSKEY")
    found = [_key(key) for key in key_set] if key_set else []
    matching = _matching(name, key_set, held) if key_set else []
    signatures = [row for reply in (keys, *others) if reply.raw for row in _signatures(reply, name, key_set, at)]
    own = [row for row in signatures if row["signer"] == zone.rstrip(".").lower()]
    ends = [str(row["expires"]) for row in own]
    return {
        "keys": found,
        "ds_matches": bool(matching),
        "signatures": own,
        "earliest_expiry": min(ends, default=""),
        "valid": bool(matching) and bool(own) and all(row["valid"] for row in own),
    }


def _set(reply: Reply, name: dns.name.Name, kind: str) -> Any:
    if not reply.raw:
        return None
    wanted = dns.rdatatype.from_text(kind)
    return next((one for one in reply.message.answer if one.rdtype == wanted and one.name == name), None)


def _key(key: Any) -> dict[str, object]:
    return {"tag": dns.dnssec.key_id(key), "algorithm": int(key.algorithm), "sep": bool(key.flags & 1)}


def _matching(name: dns.name.Name, keys: Any, held: tuple[str, ...]) -> list[str]:
    fits = []
    for text in held:
        kind = {"1": "SHA1", "2": "SHA256", "4": "SHA384"}.get(text.split()[2], "")
        made = {
            dns.dnssec.make_ds(name, key, kind, validating=True).to_text().lower().replace(" ", "")
            for key in keys
            if kind
        }
        if text.lower().replace(" ", "") in made:
            fits.append(text)
    return fits


def _signatures(reply: Reply, zone: dns.name.Name, keys: Any, at: datetime) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    message = reply.message
    for signature_set in (one for one in message.answer if one.rdtype == dns.rdatatype.RRSIG):
        covered = next(
            (one for one in message.answer if one.name == signature_set.name and one.rdtype == signature_set.covers),
            None,
        )
        for signature in signature_set:
            rows.append(_row(covered, signature, zone, keys, at))
    return rows


def _row(covered: Any, signature: Any, zone: dns.name.Name, keys: Any, at: datetime) -> dict[str, object]:
    why = ""
    try:
        if covered is None or keys is None:
            why = "nothing to check it with"
        else:
            dns.dnssec.validate_rrsig(covered, signature, {zone: keys}, zone, at.timestamp())
    except (dns.exception.DNSException, ValueError) as error:
        why = (str(error) or type(error).__name__)[:100]
    return {
        "type": dns.rdatatype.to_text(signature.type_covered),
        "tag": signature.key_tag,
        "signer": str(signature.signer).rstrip(".").lower(),
        "begins": datetime.fromtimestamp(signature.inception, UTC).isoformat(),
        "expires": datetime.fromtimestamp(signature.expiration, UTC).isoformat(),
        "valid": not why,
        "why": why,
    }
