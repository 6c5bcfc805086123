"""The states of all marks in a list that anybody may fetch, keep and check: the Token Status List of the IETF's
OAuth group.

Two bits a mark, packed from the least significant bit of each byte upwards (section 4.1), deflated in the zlib
format (section 4.2), signed as a ``statuslist+jwt`` (section 5.1). A slot that is not given away reads as valid;
that is worth nothing, because a status means something only beside a signed mark that names the slot. Pure:
states in, text out.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.marks.credential import ALGORITHM
from verifier.marks.keys import IssuerKey, base64url

TYPE = "statuslist+jwt"
CONTENT_TYPE = "application/statuslist+jwt"
BITS = 2
SLOTS = 1 << 17  # marks a list: about 4 kB compressed when 1 % are not valid, so a phone fetches it without a thought
TTL = timedelta(seconds=300)  # verifier.md 3.4, T7: how old a copy may be before it is fetched again
LIFE = timedelta(hours=1)  # verifier.md 3.4, T10: after this a copy is worth nothing
LEVEL = 9  # the list is built seldom and sent often


def pack(exceptions: Mapping[int, int]) -> bytes:
    """The bytes of a list in which every slot is 0 but those of ``exceptions`` (slot to value 0 … 3)."""
    packed = bytearray(SLOTS * BITS // 8)
    for slot, value in exceptions.items():
        place, shift = divmod(slot * BITS, 8)
        packed[place] |= value << shift
    return bytes(packed)


def value_at(packed: bytes, slot: int) -> int:
    """The value of one slot; ``IndexError`` beyond the end."""
    place, shift = divmod(slot * BITS, 8)
    return (packed[place] >> shift) & ((1 << BITS) - 1)


def sign_status_list(exceptions: Mapping[int, int], uri: str, key: IssuerKey, now: datetime) -> str:
    """The Status List Token of the list that is found at ``uri``."""
    payload = {
        "sub": uri,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "ttl": int(TTL.total_seconds()),
        "status_list": {"bits": BITS, "lst": base64url(zlib.compress(pack(exceptions), LEVEL))},
    }
    return jwt.encode(payload, key.private, ALGORITHM, {"typ": TYPE, "kid": key.kid})


def read_status_list(token: str, key: Ed25519PublicKey, uri: str) -> tuple[dict[str, Any], bytes]:
    """Claims and packed bytes of a token of ours; ``jwt.InvalidTokenError`` or ``zlib.error`` on anything else.

    The caller compares ``iat`` and ``exp`` with his own clock.
    """
    claims: dict[str, Any] = jwt.decode(
        token, key, [ALGORITHM], subject=uri, options={"verify_exp": False, "verify_iat": False}
    )
    text = claims["status_list"]["lst"]
    packed = zlib.decompressobj().decompress(_unpadded(text), SLOTS * BITS // 8)
    return claims, packed


def _unpadded(text: str) -> bytes:
    return jwt.utils.base64url_decode(text)
