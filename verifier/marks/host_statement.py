"""The signed word about the set of genuine hosts: how many there are and what their sorted octets hash to. Pure.

A compact JWS like the mark itself, of a type of its own so that neither can be taken for the other. ``exp`` bounds how long a client
that cannot reach us may go on vouching by what it has (verifier.md 3.4, T14).
"""

from datetime import datetime, timedelta

import jwt

from verifier.marks.credential import ALGORITHM
from verifier.marks.keys import IssuerKey

TYPE = "trust-mark-hosts+jwt"
LIFE = timedelta(hours=24)


def sign_host_set(issuer: str, name: str, count: int, key: IssuerKey, now: datetime) -> str:
    """``name`` is the SHA-256 of the set in hexadecimal digits, ``count`` the number of its entries."""
    payload = {
        "iss": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "hosts": {"sha256": name, "count": count, "octets": 5},
    }
    return jwt.encode(payload, key.private, ALGORITHM, {"typ": TYPE, "kid": key.kid})
