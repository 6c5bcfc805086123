"""``/portal/registrars``: operators look after registrars: state, limits, rights, networks. Each change has a reason and is audited."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from registry.flows.act import Caller
from registry.flows.registrar.account import list_accounts, list_proposals, read_account
from registry.flows.registrar.limits import SetLimits, SetRights, set_limits, set_rights
from registry.flows.registrar.networks import AddNetwork, DecideNetwork, add_network, approve_network, refuse_network
from registry.flows.registrar.revoke_certificate import RevokeCertificate, revoke_certificate
from registry.flows.registrar.set_status import SetStatus, set_status
from registry.flows.registrar.users import rights_from
from registry.flows.report.read import list_reports, name_of
from registry.flows.runner import Flow, T
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.web.errors import STATUS
from registry.model.registrar import Limits, RegistrarStatus
from registry.portal.forms import clean
from registry.portal.guard import Visit
from registry.portal.registrars.own import WORDS, Done, unsaid

PACKAGE = "registry.portal.registrars"
MAX_ID = 16
NUMBER_DIGITS = 18
_SHOWN = frozenset(Reason) - {Reason.UNAVAILABLE}


async def show_registrars(visit: Visit) -> web.StreamResponse:
    """The list and what waits for a decision; ``?id=`` one registrar."""
    return await _page(visit)


async def take_registrars(visit: Visit) -> web.StreamResponse:
    """One change; ``do`` says which, ``id`` whose."""
    try:
        change = CHANGES.get(visit.form.get("do", ""), _nothing)
        await change(visit, visit.form)
    except Refusal as refusal:
        if refusal.reason not in _SHOWN:
            raise
        status = 422 if refusal.reason in (Reason.PARAMETER_MISSING, Reason.SYNTAX_INVALID) else STATUS[refusal.reason]
        return await _page(visit, status=status, refusal=refusal)
    return await _page(visit, done=Done(Text("已保存，立即生效", "Saved; it counts at once")))


async def run(visit: Visit, flow: Flow[T]) -> T:
    """Run an act of this operator, who may override."""
    return await visit.door.runner.run(Caller("person", visit.person.username, may_override=True), flow)


async def _page(
    visit: Visit, *, status: int = 200, refusal: Refusal | None = None, done: Done | None = None
) -> web.Response:
    chosen = clean(visit.form.get("id") or visit.request.query.get("id", ""))[:MAX_ID]
    account = await run(visit, lambda act: read_account(act, chosen)) if chosen and not refusal else None
    reports = await run(visit, lambda act: list_reports(act, chosen)) if account else []
    return visit.page(
        "registrars.html",
        package=PACKAGE,
        status=status,
        accounts=await run(visit, list_accounts),
        proposals=await run(visit, list_proposals),
        account=account,
        reports=[(name_of(one), one) for one in reports[:24]],
        refusal=refusal,
        done=done,
        chosen=chosen,
        shown=WORDS,
        all_statuses=tuple(RegistrarStatus),
    )


async def _status(visit: Visit, form: Mapping[str, str]) -> None:
    wanted = form.get("status", "")
    if wanted not in set(RegistrarStatus):
        raise Refusal(Reason.VALUE_INVALID, "没有这种状态", "there is no such state", where="status", value=wanted[:20])
    order = SetStatus(form.get("id", ""), RegistrarStatus(wanted), form.get("reason", ""))
    await run(visit, lambda act: set_status(act, order))


async def _limits(visit: Visit, form: Mapping[str, str]) -> None:
    limits = Limits(_decimal(form, "rate"), _whole(form, "burst"), _whole(form, "sessions"))
    order = SetLimits(form.get("id", ""), limits, form.get("user", ""))
    await run(visit, lambda act: set_limits(act, order))


async def _rights(visit: Visit, form: Mapping[str, str]) -> None:
    order = SetRights(form.get("id", ""), rights_from(form.get("rights", "")), form.get("user", ""))
    await run(visit, lambda act: set_rights(act, order))


async def _network(visit: Visit, form: Mapping[str, str]) -> None:
    order = AddNetwork(
        form.get("id", ""), form.get("network", ""), form.get("user", ""), form.get("note", ""), "force" in form
    )
    await run(visit, lambda act: add_network(act, order))


async def _approve(visit: Visit, form: Mapping[str, str]) -> None:
    await run(visit, lambda act: approve_network(act, _decision(form)))


async def _refuse(visit: Visit, form: Mapping[str, str]) -> None:
    await run(visit, lambda act: refuse_network(act, _decision(form)))


async def _revoke(visit: Visit, form: Mapping[str, str]) -> None:
    try:
        pin = bytes.fromhex(form.get("key", ""))
    except ValueError:
        pin = b""
    order = RevokeCertificate(form.get("id", ""), pin, form.get("reason", "")[:500])
    await run(visit, lambda act: revoke_certificate(act, order))


async def _nothing(_: Visit, __: Mapping[str, str]) -> None:
    raise unsaid()


Change = Callable[[Visit, Mapping[str, str]], Awaitable[None]]
CHANGES: Mapping[str, Change] = {
    "status": _status,
    "limits": _limits,
    "rights": _rights,
    "network": _network,
    "approve": _approve,
    "refuse": _refuse,
    "revoke": _revoke,
}


def _decision(form: Mapping[str, str]) -> DecideNetwork:
    text = form.get("number", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else 0
    return DecideNetwork(number, form.get("reason", ""), "force" in form)


def _decimal(form: Mapping[str, str], name: str) -> float | None:
    text = form.get(name, "").strip()
    try:
        return float(text) if text else None
    except ValueError:
        raise _no_number(name, text) from None


def _whole(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < NUMBER_DIGITS):
        raise _no_number(name, text)
    return int(text) if text else None


def _no_number(name: str, text: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, f"{name} 须为数字", f"{name} must be a number", where=name, value=text[:20])
