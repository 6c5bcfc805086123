"""Delegation signers and keys (RFC 4034, RFC 5910): which may stand in a zone of ours.

Algorithms and digests are those of IANA's registries that a validator may still be asked to use: RFC 8624 with RFC 9905, which
ends SHA-1, and the Chinese ones of RFC 9563 (SM2 with SM3). GOST R 34.10-2001 (12) and GOST R 34.11-94 (3) are withdrawn (RFC 9906).
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable

from registry.kernel.errors import Reason, Refusal
from registry.model.domain import DelegationKey, DelegationSigner

ALGORITHMS = {
    8: "RSASHA256",
    10: "RSASHA512",
    13: "ECDSAP256SHA256",
    14: "ECDSAP384SHA384",
    15: "ED25519",
    16: "ED448",
    17: "SM2SM3",
    23: "ECC-GOST12",
}
HASHES = {
    2: "sha256",
    4: "sha384",
}  # the digests that every Python can compute; of the others the key tag alone is compared
DIGEST_OCTETS = {2: 32, 4: 48, 5: 32, 6: 32}  # SHA-256, SHA-384, GOST R 34.11-2012, SM3
KEY_OCTETS = {13: 64, 14: 96, 15: 32, 16: 57, 17: 64, 23: 64}  # RFC 6605, 8080, 9563, 9558; RSA varies
MIN_RSA_OCTETS = 3 + 128  # exponent and a modulus of 1024 bits, RFC 5702 section 2
MAX_RSA_OCTETS = 3 + 4 + 512  # 4096 bits, RFC 5702 section 2
KEY_FLAGS = frozenset({256 + 1})  # zone key and secure entry point, RFC 4034 section 2.1.1: a key that a DS points to
KEY_PROTOCOL = 3  # RFC 4034 section 2.1.2
MAX_SIGNERS = 8  # two keys, two digests, twice while they roll over


def check_signer(signer: DelegationSigner) -> None:
    """Refuse (``VALUE_OUT_OF_RANGE``) a DS record that no validator could use."""
    if not 0 <= signer.key_tag <= 0xFFFF:
        raise _wrong("keyTag", signer.key_tag, "keyTag 须在 0 至 65535 之间", "the key tag is 0 to 65535")
    _check_algorithm(signer.algorithm)
    wanted = DIGEST_OCTETS.get(signer.digest_type)
    if wanted is None:
        zh = f"不接受摘要类型 {signer.digest_type}；可用：{_listed(DIGEST_OCTETS)}"
        raise _wrong(
            "digestType", signer.digest_type, zh, f"digest type not accepted; use one of {_listed(DIGEST_OCTETS)}"
        )
    if len(signer.digest) != wanted:
        zh = f"摘要类型 {signer.digest_type} 的摘要须为 {wanted} 个八位组"
        raise _wrong("digest", signer.digest.hex(), zh, f"a digest of type {signer.digest_type} has {wanted} octets")


def check_key(key: DelegationKey) -> bytes:
    """The octets of the public key, or ``VALUE_OUT_OF_RANGE``."""
    if key.flags not in KEY_FLAGS:
        zh = "flags 须为 257（密钥签名密钥）"
        raise _wrong("flags", key.flags, zh, "the flags are 257, those of a key signing key")
    if key.protocol != KEY_PROTOCOL:
        raise _wrong("protocol", key.protocol, "protocol 须为 3", "the protocol is 3")
    _check_algorithm(key.algorithm)
    try:
        octets = base64.b64decode("".join(key.public_key.split()), validate=True)
    except binascii.Error:
        octets = b""
    wanted = KEY_OCTETS.get(key.algorithm)
    fits = len(octets) == wanted if wanted else MIN_RSA_OCTETS <= len(octets) <= MAX_RSA_OCTETS
    if not fits:
        zh = f"pubKey 不是算法 {key.algorithm} 的公钥"
        raise _wrong("pubKey", key.public_key, zh, f"this is no public key of algorithm {key.algorithm}")
    return octets


def check_agreement(name: str, signer: DelegationSigner, key: DelegationKey) -> None:
    """Refuse a DS record that was not made of the key beside it: ``VALUE_OUT_OF_RANGE`` as :func:`check_key`, ``POLICY_FORBIDS`` when they differ.

    ``name`` is the domain in A-form. Key tag by RFC 4034 appendix B, digest by its section 5.1.4.
    """
    octets = struct.pack("!HBB", key.flags, key.protocol, key.algorithm) + check_key(key)
    hashed = HASHES.get(signer.digest_type)
    digest = hashlib.new(hashed, _wire(name) + octets).digest() if hashed else signer.digest
    if (key.algorithm, key_tag(octets), digest) != (signer.algorithm, signer.key_tag, signer.digest):
        zh, en = "DS 记录与随附的密钥不符", "the DS record was not made of the key that was sent with it"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="keyData", value=written(signer))


def key_tag(octets: bytes) -> int:
    """Of DNSKEY data (RFC 4034 appendix B)."""
    total = sum(octet << 8 if place % 2 == 0 else octet for place, octet in enumerate(octets))
    return (total + (total >> 16)) & 0xFFFF


def _wire(name: str) -> bytes:
    labels = name.lower().rstrip(".").split(".")
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in labels) + b"\x00"


def check_signers(signers: Iterable[DelegationSigner]) -> None:
    """Check each, and that they are not too many (``POLICY_FORBIDS``) nor twice the same."""
    listed = tuple(signers)
    for signer in listed:
        check_signer(signer)
    if len(listed) > MAX_SIGNERS:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"一个域名最多 {MAX_SIGNERS} 条 DS 记录",
            f"a domain has at most {MAX_SIGNERS} DS records",
            where="dsData",
            value=str(len(listed)),
        )
    if len(frozenset(listed)) != len(listed):
        twice = next(signer for signer in listed if listed.count(signer) > 1)
        zh, en = "同一条 DS 记录给了两次", "the same DS record was given twice"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="dsData", value=written(twice))


def written(signer: DelegationSigner) -> str:
    """A DS record as a master file shows it."""
    return f"{signer.key_tag} {signer.algorithm} {signer.digest_type} {signer.digest.hex()}"


def _check_algorithm(algorithm: int) -> None:
    if algorithm not in ALGORITHMS:
        zh = f"不接受签名算法 {algorithm}；可用：{_listed(ALGORITHMS)}"
        raise _wrong("alg", algorithm, zh, f"algorithm not accepted; use one of {_listed(ALGORITHMS)}")


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _wrong(where: str, value: object, zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where=where, value=str(value))
