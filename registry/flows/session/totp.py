"""Codes of the second factor (TOTP, RFC 6238; HOTP, RFC 4226 section 5.3): pure, of an instant that is given.

A code is right in its own step of thirty seconds and in the one before and after (RFC 6238 section 5.2 recommends one step
for the way and the clock of a telephone). Whether its step was used before is known by the account alone.
"""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from datetime import datetime

STEP_SECONDS = 30  # RFC 6238 section 4.1, default X
DIGITS = 6  # what every authenticator shows
DRIFT = 1  # steps before and after


def code_at(secret: bytes, step: int, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a step: dynamic truncation of the MAC over the counter (RFC 4226 section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), getattr(hashlib, algorithm))
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: datetime) -> int:
    """The number of the step that an instant lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """The step whose code was typed, or None. ``secret`` is base 32 as telephones take it; full width and spaces are read.

    Every step is compared, in constant time each.
    """
    key = _key(secret)
    digits = "".join(unicodedata.normalize("NFKC", typed[:32]).split())
    if key is None or len(digits) != DIGITS or not digits.isascii():
        return None
    present = step_of(now)
    found = [
        step for step in range(present - DRIFT, present + DRIFT + 1) if hmac.compare_digest(code_at(key, step), digits)
    ]
    return found[-1] if found else None


def _key(secret: str) -> bytes | None:
    text = "".join(secret.split()).upper().rstrip("=")
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8)) or None
    except (binascii.Error, ValueError):
        return None
