"""Opening and restoring accounts: one security officer asks, another agrees, and hands the owner a letter in person.

Nobody knows another's password at any time. The letter holds a token that works once and for three days; with it the owner
chooses his password and enrols his second factor. Whoever lost his telephone appears before two officers (恢复须本人到场，两人办理).
"""

import base64
from dataclasses import dataclass, field
from datetime import timedelta

from registry.flows.act import Act
from registry.flows.said import said_text
from registry.flows.session.accounts import is_username, no_account
from registry.flows.session.disable_account import MAX_REASON
from registry.flows.session.proof import digest
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes, new_token
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.policy.codes import check_uscc
from registry.store import account_orders, people, sessions
from registry.store.account_orders import AccountOrder

LETTER_LIFE = timedelta(days=3)  # handed over in person; a weekend may lie between
SECRET_BYTES = 20  # RFC 4226 section 4, R6: 160 bits are recommended
PAGE = 100
MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """``region`` is needed of reviewers, ``uscc`` of agencies, ``registrar`` of registrars' people; ``reason`` is kept for ever."""

    username: str
    name: str
    role: str
    reason: str
    region: str = ""
    uscc: str = ""
    registrar: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed over: ``token`` is told this once and kept only as its hash."""

    username: str
    token: str = field(repr=False)


async def ask_to_open(act: Act, by: Person, order: OpenAccount) -> int:
    """Ask for an account. Refuses with NOT_PERMITTED (no security officer), VALUE_INVALID, PARAMETER_MISSING, ALREADY_EXISTS."""
    _check_officer(by)
    reason = said_text(order.reason, "请写明理由", "please give the reason", most=MAX_REASON)
    person = _checked(order)
    if await people.find(act.conn, person.username) is not None:
        raise _taken(person.username)
    return await _ask(act, by, "open", person, reason)


async def ask_to_restore(act: Act, by: Person, username: str, reason: str) -> int:
    """Ask to restore the account of somebody who lost password or second factor, or whose account was disabled. Refuses as above."""
    _check_officer(by)
    said = said_text(reason, "请写明理由", "please give the reason", most=MAX_REASON)
    account = await people.find(act.conn, username) if is_username(username) else None
    if account is None:
        raise no_account(username)
    if username == by.username:
        raise _not_permitted(
            "不能为自己办理恢复，请由两名其他安全保密管理员办理", "nobody restores his own account", username
        )
    return await _ask(act, by, "restore", account.person, said)


async def agree(act: Act, by: Person, order_id: int) -> Letter:
    """The second officer agrees: the account is there, or there again, and its letter is told once.

    Running sessions end and the old password and second factor are void. Refuses with NOT_PERMITTED (no officer, the one who asked,
    his own account), NOT_FOUND, STATUS_FORBIDS (decided before), ALREADY_EXISTS.
    """
    order = await _waiting(act, by, order_id)
    if order.kind == "open":
        await _open(act, order)
    else:
        await people.reset(act.conn, order.username)
        await sessions.end_all(act.conn, order.username)
    await account_orders.decide(act.conn, order_id, "done", by.actor, act.now)
    token = new_token()
    secret = base64.b32encode(new_bytes(SECRET_BYTES)).decode()
    await account_orders.add_setup(act.conn, digest(token), order.username, secret, act.now, act.now + LETTER_LIFE)
    snapshot = {
        "username": order.username,
        "role": order.role,
        "asked_by": order.asked_by,
        "by": by.username,
        "reason": order.reason,
    }
    await act.remember("person.opened" if order.kind == "open" else "person.restored", order.username, snapshot)
    return Letter(order.username, token)


async def refuse(act: Act, by: Person, order_id: int) -> None:
    """The second officer, or the one who asked, lets it be. Refuses with NOT_PERMITTED, NOT_FOUND, STATUS_FORBIDS."""
    _check_officer(by)
    order = await _locked(act, order_id)
    decided_by = by.actor if by.actor != order.asked_by else "self"
    await account_orders.decide(act.conn, order_id, "refused", decided_by, act.now)
    await act.remember("person.order_refused", order.username, {"order": order_id, "by": by.username})


async def list_orders(act: Act) -> list[AccountOrder]:
    """Those that wait first, then the newest."""
    return await account_orders.recent(act.conn, PAGE)


async def _ask(act: Act, by: Person, kind: str, person: Person, reason: str) -> int:
    order = AccountOrder(
        0, kind, person.username, person.name, person.role.value, person.region, person.uscc, person.registrar, reason, by.actor, act.now
    )  # fmt: skip
    try:
        number = await account_orders.add(act.conn, order)
    except UniqueViolation as error:
        raise Refusal(
            Reason.ALREADY_EXISTS,
            "这个用户名已有一件待办的账户事项",
            "an order about this user name waits already",
            where="username",
            value=person.username,
        ) from error  # fmt: skip
    await act.remember("person.ordered", person.username, {"kind": kind, "role": person.role.value, "reason": reason})
    return number


async def _open(act: Act, order: AccountOrder) -> None:
    try:
        await people.add(
            act.conn, order.username, order.name, Role(order.role), order.region, order.uscc, "", "", act.now, order.registrar
        )  # fmt: skip
    except UniqueViolation as error:
        raise _taken(order.username) from error


async def _waiting(act: Act, by: Person, order_id: int) -> AccountOrder:
    _check_officer(by)
    order = await _locked(act, order_id)
    if by.actor == order.asked_by or by.username == order.username:
        raise _not_permitted(
            "账户事项须由另一名安全保密管理员同意", "another security officer must agree", order.username
        )
    return order


async def _locked(act: Act, order_id: int) -> AccountOrder:
    order = await account_orders.lock(act.conn, order_id)
    if order is None:
        raise Refusal(
            Reason.NOT_FOUND, "没有这件账户事项", "there is no such order", where="order", value=str(order_id)
        )
    if order.state != "asked":
        raise Refusal(
            Reason.STATUS_FORBIDS, "这件账户事项已经办结", "it was decided before", where="order", value=order.state
        )
    return order


def _checked(order: OpenAccount) -> Person:
    username, name = order.username.strip(), order.name.strip()
    if not is_username(username) or not username.isascii() or not name or len(name) > MAX_NAME:
        raise _invalid(
            "username", "请填写用户名（英文字母、数字）和姓名", "please give a user name in ASCII and a name"
        )
    if order.role not in set(Role):
        raise _invalid("role", "请选择角色", "please choose a role")
    person = Person(
        username, Role(order.role), order.region.strip(), order.uscc.strip().upper(), name, order.registrar.strip()
    )
    if person.role in REVIEWERS and jurisdiction_of(person) is None:
        raise _invalid(
            "region", "审核员须有六位区划代码，且与层级相符", "a reviewer needs a six-digit region that fits the level"
        )
    if person.role is Role.AGENCY and not isinstance(check_uscc(person.uscc), str):
        raise _invalid("uscc", "申请单位须有正确的统一社会信用代码", "an agency needs a valid credit code")
    if person.role is Role.REGISTRAR and not person.registrar:
        raise _invalid("registrar", "注册服务机构人员须写明注册服务机构", "a registrar's person needs the registrar")
    return person


def _check_officer(by: Person) -> None:
    if by.role is not Role.SECURITY_OFFICER:
        raise _not_permitted("只有安全保密管理员可以办理账户事项", "only security officers order accounts", by.username)


def _taken(username: str) -> Refusal:
    return Refusal(
        Reason.ALREADY_EXISTS, "这个用户名已有人使用", "this user name is taken", where="username", value=username
    )


def _invalid(where: str, zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where=where)


def _not_permitted(zh: str, en: str, value: str) -> Refusal:
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="username", value=value)
