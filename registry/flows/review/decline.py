"""不予受理: what is no case for this registry at all is not accepted, by one reviewer, with the reason, and open to appeal."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.close import Closing, close_against
from registry.flows.review.decide import check_reviewer, check_seen, settled
from registry.flows.review.reach import find_within
from registry.flows.said import said_text
from registry.model.application import Move, Stage, next_stage
from registry.model.person import Person


@dataclass(frozen=True, slots=True)
class DeclineApplication:
    """``seen`` is the stage that the reviewer had before his eyes, None when he does not say."""

    application_id: str
    reason: str
    seen: Stage | None = None


async def decline_application(act: Act, by: Person, order: DeclineApplication) -> None:
    """Close it unaccepted; the registrar hears of it as of a refusal.

    Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS (an opinion was given, or settled), PARAMETER_MISSING and TOO_LARGE (reason).
    """
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    await check_reviewer(act, by, application)
    check_seen(stage, order.seen)
    if next_stage(stage, Move.DECLINE, level) is None:
        raise settled(stage)
    reason = said_text(order.reason, "不予受理须写明理由", "not to accept it needs a reason")
    await close_against(act, application, Closing(Stage.DECLINED, Move.DECLINE, by.actor, by.role.value, reason))
