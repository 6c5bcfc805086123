"""``/portal/registrar``: a registrar's people look after their own account. What opens doors is changed with a second factor only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.registrar.account import read_account
from registry.flows.registrar.change_password import ChangePassword, change_password
from registry.flows.registrar.limits import SetRights, set_rights
from registry.flows.registrar.networks import AddNetwork, propose_network, propose_removal
from registry.flows.registrar.present_certificate import PresentCertificate, present_certificate
from registry.flows.registrar.revoke_certificate import RevokeCertificate, revoke_certificate
from registry.flows.registrar.second_factor import confirm_factor
from registry.flows.registrar.users import CreateUser, SetUserStatus, create_user, rights_from, set_user_status
from registry.flows.registrar.webhook import SetWebhook, remove_webhook, set_webhook
from registry.flows.report.read import list_reports, name_of, read_report
from registry.flows.runner import Flow, T
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.web.errors import STATUS
from registry.model.registrar import PRESETS, RIGHT_WORDS, STATUS_WORDS, UserStatus
from registry.portal.going import go_on
from registry.portal.guard import Visit

PATH = "/portal/registrar"
NUMBER_DIGITS = 18
# A form that was not filled in right is shown again with what is wrong; nothing else is.
_SHOWN = frozenset(Reason) - {Reason.NOT_PERMITTED, Reason.UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class Done:
    """What is shown once: a sentence, and a secret or certificate that is told this time only."""

    text: Text
    told: str = ""


async def show_own(visit: Visit) -> web.StreamResponse:
    """The account."""
    return await _page(visit)


async def take_own(visit: Visit) -> web.StreamResponse:
    """One change; the field ``do`` says which."""
    try:
        change = CHANGES.get(visit.form.get("do", ""), _nothing)
        await confirm_factor(visit.door.runner, visit.person, visit.form.get("code", ""))
        done = await change(visit, visit.form)
    except Refusal as refusal:
        if refusal.reason not in _SHOWN:
            raise
        status = 422 if refusal.reason in (Reason.PARAMETER_MISSING, Reason.SYNTAX_INVALID) else STATUS[refusal.reason]
        return await _page(visit, status=status, refusal=refusal)
    return await _page(visit, done=done)


async def show_report(visit: Visit) -> web.StreamResponse:
    """``?name=``: one file, as it was made."""
    name = visit.request.query.get("name", "")
    if not name:
        return go_on(PATH)
    report = await run(visit, lambda act: read_report(act, visit.person.registrar, name))
    headers = {"Content-Disposition": f'attachment; filename="{name_of(report)}"', "Cache-Control": "no-store"}
    return web.Response(text=report.content, content_type="text/csv", charset="utf-8", headers=headers)


async def run(visit: Visit, flow: Flow[T]) -> T:
    """Run an act of this person's registrar, with the person behind it."""
    caller = Caller("registrar", visit.person.registrar, behind=visit.person.actor)
    return await visit.door.runner.run(caller, flow)


async def _page(
    visit: Visit, *, status: int = 200, refusal: Refusal | None = None, done: Done | None = None
) -> web.Response:
    registrar_id = visit.person.registrar
    account = await run(visit, lambda act: read_account(act, registrar_id))
    reports = await run(visit, lambda act: list_reports(act, registrar_id))
    return visit.page(
        "registrar.html",
        package="registry.portal.registrars",
        status=status,
        account=account,
        reports=[(name_of(one), one) for one in reports[:60]],
        refusal=refusal,
        done=done,
        typed=visit.form,
        shown=WORDS,
    )


async def _bind(visit: Visit, form: Mapping[str, str]) -> Done:
    order = PresentCertificate(visit.person.registrar, form.get("pem", ""), form.get("user", ""))
    bound = await run(visit, lambda act: present_certificate(act, order))
    return Done(Text("密钥已登记，立即可用", "The key is bound and may be used at once"), bound.certificate)


async def _revoke(visit: Visit, form: Mapping[str, str]) -> Done:
    order = RevokeCertificate(visit.person.registrar, _octets(form.get("key", "")), form.get("reason", "")[:500])
    await run(visit, lambda act: revoke_certificate(act, order))
    return Done(Text("密钥已撤销，它打开的会话随即结束", "The key is revoked; sessions that it opened end at once"))


async def _propose(visit: Visit, form: Mapping[str, str]) -> Done:
    order = AddNetwork(visit.person.registrar, form.get("network", ""), form.get("user", ""), form.get("note", ""))
    await run(visit, lambda act: propose_network(act, order))
    return Done(Text("提议已提交，注册局同意后生效", "Proposed; it takes effect when the registry agrees"))


async def _withdraw(visit: Visit, form: Mapping[str, str]) -> Done:
    number = _number(form.get("number", ""))
    await run(visit, lambda act: propose_removal(act, number))
    return Done(Text("已提交", "Noted"))


async def _add_user(visit: Visit, form: Mapping[str, str]) -> Done:
    rights = rights_from(form.get("rights", "full"))
    order = CreateUser(
        visit.person.registrar, form.get("id", ""), form.get("password", ""), form.get("name", ""), rights
    )
    await run(visit, lambda act: create_user(act, order))
    return Done(Text(f"用户 {order.id} 已建立", f"The user {order.id} was made"))


async def _user_rights(visit: Visit, form: Mapping[str, str]) -> Done:
    order = SetRights(visit.person.registrar, rights_from(form.get("rights", "")), _user(form))
    await run(visit, lambda act: set_rights(act, order))
    return Done(Text("权限已修改，立即生效", "The rights are changed at once"))


async def _user_status(visit: Visit, form: Mapping[str, str]) -> Done:
    status = UserStatus(form["status"]) if form.get("status") in set(UserStatus) else UserStatus.SUSPENDED
    order = SetUserStatus(visit.person.registrar, _user(form), status, form.get("reason", ""))
    await run(visit, lambda act: set_user_status(act, order))
    return Done(Text("用户状态已修改，立即生效", "The state of the user is changed at once"))


async def _password(visit: Visit, form: Mapping[str, str]) -> Done:
    order = ChangePassword(visit.person.registrar, form.get("password", ""), form.get("user", ""))
    await run(visit, lambda act: change_password(act, order))
    return Done(Text("口令已更换，下次登录起生效", "The password counts from the next login on"))


async def _webhook(visit: Visit, form: Mapping[str, str]) -> Done:
    registrar_id = visit.person.registrar
    if not form.get("url", "").strip():
        await run(visit, lambda act: remove_webhook(act, registrar_id))
        return Done(Text("推送地址已删除", "The webhook is removed"))
    order = SetWebhook(registrar_id, form["url"].strip(), "paused" in form, "renews" in form)
    secret = await run(visit, lambda act: set_webhook(act, order))
    return Done(Text("推送设置已保存", "The webhook is set"), secret)


async def _nothing(_: Visit, __: Mapping[str, str]) -> Done:
    raise unsaid()


Change = Callable[[Visit, Mapping[str, str]], Awaitable[Done]]
CHANGES: Mapping[str, Change] = {
    "bind": _bind,
    "revoke": _revoke,
    "propose": _propose,
    "withdraw": _withdraw,
    "add-user": _add_user,
    "user-rights": _user_rights,
    "user-status": _user_status,
    "password": _password,
    "webhook": _webhook,
}
WORDS: Mapping[str, Any] = {
    "statuses": STATUS_WORDS,
    "rights": RIGHT_WORDS,
    "presets": tuple(PRESETS),
    "networks": {
        "proposed": Text("待同意", "proposed"),
        "active": Text("生效", "in force"),
        "leaving": Text("提议去掉", "removal proposed"),
    },
}


def unsaid() -> Refusal:
    """The refusal for a form without ``do``."""
    zh, en = "表单没有说明要做什么", "the form does not say what to do"
    return Refusal(Reason.VALUE_INVALID, zh, en, where="do")


def _user(form: Mapping[str, str]) -> str:
    user = form.get("user", "")
    if not user:
        raise Refusal(Reason.VALUE_INVALID, "请选择用户", "please choose a user", where="user")
    return user


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else 0
