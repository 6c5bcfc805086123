"""The session as a table (RFC 5730 section 2, figure 1): what may be asked when, without any socket or database."""

from dataclasses import dataclass, replace
from enum import Enum

from registry.epp.answer import Reader
from registry.epp.request import Asked, Kind
from registry.epp.results import Code
from registry.epp.session.login import Login
from registry.kernel.errors import Reason, Refusal

# libxml2 keeps every element name that it has ever seen, so a client that makes names up would fill the memory; ICANN's longest run
# of documents that do not fit the schemas has some thirty.
MAX_BROKEN = 100  # documents one after the other that were answered 2001; then the session ends with 2500
MAX_LOGIN_FAILURES = 3  # the third wrong login ends the connection with 2501, so guessing costs a handshake each time


class State(Enum):
    """``STRANGER``: greeted, not logged in."""

    STRANGER = "stranger"
    MEMBER = "member"


class Step(Enum):
    """What has to be done with a document."""

    GREET = "greet"
    LOG_IN = "log in"
    LOG_OUT = "log out"
    PERFORM = "perform"
    REFUSE = "refuse"
    OUT_OF_ORDER = "out of order"


TABLE = {
    (State.STRANGER, Kind.HELLO): Step.GREET,
    (State.STRANGER, Kind.LOGIN): Step.LOG_IN,
    (State.STRANGER, Kind.LOGOUT): Step.OUT_OF_ORDER,
    (State.STRANGER, Kind.COMMAND): Step.OUT_OF_ORDER,
    (State.STRANGER, Kind.BROKEN): Step.REFUSE,
    (State.MEMBER, Kind.HELLO): Step.GREET,
    (State.MEMBER, Kind.LOGIN): Step.OUT_OF_ORDER,
    (State.MEMBER, Kind.LOGOUT): Step.LOG_OUT,
    (State.MEMBER, Kind.COMMAND): Step.PERFORM,
    (State.MEMBER, Kind.BROKEN): Step.REFUSE,
}


NOBODY = Reader()  # English, no services


@dataclass(frozen=True, slots=True)
class Session:
    """One connection's session, as a value: every transition makes a new one. What a user does is done by its registrar."""

    state: State = State.STRANGER
    registrar_id: str = ""
    user_id: str = ""
    reader: Reader = NOBODY
    failures: int = 0
    broken: int = 0

    def step(self, asked: Asked) -> Step:
        """What to do now. A document out of order is told so before anything else that is wrong inside it."""
        step = TABLE[self.state, asked.kind]
        if asked.refusal and step is not Step.OUT_OF_ORDER:
            return Step.REFUSE
        return step

    @property
    def login_id(self) -> str:
        """What stood in ``clID``: a user's id, or the registrar's own."""
        return self.user_id or self.registrar_id

    def logged_in(self, login: Login, registrar_id: str, user_id: str = "") -> "Session":
        """After a login that was accepted; ``user_id`` is empty for the registrar's own."""
        return Session(State.MEMBER, registrar_id, user_id, Reader(login.language, login.services))

    def failed(self) -> "Session":
        """After wrong credentials."""
        return replace(self, failures=self.failures + 1)

    def answered(self, code: Code) -> "Session":
        """After an answer: documents that do not fit the protocol are counted until one does."""
        if code is Code.SYNTAX:
            return replace(self, broken=self.broken + 1)
        return replace(self, broken=0) if self.broken else self

    @property
    def is_hopeless(self) -> bool:
        """Whether the client speaks some other language than this one."""
        return self.broken >= MAX_BROKEN

    @property
    def is_spent(self) -> bool:
        """Whether no further login may be tried on this connection."""
        return self.failures >= MAX_LOGIN_FAILURES


def hopeless() -> Refusal:
    """What the last of them is answered."""
    return Refusal(
        Reason.SYNTAX_INVALID,
        f"连续 {MAX_BROKEN} 个文档不符合协议文法，会话结束",
        f"{MAX_BROKEN} documents one after the other do not fit the protocol; the session ends",
    )


def out_of_order(session: Session) -> Refusal:
    """What to answer to a document that cannot come now."""
    if session.state is State.MEMBER:
        return Refusal(
            Reason.COMMAND_OUT_OF_ORDER, "会话已经登录，请先注销", "the session is already logged in; log out first"
        )
    return Refusal(Reason.COMMAND_OUT_OF_ORDER, "请先登录", "log in first")
