"""The code in the link that a responsible person is sent: made from what was asked, never stored, void when he is asked anew."""

import base64
import hmac
from datetime import datetime, timedelta

from registry.flows.notice.code import load_code_key
from registry.kernel.config import Config

LINK_LIFE = timedelta(days=15)
CODE_OCTETS = 20  # 160 bits: whoever has the link needs nothing else
KIND = "application.responsible"  # of the notice that carries it


def link_code(config: Config, application_id: str, email: str, asked_at: datetime) -> str:
    """Thirty-two characters ``A-Z2-7``."""
    told = f"responsible\n{application_id}\n{email}\n{asked_at.isoformat()}"
    return base64.b32encode(hmac.digest(load_code_key(config), told.encode(), "sha256")[:CODE_OCTETS]).decode()


def is_link_code(config: Config, typed: str, application_id: str, email: str, asked_at: datetime) -> bool:
    """Whether this is it."""
    return hmac.compare_digest(typed.encode(), link_code(config, application_id, email, asked_at).encode())


def path_of(application_id: str) -> str:
    """Where he answers; the sender adds the code."""
    return f"/portal/responsible/{application_id}"
