"""Passwords of registrars: argon2id, off the event loop.

The cost is the least of OWASP's password storage recommendations (19 MiB, two passes, one lane), some 20 ms of one core: a login must
stay far under the four seconds that a registry agreement gives it, also when a hundred sessions come back at once, and
every password stands beside a client certificate.
"""

import asyncio
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token

MIN_PASSWORD = 8  # EPP's own pwType takes 6 (RFC 5730 section 4); fewer than 8 are guessed
MAX_PASSWORD = 128  # RFC 8807 section 4 lets a server take more than the 16 of pwType; the hash needs some bound
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def check_password(password: str) -> None:
    """Refuse (``VALUE_OUT_OF_RANGE``) one that is too short or too long. Never tells the password back."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Refusal(
            Reason.VALUE_OUT_OF_RANGE,
            f"口令须为 {MIN_PASSWORD} 至 {MAX_PASSWORD} 个字符",
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters",
            where="newPW",
        )


async def hash_password(password: str) -> str:
    """The argon2id hash, computed in a thread."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Whether it is the one that was hashed, found out in a thread. No hash at all costs the same time and is False."""
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        return _HASHER.verify(stored or _nobody(), password[: MAX_PASSWORD + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nothing matches, for accounts that do not exist."""
    return _HASHER.hash(new_token())
