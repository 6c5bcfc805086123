"""逾期关闭: who is asked for a correction and does not answer in time gives his place up."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.close import Closing, close_against
from registry.flows.review.working_days import working_days_since
from registry.model.application import CORRECTION_DAYS, Move, Stage
from registry.store import applications


@dataclass(frozen=True, slots=True)
class LapseApplication:
    """Which one."""

    application_id: str


async def lapse_application(act: Act, order: LapseApplication) -> bool:
    """Close it when its term is over; False when it is not, or when the answer came first."""
    application = await applications.lock(act.conn, order.application_id)
    if application is None or application.returned_at is None:
        return False
    if working_days_since(application.returned_at, act.now) <= CORRECTION_DAYS:
        return False
    reason = f"要求补正后 {CORRECTION_DAYS} 个工作日内没有答复"
    await close_against(act, application, Closing(Stage.LAPSED, Move.LAPSE, act.caller.actor, "job", reason))
    return True
