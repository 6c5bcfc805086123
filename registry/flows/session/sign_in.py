"""A person signs in: password, second factor, and a session that begins under a token nobody had before.

How guessing is slowed without locking anybody out (OWASP, "slow down online guessing with device cookies"): attempts are
counted by account and place, before they are made. A place is the network that asks, or a device from which this
person has signed in before, so whatever strangers do, the owner at his own machine is never made to wait for them.
"""

from dataclasses import dataclass, field

from registry.flows.act import Act, Caller
from registry.flows.runner import Runner
from registry.flows.session.accounts import is_username
from registry.flows.session.lifetimes import ABSOLUTE, FREE_GUESSES, GUESSES_KEPT, LONGEST_WAIT_SECONDS
from registry.flows.session.proof import digest, is_password
from registry.flows.session.totp import matching_step
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_token
from registry.kernel.journal import append
from registry.model.person import Person
from registry.store import people, sessions
from registry.store.people import Account

VISITOR = Caller("visitor", "portal")


@dataclass(frozen=True, slots=True)
class SignIn:
    """``place`` is the network that asks, ``agent`` the browser's name for itself.

    ``device`` is the token of a device that may be known, ``replaces`` that of a session to end, both as cookies brought them.
    """

    username: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    place: str = ""
    agent: str = ""
    device: str = field(default="", repr=False)
    replaces: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``token`` and ``device`` go into cookies and are kept nowhere else."""

    person: Person
    token: str = field(repr=False)
    device: str = field(repr=False)


async def sign_in(runner: Runner, order: SignIn) -> SignedIn:
    """Begin a session.

    Refuses with CREDENTIALS_WRONG, in one sentence and after the same time, whatever was wrong, and with RATE_LIMITED
    (``retry_after`` seconds). Takes the runner, not an act: no connection waits while a password is hashed.
    """
    username = _storable(order.username)
    async with runner.db.connection() as conn:
        account = await people.find(conn, username) if username else None
        device = order.device or new_token()
        is_known = bool(order.device) and await sessions.is_known_device(conn, digest(device), username)
    place = f"device:{digest(device).hex()}" if is_known else order.place
    await _begin_guess(runner, username, place)
    knows_password = await is_password(order.password, account.password_hash if account else None)
    step = matching_step(account.totp_secret, order.code, runner.clock.now()) if account else None
    wrong = _wrong(account, knows_password=knows_password, step=step)
    caller = Caller("person", username) if account and not wrong else VISITOR
    token = new_token()

    async def settle(act: Act) -> str:
        return await _settle(act, order, account, wrong, step or 0, token, device, place)

    if await runner.run(caller, settle) or account is None:
        raise Refusal(
            Reason.CREDENTIALS_WRONG,
            "用户名、口令或动态码不正确",
            "the user name, the password or the code is wrong",
            where="username",
        )
    return SignedIn(account.person, token, device)


async def _begin_guess(runner: Runner, username: str, place: str) -> None:
    now, account = runner.clock.now(), digest(username)
    async with runner.db.connection() as conn:
        if await sessions.begin_guess(conn, account, place, now, FREE_GUESSES, LONGEST_WAIT_SECONDS):
            return
        free_at = await sessions.guesses_free_at(conn, account, place)
    seconds = int((free_at - now).total_seconds()) + 1 if free_at else 1
    raise Refusal(
        Reason.RATE_LIMITED,
        f"尝试过于频繁，请在 {seconds} 秒后再试",
        f"too many attempts; please try again in {seconds} seconds",
        where="username",
        evidence={"retry_after": seconds},
    )


def _wrong(account: Account | None, *, knows_password: bool, step: int | None) -> str:
    """What was wrong, for the auditors alone; empty when all was right."""
    if account is None:
        return "account"
    if account.disabled_at is not None:
        return "disabled"
    if not knows_password:
        return "password"
    return "code" if step is None else ""


async def _settle(
    act: Act, order: SignIn, account: Account | None, wrong: str, step: int, token: str, device: str, place: str
) -> str:
    """Write down what became of it; what was wrong, empty when the session has begun."""
    if account and not wrong and not await people.take_step(act.conn, account.person.username, step):
        wrong = "code used before"
    if wrong or account is None:
        subject = account.person.username if account else "unknown"  # what was typed there may well be a password
        detail = {"place": order.place, "wrong": wrong}
        await append(act.conn, act.now, VISITOR.actor, "session.refused", subject, act.trid, detail)
        return wrong
    username = account.person.username
    if order.replaces:
        await sessions.end(act.conn, digest(order.replaces))
    await sessions.add(act.conn, digest(token), username, digest(order.agent), act.now, act.now + ABSOLUTE)
    await sessions.add_device(act.conn, digest(device), username, act.now)
    await sessions.forget_guesses(act.conn, digest(username), place)
    await sessions.tidy(act.conn, act.now, act.now - GUESSES_KEPT)
    detail = {"place": order.place, "role": account.person.role.value}
    await append(act.conn, act.now, act.caller.actor, "session.began", username, act.trid, detail)
    return ""


def _storable(typed: str) -> str:
    """A user name as it could be in the table; empty for what never is."""
    name = typed.strip()
    return name if is_username(name) else ""
