"""What a form for strangers carries, so that programs find it dear and people do not notice: a token, and some work done for it.

The token says when the form was shown, and is ours (HMAC); each is good once. A browser with scripts does the work by itself while the person
types: it looks for a number that makes the SHA-256 of token and number begin with :data:`WORK_BITS` zero bits, some 130,000 tries,
a second on a telephone. Who sends the form without the work (no scripts) is served as well, but must have had the form before him for
:data:`SLOW_SECONDS`, and gets a smaller share (the desk's ``plain_reports``). Nothing is asked of the person, and nothing comes from elsewhere.
"""

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from registry.kernel.ids import new_public_id
from verifier.marks.keys import base64url

WORK_BITS = 17
LIFE_SECONDS = 86400  # a form that lay open over night is still good
SLOW_SECONDS = 5  # nobody reads a page, copies an address and sends it in less
REMEMBERED = 100_000  # tokens that were used; more in a day than citizens report in a year
NONCE_BITS = 80
TOKEN, WORK = "token", "work"


class Worth(StrEnum):
    """What a token that came back is worth."""

    WORKED = "worked"
    PLAIN = "plain"
    HASTY = "hasty"
    STALE = "stale"  # none, not ours, too old or used


@dataclass(slots=True)
class FormTokens:
    """One per process."""

    secret: bytes = field(repr=False)
    _used: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def new(self, now: datetime) -> str:
        """A token for a form that is shown now."""
        text = f"{int(now.timestamp())}.{new_public_id(NONCE_BITS)}"
        return f"{text}.{self._sign(text)}"

    def use(self, token: str, work: str, now: datetime) -> Worth:
        """What it is worth; one that is worth something is worth nothing the next time."""
        text, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(text).encode()) or token in self._used:
            return Worth.STALE
        age = now.timestamp() - int(text.partition(".")[0])
        if not -1 <= age <= LIFE_SECONDS:
            return Worth.STALE
        is_worked = is_work(token, work)
        if not is_worked and age < SLOW_SECONDS:
            return Worth.HASTY
        self._used[token] = None
        if len(self._used) > REMEMBERED:
            self._used.popitem(last=False)
        return Worth.WORKED if is_worked else Worth.PLAIN

    def _sign(self, text: str) -> str:
        return base64url(hmac.digest(self.secret, f"form|{text}".encode(), hashlib.sha256)[:16])


def is_work(token: str, work: str) -> bool:
    """Whether the number makes the hash begin with enough zero bits."""
    if not (work.isascii() and work.isdigit() and len(work) <= 16):
        return False
    digest = hashlib.sha256(f"{token}:{work}".encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - WORK_BITS) == 0
