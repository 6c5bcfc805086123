"""The owner sets his account up with the letter that was handed to him, and changes his password later."""

import asyncio
from dataclasses import dataclass, field

from argon2 import PasswordHasher

from registry.flows.act import Act, Caller
from registry.flows.person.create import MIN_PASSWORD
from registry.flows.runner import Runner
from registry.flows.session.proof import MAX_PASSWORD, digest, is_password
from registry.flows.session.totp import matching_step
from registry.kernel.errors import Reason, Refusal
from registry.kernel.journal import append
from registry.model.person import Person
from registry.store import account_orders, people, sessions
from registry.store.account_orders import Setup


@dataclass(frozen=True, slots=True)
class SetUp:
    """``code`` shows that his telephone has the secret of the letter."""

    token: str = field(repr=False)
    password: str = field(repr=False)
    again: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The old password and a code are asked for, whoever holds the session."""

    old: str = field(repr=False)
    password: str = field(repr=False)
    again: str = field(repr=False)
    code: str = field(repr=False)


async def open_letter(act: Act, token: str) -> Setup:
    """Whose it is, and the secret for his telephone. Refuses with NOT_FOUND one that was used, is over, or never was."""
    found = await account_orders.open_setup(act.conn, digest(token), act.now) if token else None
    if found is None:
        raise Refusal(
            Reason.NOT_FOUND,
            "这个链接无效、已用过或已过期，请联系安全保密管理员",
            "this link is not valid (any more); please ask a security officer",
            where="token",
        )  # fmt: skip
    return found


async def set_up(runner: Runner, order: SetUp) -> str:
    """Set password and second factor; returns the user name. The letter is worth nothing afterwards.

    Refuses with NOT_FOUND (letter), VALUE_INVALID (password), CREDENTIALS_WRONG (code).
    """
    _check_new(order.password, order.again)
    hashed = await asyncio.to_thread(PasswordHasher().hash, order.password)

    async def settle(act: Act) -> str:
        letter = await open_letter(act, order.token)
        step = matching_step(letter.totp_secret, order.code, act.now)
        if step is None:
            raise _wrong(
                "动态码不正确，请核对手机时间", "the code is wrong; please check the telephone's clock", "code"
            )
        await people.equip(act.conn, letter.username, hashed, letter.totp_secret, step)
        await account_orders.use_setup(act.conn, digest(order.token), act.now)
        await append(act.conn, act.now, f"person:{letter.username}", "person.set_up", letter.username, act.trid, {})
        return letter.username

    return await runner.run(Caller("visitor", "portal"), settle)


async def change_password(runner: Runner, by: Person, order: ChangePassword, keep: str) -> None:
    """Change it; every session but the one of ``keep`` ends. Refuses with CREDENTIALS_WRONG, VALUE_INVALID."""
    _check_new(order.password, order.again)
    async with runner.db.connection() as conn:
        account = await people.find(conn, by.username)
    knows = await is_password(order.old, account.password_hash if account else None)
    step = matching_step(account.totp_secret, order.code, runner.clock.now()) if account else None
    if not knows or step is None or account is None:
        raise _wrong("原口令或动态码不正确", "the old password or the code is wrong", "old")
    hashed = await asyncio.to_thread(PasswordHasher().hash, order.password)

    async def settle(act: Act) -> None:
        if not await people.take_step(act.conn, by.username, step):
            raise _wrong("动态码已用过，请等下一个", "the code was used before; please wait for the next", "code")
        await people.set_password(act.conn, by.username, hashed)
        await sessions.end_others(act.conn, by.username, digest(keep))
        await append(act.conn, act.now, by.actor, "person.password_changed", by.username, act.trid, {})

    await runner.run(Caller("person", by.username), settle)


def _check_new(password: str, again: str) -> None:
    if password != again:
        raise Refusal(Reason.VALUE_INVALID, "两次填写的口令不同", "the two passwords differ", where="again")
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"口令须 {MIN_PASSWORD} 至 {MAX_PASSWORD} 位",
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters",
            where="password",
        )  # fmt: skip


def _wrong(zh: str, en: str, where: str) -> Refusal:
    return Refusal(Reason.CREDENTIALS_WRONG, zh, en, where=where)
