"""poll op="req" (RFC 5730 section 2.9.2.3)."""

from registry.epp.answer import Answer, Queue
from registry.epp.poll.messages import write_payload
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.flows.poll.request import PollRequest
from registry.kernel.errors import Text
from registry.model.answer import Waiting


def read_poll_request(asked: Asked) -> PollRequest:  # noqa: ARG001  # every reader has the same argument
    """The queue is the caller's own."""
    return PollRequest()


def write_poll_request(asked: Asked, head: Waiting | None, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1301 with the oldest message, or 1300."""
    if head is None:
        return Answer(Code.NO_MESSAGES)
    data, extensions = write_payload(head)
    return Answer(Code.MESSAGE, data, extensions, Queue(head.waiting, str(head.id), head.at, Text(head.zh, head.en)))
