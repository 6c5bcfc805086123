"""What a package says of itself: the signed page in front of the data.

A package goes from one data centre to another, for places that the network does not reach (过渡性离线数据交换). Its manifest names sender,
receiver and region, counts the packages of this sender to this receiver, points at the one before by its hash, and holds
the SHA-256 of every part, so one Ed25519 signature over it covers everything.
"""

import hashlib
from datetime import date, datetime
from typing import Literal

import msgspec

from registry.kernel.errors import Reason, Refusal

MAX_MANIFEST_BYTES = 1 << 20  # a thousand parts are 300 KB
MAX_PARTS = 1_000
MAX_PART_BYTES = 64 << 20  # a part is decrypted in memory
MAX_SEQUENCE = 10**9

Hex32 = str  # 64 hexadecimal digits


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of the data: its rows, bytes and hash as they are, and as they are stored when the package is sealed."""

    name: str
    rows: int
    bytes: int
    sha256: Hex32
    stored_bytes: int
    stored_sha256: Hex32


class Sealing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the parts are encrypted: the one-time public key, and the receiver's key that they are encrypted to."""

    scheme: Literal["x25519-hkdf-sha256-chacha20poly1305"]
    ephemeral: Hex32
    receiver_key: Hex32


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to a package: which one, what became of it, and why."""

    manifest_sha256: Hex32
    state: Literal["applied", "parked", "refused"]
    reason_zh: str
    reason_en: str
    counts: dict[str, int]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``sequence`` counts the data packages from ``sender`` to ``receiver`` from 1; ``previous`` is the SHA-256 of the manifest before.

    A receipt carries the sequence that it answers, and as its only part the rejected rows.
    """

    format: Literal["zhengming-exchange/1"]
    kind: Literal["data", "receipt"]
    sender: str
    receiver: str
    region: str
    sequence: int
    previous: str
    mode: Literal["delta", "snapshot"]
    period_from: date | None
    period_to: date
    created_at: datetime
    rows: int
    parts: list[Part]
    signer: Hex32
    sealing: Sealing | None = None
    receipt: Receipt | None = None


def encode(manifest: Manifest) -> bytes:
    """The bytes that are signed and stored: JSON with the keys in order."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)


def decode(raw: bytes) -> Manifest:
    """The manifest, or a refusal (``SYNTAX_INVALID``) when it is none, or one that contradicts itself."""
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _invalid("清单无法解读", "the manifest cannot be read") from error
    if not _consistent(manifest):
        raise _invalid("清单的内容自相矛盾", "the manifest contradicts itself")
    return manifest


def fingerprint(raw: bytes) -> bytes:
    """By which a package is known: the SHA-256 of its manifest as stored."""
    return hashlib.sha256(raw).digest()


def _consistent(m: Manifest) -> bool:
    digests = [m.signer, *(one for part in m.parts for one in (part.sha256, part.stored_sha256))]
    digests += [m.sealing.ephemeral, m.sealing.receiver_key] if m.sealing else []
    return (
        all(_is_hex32(one) for one in digests)
        and all(len(one) == 2 and one.isascii() and one.isdigit() for one in (m.sender, m.receiver, m.region))
        and m.sender != m.receiver
        and 1 <= m.sequence <= MAX_SEQUENCE
        and (m.previous == "" or _is_hex32(m.previous))
        and len(m.parts) <= MAX_PARTS
        and [part.name for part in m.parts] == [part_name(number) for number in range(1, len(m.parts) + 1)]
        and all(_fits(part, sealed=m.sealing is not None) for part in m.parts)
        and m.rows == sum(part.rows for part in m.parts)
        and (m.receipt is not None) == (m.kind == "receipt")
        and m.created_at.tzinfo is not None
    )


def part_name(number: int) -> str:
    """``parts/0001.csv`` and so on."""
    return f"parts/{number:04d}.csv"


def _fits(part: Part, *, sealed: bool) -> bool:
    same = (part.stored_bytes, part.stored_sha256) == (part.bytes, part.sha256)
    return (
        part.rows >= 0
        and 0 <= part.bytes <= MAX_PART_BYTES
        and 0 <= part.stored_bytes <= MAX_PART_BYTES + 64
        and (sealed or same)
    )


def _is_hex32(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)


def _invalid(zh: str, en: str) -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, zh, en, where="manifest")
