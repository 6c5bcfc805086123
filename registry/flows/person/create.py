"""Create an account of a person."""

import asyncio
from dataclasses import dataclass, field

from argon2 import PasswordHasher

from registry.flows.act import Act
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.model.person import Role
from registry.store import people

MIN_PASSWORD = 12  # NIST SP 800-63B asks for 8 with a second factor; a registry of official names asks for more


@dataclass(frozen=True, slots=True)
class CreatePerson:
    """``region`` is the GB/T 2260 code that bounds what a reviewer sees; ``uscc`` the body of an agency's person; ``registrar`` the
    registrar of a person of that role.
    """

    username: str
    name: str
    role: Role
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    region: str = ""
    uscc: str = ""
    registrar: str = ""


async def create_person(act: Act, order: CreatePerson) -> None:
    """Write the account; its password is kept as an argon2id hash.

    Refuses with: VALUE_INVALID (password too short), ALREADY_EXISTS.
    """
    if len(order.password) < MIN_PASSWORD:
        raise Refusal(
            Reason.VALUE_INVALID,
            f"口令至少 {MIN_PASSWORD} 位",
            f"a password needs at least {MIN_PASSWORD} characters",
            where="password",
        )
    password_hash = await asyncio.to_thread(PasswordHasher().hash, order.password)
    try:
        await people.add(
            act.conn,
            order.username,
            order.name,
            order.role,
            order.region,
            order.uscc,
            password_hash,
            order.totp_secret,
            act.now,
            order.registrar,
        )
    except UniqueViolation as error:
        raise Refusal(
            Reason.ALREADY_EXISTS,
            "这个用户名已有人使用",
            "this user name is taken",
            where="username",
            value=order.username,
        ) from error
    snapshot = {"username": order.username, "role": order.role.value, "region": order.region, "uscc": order.uscc}
    snapshot |= {"registrar": order.registrar} if order.registrar else {}
    await act.remember("person.created", order.username, snapshot)
