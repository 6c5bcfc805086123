"""What became of the batches of a data centre."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.establishment.authenticate_client import confirm_centre_client
from registry.flows.establishment.pushed import Pushed, pushed_of, summary_of
from registry.kernel.errors import Reason, Refusal
from registry.store import push_batches


@dataclass(frozen=True, slots=True)
class FindBatches:
    """Who asks; those under ``key`` only, and older than the batch ``before``, unless these are empty."""

    client_id: str
    centre: str
    key: str = ""
    before: str = ""
    limit: int = 20


async def find_batch(act: Act, client_id: str, centre: str, batch_id: str) -> Pushed:
    """One batch of the centre with its refused rows. Refuses with ``NOT_FOUND``; that of another centre is not there either."""
    await confirm_centre_client(act.conn, client_id, centre)
    batch = await push_batches.find(act.conn, batch_id, centre)
    if batch is None:
        zh, en = "没有这个批次", "there is no such batch"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="id", value=batch_id)
    return await pushed_of(act.conn, batch)


async def find_batches(act: Act, order: FindBatches) -> tuple[list[Pushed], str]:
    """Batches of the centre, the newest first, without their refused rows; and, when there are more, the last one's id, else empty."""
    await confirm_centre_client(act.conn, order.client_id, order.centre)
    found = await push_batches.recent(act.conn, order.centre, order.key, order.before, order.limit + 1)
    more = found[order.limit - 1].id if len(found) > order.limit else ""
    return [summary_of(batch) for batch in found[: order.limit]], more
