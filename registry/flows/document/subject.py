"""What a document belongs to: whoever may see that may see the document, and whoever may change that may add to it."""

from registry.flows.act import Act
from registry.flows.institution.reach import find_act_within, may_edit
from registry.flows.review.reach import find_within
from registry.kernel.errors import Reason, Refusal
from registry.model.application import Stage
from registry.model.person import Person, Role
from registry.store.documents import Subject


async def check_reading(act: Act, person: Person, kind: Subject, subject: str) -> None:
    """Refuse (NOT_FOUND) whoever does not see the act or application."""
    if kind == "institution":
        await find_act_within(act, person, subject)
    else:
        await find_within(act, person, subject)


async def check_adding(act: Act, person: Person, kind: Subject, subject: str) -> None:
    """Lock it, and refuse with NOT_FOUND who does not see it, NOT_PERMITTED who does not file it, STATUS_FORBIDS when it is settled."""
    if kind == "institution":
        found = await find_act_within(act, person, subject, lock=True)
        is_own, is_open = may_edit(person, found), found.stage_now.is_editable
    else:
        application, _ = await find_within(act, person, subject, lock=True)
        is_own, is_open = person.role is Role.AGENCY, Stage(application.stage).is_open
    if not is_own:
        raise Refusal(
            Reason.NOT_PERMITTED, "只有申请人可以提交材料", "only who applies brings documents", where="document"
        )
    if not is_open:
        raise Refusal(
            Reason.STATUS_FORBIDS, "这件申请现在不能增减材料", "no documents can be added or removed now", where="document"
        )  # fmt: skip
