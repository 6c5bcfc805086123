"""The signed word about the set of genuine hosts: how many there are and what their sorted octets hash to. Pure.

A compact JWS like the mark itself, of a type of its own so that neither can be taken for the other. ``exp`` bounds how long a client
that cannot reach us may go on vouching by what it has (verifier.md 3.4, T14).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.marks.credential import ALGORITHM
from verifier.marks.keys import IssuerKey, public_jwk

TYPE = "trust-mark-hosts+jwt"
LIFE = timedelta(hours=24)


def sign_host_set(
    issuer: str, name: str, count: int, key: IssuerKey, keys: Iterable[Ed25519PublicKey], now: datetime
) -> str:
    """``keys`` are all that may sign from now on, so that who trusts this one learns of the next;
    ``name`` is the SHA-256 of the set in hexadecimal digits, ``count`` the number of its entries.
    """
    payload = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "hosts": {"sha256": name, "count": count, "octets": 5},
        "jwks": {"keys": [public_jwk(one) for one in keys]},
    }
    return jwt.encode(payload, key.private, ALGORITHM, {"typ": TYPE, "kid": key.kid})
