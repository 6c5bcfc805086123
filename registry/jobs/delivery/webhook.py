"""Outcomes by HTTP, in the shape of Standard Webhooks 1.0: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature: v1,…``.

The address is a stranger's: it is looked up once, refused when it leads into a network of our own, and connected to as it was looked up;
no redirect is followed. What it answers is read no further than a line.
"""

import base64
import hmac
import json
import socket
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from registry.jobs.delivery.outcome import Outcome, Result, outcome
from registry.kernel.config import Config
from registry.kernel.sealing import unseal
from registry.store.deliveries import Delivery

SECONDS = 10.0  # a receiver answers first and works afterwards
MAX_ANSWER_BYTES = 300
_GONE = 410


class NotPublicError(OSError):
    """The address leads into a network that is not public."""


class PublicOnly(AbstractResolver):
    """Looks names up and lets only public addresses through."""

    def __init__(self, allows_private: bool) -> None:
        self._allows_private = allows_private
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp wants it. Raises NotPublicError."""
        found = await self._inner.resolve(host, port, family)
        for one in found:
            check_public(one["host"], self._allows_private)
        return found

    async def close(self) -> None:
        """Nothing is held."""


def check_public(address: str, allows_private: bool) -> None:
    """Raise NotPublicError for loopback, private, link-local and the like (RFC 6890)."""
    if not allows_private and not ip_address(address).is_global:
        raise NotPublicError(f"{address} is not a public address")


def signature_of(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 of ``id.timestamp.body`` in base64."""
    told = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret.encode(), told, "sha256")).decode()


def body_of(one: Delivery) -> bytes:
    """JSON: ``type``, ``timestamp``, ``data`` with the texts and the payload."""
    told = {
        "type": one.kind,
        "timestamp": one.at.isoformat(),
        "data": {
            "subject": {"zh": one.subject_zh, "en": one.subject_en},
            "text": {"zh": one.text_zh, "en": one.text_en},
            **one.payload,
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()


async def send_webhook(config: Config, one: Delivery, now: datetime) -> Outcome:
    """Post one outcome. 2xx is taken, 410 is never again, everything else is tried later."""
    if one.secret is None:
        return outcome(Result.NEVER, "the webhook was removed")
    body, timestamp, webhook_id = body_of(one), int(now.timestamp()), f"notice-{one.notice_id}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "zhengming-webhook/1",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature_of(
            unseal(config, one.secret, f"webhook {one.owner}"), webhook_id, timestamp, body
        ),
    }
    try:
        return await _post(config.demo or config.ote, one.address, body, headers)
    except NotPublicError as error:
        return outcome(Result.NEVER, str(error))
    except aiohttp.ClientConnectorError as error:
        is_ours = isinstance(error.os_error, NotPublicError)
        return outcome(Result.NEVER if is_ours else Result.LATER, f"{type(error.os_error).__name__}: {error.os_error}")
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        return outcome(Result.LATER, f"{type(error).__name__}: {error}")


async def _post(allows_private: bool, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    host = urlsplit(url).hostname or ""
    if _is_address(host):  # aiohttp asks no resolver for these
        check_public(host, allows_private)
    connector = aiohttp.TCPConnector(resolver=PublicOnly(allows_private), use_dns_cache=False)
    limit = aiohttp.ClientTimeout(total=SECONDS)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=limit, cookie_jar=aiohttp.DummyCookieJar()) as client,
        client.post(url, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        said = (await answer.content.read(MAX_ANSWER_BYTES)).decode(errors="replace")
        if answer.ok and answer.status < 300:  # RFC 9110, section 15.3: 2xx
            return outcome(Result.SENT, f"{answer.status} {said}")
        return outcome(Result.NEVER if answer.status == _GONE else Result.LATER, f"{answer.status} {said}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
