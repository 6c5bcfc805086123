"""What proves a person: a password, checked off the event loop, and how tokens are kept."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from registry.kernel.ids import new_token

MAX_PASSWORD = 256  # characters that are looked at; the hash needs some bound
_HASHER = PasswordHasher()  # the cost with which accounts are made: 64 MiB, three passes
# Each check takes 64 MiB and a core for some 50 ms: a storm of sign-ins waits in line, pages do not.
_CHECKERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


def digest(text: str) -> bytes:
    """The form in which a token, a browser's name or an account name is kept: SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


async def is_password(password: str, stored: str | None) -> bool:
    """Whether it is the one that was hashed. No hash at all costs the same time and is False."""
    return await asyncio.get_running_loop().run_in_executor(_CHECKERS, _verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        told = password[: MAX_PASSWORD + 1].encode("utf-8", "surrogatepass")
        return _HASHER.verify(stored or _nobody(), told) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that nothing matches, for accounts that do not exist."""
    return _HASHER.hash(new_token())
