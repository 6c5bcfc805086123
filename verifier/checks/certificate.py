"""Check 9: the certificate at every address of the site, believed or not, and who may issue for it (CAA)."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verifier.checks.fact import Seen
from verifier.checks.visit import Visit
from verifier.fetch.fetcher import parse
from verifier.fetch.handshake import Shaken, shake
from verifier.fetch.trust import verifying

MAX_ADDRESSES = 8  # of one host
MAX_NAMES = 100  # of one certificate that are kept


async def observe(visit: Visit) -> Seen:
    """Facts: ``addresses`` (each with what the store said and the leaf), ``caa`` of the host or of the nearest name above it."""
    url = parse(visit.site.origin + "/")
    host = (url.raw_host if url else "") or ""
    found = await visit.tools.fetcher.resolve(host)
    port = (url.port if url else None) or 443
    addresses = [one for one in (*found.v4, *found.v6) if visit.tools.fetcher.reach.allows(one, port)][:MAX_ADDRESSES]
    context = verifying(visit.tools.fetcher.store)
    shaken = await asyncio.gather(*(shake(address, port, host, context) for address in addresses))
    facts = {
        "host": host,
        "failure": str(found.failure or ""),
        "addresses": [_facts(one) for one in shaken],
        "caa": await _caa(visit, host),
    }
    chains = {b"".join(one.chain) for one in shaken if one.chain}
    return visit.seen("certificate", facts, *[("chain", chain, "application/pkix-cert") for chain in chains])


def _facts(seen: Shaken) -> dict[str, Any]:
    leaf = leaf_facts(seen.chain[0]) if seen.chain else {}
    return {
        "address": seen.address, "version": seen.version, "suite": seen.suite, "failure": str(seen.failure or ""), "detail": seen.detail,
        "verify_code": seen.verify_code, "verify_text": seen.verify_text, "sent": len(seen.chain), "leaf": leaf,
    }  # fmt: skip


def leaf_facts(der: bytes) -> Mapping[str, Any]:
    """What a certificate says; ``{"unreadable": …}`` when it cannot be read (pure)."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        key = leaf.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        return {"unreadable": str(error)[:200], "digest": hashlib.sha256(der).hexdigest()}
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "digest": hashlib.sha256(der).hexdigest(),
        "spki": hashlib.sha256(spki).hexdigest(),
        "subject": leaf.subject.rfc4514_string()[:300],
        "issuer": leaf.issuer.rfc4514_string()[:300],
        "begins": leaf.not_valid_before_utc.isoformat(),
        "ends": leaf.not_valid_after_utc.isoformat(),
        "key": _key(key),
        "signature_hash": _hash_name(leaf),
        "names": _names(leaf),
    }


def _key(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return {ed25519.Ed25519PublicKey: "Ed25519", ed448.Ed448PublicKey: "Ed448"}.get(type(key), type(key).__name__)


def _hash_name(leaf: x509.Certificate) -> str:
    try:
        return leaf.signature_hash_algorithm.name if leaf.signature_hash_algorithm else ""
    except UnsupportedAlgorithm:
        return leaf.signature_algorithm_oid.dotted_string


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return [str(one.value).lower() for one in names][:MAX_NAMES]


async def _caa(visit: Visit, host: str) -> list[str]:
    """The set that applies: climb from the host towards the root (RFC 8659 section 3)."""
    labels = host.split(".")
    for place in range(len(labels) - 1):
        reply = await visit.tools.asker.ask(".".join(labels[place:]), "CAA")
        if reply.records:
            return list(reply.records)
    return []
