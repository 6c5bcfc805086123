"""Resource records as the octets that the wire carries, in lower case and uncompressed.

That is also the canonical form of RFC 4034 section 6.2, so packing, signing and export all start from the same value.
"""

import ipaddress
import struct
from dataclasses import dataclass

A, NS, SOA, TXT, AAAA, DS, RRSIG, DNSKEY, NSEC3, NSEC3PARAM = 1, 2, 6, 16, 28, 43, 46, 48, 50, 51
CDS, CDNSKEY = 59, 60
IN = 1
MAX_LABEL_OCTETS = 63  # RFC 1035 section 2.3.4
MAX_NAME_OCTETS = 255  # RFC 1035 section 2.3.4, on the wire


@dataclass(frozen=True, slots=True)
class RecordSet:
    """All records of one owner and type. ``owner`` and ``rdatas`` are wire octets, lower case, uncompressed."""

    owner: bytes
    type: int
    ttl: int
    rdatas: tuple[bytes, ...]


def to_wire(name: str) -> bytes:
    """``ns1.example`` to its wire octets in lower case; ``ValueError`` on labels or names that do not fit (RFC 1035)."""
    labels = [label.encode("ascii").lower() for label in name.removesuffix(".").split(".")] if name.strip(".") else []
    if not all(0 < len(label) <= MAX_LABEL_OCTETS for label in labels):
        raise ValueError(f"no name of the DNS: {name!r}")
    wire = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    if len(wire) > MAX_NAME_OCTETS:
        raise ValueError(f"longer than {MAX_NAME_OCTETS} octets: {name!r}")
    return wire


def labels_of(wire: bytes) -> list[bytes]:
    """The labels of an uncompressed wire name, each with its length octet, without the root."""
    labels, at = [], 0
    while wire[at]:
        end = at + 1 + wire[at]
        labels.append(wire[at:end])
        at = end
    return labels


def to_text(wire: bytes) -> str:
    """The name in presentation form with a final dot; only for names that :func:`to_wire` made."""
    return "".join(label[1:].decode("ascii") + "." for label in labels_of(wire)) or "."


def address_rdata(address: str) -> tuple[int, bytes]:
    """The type, A or AAAA, and the octets of an address."""
    parsed = ipaddress.ip_address(address)
    return (A if parsed.version == 4 else AAAA), parsed.packed


def ds_rdata(key_tag: int, algorithm: int, digest_type: int, digest: bytes) -> bytes:
    """RFC 4034 section 5.1."""
    return struct.pack("!HBB", key_tag, algorithm, digest_type) + digest


def address_sets(owner: bytes, ttl: int, addresses: tuple[bytes, ...]) -> list[RecordSet]:
    """The A and the AAAA set of a host, each only when it has records."""
    by_type = ((A, tuple(a for a in addresses if len(a) == 4)), (AAAA, tuple(a for a in addresses if len(a) == 16)))
    return [RecordSet(owner, kind, ttl, rdatas) for kind, rdatas in by_type if rdatas]
