"""The code that proves that a person receives at an address: made from what was asked, never stored."""

import base64
import hmac
from datetime import datetime, timedelta

from registry.kernel.config import Config
from registry.kernel.ids import new_bytes
from registry.kernel.xml.keys import write_once

CODE_LIFE = timedelta(hours=24)
_KEY_BYTES = 32
_CODE_BYTES = (
    6  # 10 characters of base32 with 48 bits: not to be guessed within a day by anybody who must sign in to try
)


def load_code_key(config: Config) -> bytes:
    """The secret behind all codes, made on first use, mode 0600."""
    path = config.secret("notice.key")
    write_once(path, lambda: new_bytes(_KEY_BYTES))  # the portal and the job that sends may both be first
    return path.read_bytes()


def code_for(key: bytes, username: str, channel: str, address: str, asked_at: datetime) -> str:
    """Ten characters ``A-Z2-7``; another address, or asking anew, makes another code."""
    told = f"{username}\n{channel}\n{address}\n{asked_at.isoformat()}"
    return base64.b32encode(hmac.digest(key, told.encode(), "sha256")[:_CODE_BYTES]).decode().rstrip("=")


def is_code(key: bytes, typed: str, username: str, channel: str, address: str, asked_at: datetime) -> bool:
    """Whether this is it; spaces and case do not matter."""
    wanted = code_for(key, username, channel, address, asked_at)
    return hmac.compare_digest("".join(typed.split()).upper().encode(), wanted.encode())
