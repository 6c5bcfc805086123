"""Both sides write into the case itself; a letter only tells that something was written."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.review.reach import find_within
from registry.flows.review.told import tell_body, tell_reviewers
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.person import REVIEWERS, Person, Role
from registry.store import applications
from registry.store.applications import Message

MAX_MESSAGE = 2000  # characters; who has more to say attaches a document
MAX_MESSAGES = 200  # a case that needs more is settled on the telephone


@dataclass(frozen=True, slots=True)
class SayToCase:
    """What is said."""

    application_id: str
    text: str


async def say_to_case(act: Act, by: Person, order: SayToCase) -> None:
    """Add a message; the other side is told. Refuses with NOT_FOUND, NOT_PERMITTED, PARAMETER_MISSING, TOO_LARGE."""
    application, level = await find_within(act, by, order.application_id, lock=True)
    if by.role is not Role.AGENCY and by.role not in REVIEWERS:
        raise Refusal(
            Reason.NOT_PERMITTED, "只有申请单位和审核员可以留言", "only the two sides write here", where="person"
        )
    text = order.text.strip()
    if not text:
        raise Refusal(Reason.PARAMETER_MISSING, "请填写留言", "please write something", where="text")
    if len(text) > MAX_MESSAGE or len(await applications.messages(act.conn, application.id)) >= MAX_MESSAGES:
        raise Refusal(
            Reason.TOO_LARGE, f"留言最多 {MAX_MESSAGE} 字、{MAX_MESSAGES} 条", f"at most {MAX_MESSAGE} characters and {MAX_MESSAGES} messages",
            where="text",
        )  # fmt: skip
    await applications.say(act.conn, application.id, Message(act.now, by.actor, by.role.value, text))
    await act.remember("application.message", application.id, {"text": text})
    said = Text(text, text)
    if by.role is Role.AGENCY:
        await tell_reviewers(act, application, level, "message", said)
    else:
        await tell_body(act, application, "message", said, "action")
