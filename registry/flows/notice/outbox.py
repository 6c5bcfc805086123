"""The outbox as operators see it: what could not be delivered, what waits, and a second chance."""

from typing import get_args

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.store import deliveries
from registry.store.deliveries import DeliveryState, Listed

PAGE = 100


async def list_deliveries(act: Act, state: str) -> list[Listed]:
    """The newest hundred in this state: waiting, sent or failed."""
    return await deliveries.listed(act.conn, state if state in get_args(DeliveryState) else "failed", PAGE)


async def try_again(act: Act, delivery_id: int) -> None:
    """Send one that failed as if it were new. Refuses with NOT_FOUND what did not fail."""
    if not await deliveries.revive(act.conn, delivery_id, act.now):
        raise Refusal(
            Reason.NOT_FOUND, "没有这条未送达的通知", "there is no such failed delivery", where="delivery", value=str(delivery_id)
        )  # fmt: skip
    await act.remember("delivery.revived", str(delivery_id), {"id": delivery_id})
