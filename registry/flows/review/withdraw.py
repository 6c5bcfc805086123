"""An agency takes its application back while nobody has decided."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.close import Closing, close_against
from registry.flows.review.decide import settled
from registry.flows.review.reach import find_within
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Move, Stage, next_stage
from registry.model.person import Person, Role


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    """Which one."""

    application_id: str


async def withdraw_application(act: Act, by: Person, order: WithdrawApplication) -> None:
    """Close it; the name is free for others again and the registrar is told.

    Of a withdrawal and a decision at the same time the first wins. Refuses with NOT_FOUND (not of his body), NOT_PERMITTED (not
    an agency), STATUS_FORBIDS (settled).
    """
    if by.role is not Role.AGENCY:
        zh, en = "只有申请单位可以撤回申请", "only the agency that applied withdraws"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person", value=by.username)
    application, level = await find_within(act, by, order.application_id, lock=True)
    stage = Stage(application.stage)
    if next_stage(stage, Move.WITHDRAW, level) is None:
        raise settled(stage)
    await close_against(act, application, Closing(Stage.WITHDRAWN, Move.WITHDRAW, by.actor, by.role.value))
