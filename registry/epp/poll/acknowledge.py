"""poll op="ack" (RFC 5730 section 2.9.2.3)."""

from registry.epp.answer import Answer, Queue
from registry.epp.request import Asked
from registry.flows.poll.acknowledge import PollAcknowledge
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Acknowledged


def read_poll_acknowledge(asked: Asked) -> PollAcknowledge:
    """Which message."""
    message_id = asked.node.attribute("msgID")
    if not message_id:
        raise Refusal(Reason.PARAMETER_MISSING, "确认消息须给出 msgID", "an acknowledgement needs msgID", where="msgID")
    return PollAcknowledge(message_id)


def write_poll_acknowledge(asked: Asked, left: Acknowledged, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """How many still wait and which comes next; with none left there is no queue to speak of."""
    return Answer(queue=Queue(left.waiting, str(left.next_id)) if left.next_id is not None else None)
