"""Where a registrar wants the outcome of its pending commands sent, beside its poll queue."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from registry.flows.act import Act
from registry.flows.registrar.permission import no_registrar, not_found, require_own
from registry.kernel.db import ForeignKeyViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.sealing import seal
from registry.store import registrar_webhooks
from registry.store.registrar_webhooks import Webhook

MAX_URL = 500


@dataclass(frozen=True, slots=True)
class SetWebhook:
    """``renews`` draws a new secret; the first time one is drawn in any case."""

    registrar_id: str
    url: str
    is_paused: bool = False
    renews: bool = False


async def set_webhook(act: Act, order: SetWebhook) -> str:
    """Write it; the new secret, told this once, or an empty text when the old one stays.

    Refuses with ``NOT_PERMITTED``, ``NOT_FOUND`` (registrar), ``VALUE_INVALID`` (the address: https, a public host, no user or fragment).
    """
    require_own(act, order.registrar_id)
    check_url(order.url, is_open=act.config.demo or act.config.ote)
    before = await registrar_webhooks.find(act.conn, order.registrar_id)
    secret = new_token() if order.renews or before is None else ""
    sealed = seal(act.config, secret, f"webhook {order.registrar_id}") if before is None or secret else before.secret
    state = "paused" if order.is_paused else "active"
    one = Webhook(order.registrar_id, order.url, sealed, state, act.now, act.caller.actor)
    try:
        await registrar_webhooks.put(act.conn, one)
    except ForeignKeyViolation:
        raise no_registrar(order.registrar_id) from None
    snapshot = {"url": order.url, "state": state, "secret_renewed": bool(secret)}
    await act.remember("registrar.webhook_changed", order.registrar_id, snapshot)
    return secret


async def remove_webhook(act: Act, registrar_id: str) -> None:
    """Send nothing any more. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``."""
    require_own(act, registrar_id)
    if not await registrar_webhooks.remove(act.conn, registrar_id):
        raise not_found("推送地址", "webhook", where="registrar", value=registrar_id)
    await act.remember("registrar.webhook_changed", registrar_id, {"state": "removed"})


def check_url(url: str, *, is_open: bool) -> None:
    """Refuse (``VALUE_INVALID``) what is no address of a machine out there; ``is_open`` (demo, OT&E) takes http and loopback too."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _wrong(url) from None
    schemes = ("https", "http") if is_open else ("https",)
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL and port != 0
    if not is_plain or parts.scheme not in schemes or not host or parts.username or parts.fragment:
        raise _wrong(url)
    if not is_open and not _is_public(host):
        raise _wrong(url)


def _is_public(host: str) -> bool:
    """A name with a dot, or an address that the Internet routes; what a name leads to is looked at once more by whoever delivers."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _wrong(url: str) -> Refusal:
    return Refusal(
        Reason.VALUE_INVALID,
        "推送地址须为 https 网址，主机须在公网，不带用户名和片段",
        "a webhook is an https address of a public host, without user name and fragment",
        where="url",
        value=url[:200],
    )
