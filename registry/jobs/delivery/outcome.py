"""What became of one attempt to deliver."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from registry.store.deliveries import Delivery


class Result(StrEnum):
    """``SENT`` the receiver took it; ``LATER`` it may take it another time; ``NEVER`` it will not."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``answer`` is what the receiver said, for the operator's eyes; short, and without our secrets."""

    result: Result
    answer: str


Send = Callable[[Delivery], Awaitable[Outcome]]
MAX_ANSWER = 300  # characters; a receiver may say anything


def outcome(result: Result, answer: str) -> Outcome:
    """With the answer cut and made one line."""
    return Outcome(result, " ".join(answer.split())[:MAX_ANSWER])
