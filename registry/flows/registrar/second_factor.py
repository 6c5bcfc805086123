"""A person proves himself once more, in the middle of a session, before he changes what opens doors."""

from registry.flows.runner import Runner
from registry.flows.session.lifetimes import FREE_GUESSES, LONGEST_WAIT_SECONDS
from registry.flows.session.proof import digest
from registry.flows.session.totp import matching_step
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person
from registry.store import people, sessions

PLACE = "second factor"


async def confirm_factor(runner: Runner, person: Person, code: str) -> None:
    """Use a code of the authenticator up: each counts once, at sign-in and here together.

    Refuses with ``CREDENTIALS_WRONG``, and with ``RATE_LIMITED`` who guesses: from the fifth on each try waits longer.
    """
    now, account_hash = runner.clock.now(), digest(person.username)
    async with runner.db.connection() as conn:
        if not await sessions.begin_guess(conn, account_hash, PLACE, now, FREE_GUESSES, LONGEST_WAIT_SECONDS):
            zh, en = "尝试过于频繁，请稍后再试", "too many attempts; please try again later"
            raise Refusal(Reason.RATE_LIMITED, zh, en, where="code")
        account = await people.find(conn, person.username)
        step = matching_step(account.totp_secret, code, now) if account else None
        if step is None or not await people.take_step(conn, person.username, step):
            zh, en = "动态码不正确，或已经用过", "the code is wrong, or was used before"
            raise Refusal(Reason.CREDENTIALS_WRONG, zh, en, where="code")
        await sessions.forget_guesses(conn, account_hash, PLACE)
