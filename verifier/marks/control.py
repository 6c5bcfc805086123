"""Does the one who asks for a mark control the site? A TXT record in the site's zone says so.

The token is not stored: it is an HMAC-SHA256 under a secret of ours over body, host and week, so it is
unguessable (256 bits), good for one body and one host only, and dies by itself after one to two weeks. It is put
at ``_zhengming-challenge.<host>`` as ``zhengming-challenge=<token>``. The form follows what certificate
authorities do (RFC 8555, section 8.4).
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from registry.kernel.ids import new_bytes
from verifier.marks.keys import base64url, write_once

LABEL = "_zhengming-challenge"
VALUE_PREFIX = "zhengming-challenge="
WINDOW_SECONDS = 7 * 86400  # an agency needs days to have a record set; two windows are accepted
SECRET_BYTES = 32


class TxtResolver(Protocol):
    """The port through which TXT records are read: ``verifier/checks/txt.py`` in service, a table in tests."""

    async def txt(self, name: str) -> list[str]:
        """The strings at ``name`` (pieces of one record joined); empty when there are none or no answer comes."""
        ...


@dataclass(frozen=True, slots=True)
class Challenge:
    """The record that the body must publish."""

    name: str
    value: str


def load_secret(path: Path) -> bytes:
    """The secret behind all challenges, made on first use, mode 0600."""
    if not path.exists():
        write_once(path, new_bytes(SECRET_BYTES))
    return path.read_bytes()


def challenge_for(secret: bytes, uscc: str, host: str, now: datetime) -> Challenge:
    """The record for this body and host in this week."""
    return Challenge(f"{LABEL}.{host}", VALUE_PREFIX + _token(secret, uscc, host, _window(now)))


async def is_proved(resolver: TxtResolver, secret: bytes, uscc: str, host: str, now: datetime) -> bool:
    """Whether the record of this week or the last stands in the zone."""
    wanted = [VALUE_PREFIX + _token(secret, uscc, host, window) for window in (_window(now), _window(now) - 1)]
    found = await resolver.txt(f"{LABEL}.{host}")
    return any(hmac.compare_digest(value.encode(), want.encode()) for value in found for want in wanted)


def _window(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW_SECONDS


def _token(secret: bytes, uscc: str, host: str, window: int) -> str:
    return base64url(hmac.digest(secret, f"{uscc}|{host}|{window}".encode(), hashlib.sha256))
