"""Several second opinions at once: each case is decided by itself, in its own transaction, with every check that a single one meets."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.flows.act import Act, Caller
from registry.flows.review.decide import DecideApplication, decide_application
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Move, Stage
from registry.model.person import Person

MOST = 50  # cases: a page of the queue, which somebody has looked through


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one; ``refusal`` None when it was approved."""

    application_id: str
    refusal: Refusal | None


async def approve_endorsed(runner: Runner, by: Person, cases: Sequence[str]) -> list[Decided]:
    """Follow the first opinions; one that cannot be followed is left as it is and says why.

    Refuses with PARAMETER_MISSING (none), TOO_LARGE (more than :data:`MOST`). A case that waits for anything but a second yes is refused by
    itself (STATUS_FORBIDS).
    """
    chosen = list(dict.fromkeys(cases))
    if not chosen:
        raise Refusal(Reason.PARAMETER_MISSING, "请至少选择一件申请", "please choose at least one", where="cases")
    if len(chosen) > MOST:
        raise Refusal(Reason.TOO_LARGE, f"一次最多 {MOST} 件", f"at most {MOST} at once", where="cases")
    return [Decided(case, await _approve(runner, by, case)) for case in chosen]


async def _approve(runner: Runner, by: Person, case: str) -> Refusal | None:
    async def decide(act: Act) -> Stage:
        return await decide_application(act, by, DecideApplication(case, Move.APPROVE, seen=Stage.ENDORSED))

    try:
        await runner.run(Caller("person", by.username), decide)
    except Refusal as refusal:
        return refusal
    return None
