"""An RDAP object as finished bytes: opened at the instant, named by a tag (pure)."""

import hashlib
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus

from whois.cache.answers import Answer
from whois.rdap.finding import Sought
from whois.rdap.members import UPDATE

# Quotes inside a JSON string are escaped, so this stands nowhere but in the event itself.
UPDATE_BYTES = f'"eventAction":"{UPDATE}","eventDate":"'.encode()
INSTANT_BYTES = 20  # 2026-06-01T01:00:00Z
TAG_DIGITS = 16  # 64 bits: two states of one object never meet by accident


def answer_of(text: bytes, sought: Sought) -> Answer:
    """An object that was found. The tag is weak (RFC 9110, section 8.8.1): it says nothing of the instant of the answer."""
    head, update, rest = text.partition(UPDATE_BYTES)
    tail = rest[INSTANT_BYTES:]
    return Answer(
        head + update,
        tail,
        sought.expires.timestamp() if sought.expires else 0.0,
        sought.depends,
        dated=bool(update),
        tag=f'W/"{hashlib.sha256(head + tail).hexdigest()[:TAG_DIGITS]}"',
        changed=_http_date(sought.changed) if sought.changed else "",
    )


def nothing_of(status: HTTPStatus, text: bytes, sought: Sought) -> Answer:
    """A 404."""
    return Answer(text, b"", 0.0, sought.depends, found=False, dated=False, status=int(status))


def _http_date(at: datetime) -> str:
    return format_datetime(at.replace(microsecond=0), usegmt=True)
