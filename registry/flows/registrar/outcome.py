"""The outcome of a command that was answered 1001, told as a notice beside the poll message: to inboxes and webhooks."""

from collections.abc import Mapping
from typing import Any

from registry.flows.act import Act
from registry.kernel.errors import Text
from registry.model.notice import Notice, Recipient


async def notify_outcome(act: Act, registrar_id: str, said: Text, payload: Mapping[str, Any]) -> None:
    """``payload`` is that of the poll message: ``name, is_approved, trid, client_trid, at``."""
    name = payload["name"]
    subject = (
        Text(f"{name} 审核通过", f"{name} was approved")
        if payload["is_approved"]
        else Text(f"{name} 未获通过", f"{name} was not approved")
    )
    await act.notify(
        Notice(
            Recipient("registrar", registrar_id),
            "domain.pending_outcome",
            subject,
            said,
            link="/portal/registrar",
            payload=dict(payload),
            once=f"pan:{payload['trid']}:{registrar_id}",
        )
    )
