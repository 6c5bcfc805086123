"""What a reviewer decides about a name that had to wait (RFC 5730 section 2.9.2.3, ``domain:panData``)."""

from dataclasses import dataclass
from typing import Any

from registry.flows.act import Act
from registry.flows.domain.assign import Assignment, assign
from registry.flows.domain.holder import Holder, decide
from registry.flows.domain.label import label_of, not_our_zone
from registry.flows.domain.referents import check_contacts, usable_servers
from registry.flows.registrar.outcome import notify_outcome
from registry.flows.registrar.permission import already_exists, not_found
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.answer import CreatedDomain
from registry.model.domain import DelegationSigner
from registry.policy.objects.period import extended
from registry.store import applications, domains
from registry.store.applications import Application, State


@dataclass(frozen=True, slots=True)
class SettleDomainApplication:
    """``reason`` is told to the registrar and kept; who may decide what was settled by the caller of this flow.

    ``traditional`` is the reviewer's choice of the traditional spelling; empty leaves the applicant's.
    """

    application_id: str
    is_approved: bool
    reason: str = ""
    traditional: str = ""


async def settle_domain_application(act: Act, order: SettleDomainApplication) -> CreatedDomain | None:
    """Approve, which creates the domain as it was ordered, or refuse (then None). The registrar is told by poll either way.

    The name is judged once more, because the world may have changed: ``NAME_REFUSED`` or ``ALREADY_EXISTS`` leaves the
    application waiting. Refuses too with ``NOT_FOUND`` (application; a contact or host that went away meanwhile) and
    ``STATUS_FORBIDS`` (settled before).
    """
    application = await applications.lock(act.conn, order.application_id)
    if application is None or application.kind != "domain" or application.registrar_id is None:
        raise not_found("域名申请", "application for a name", where="application", value=order.application_id)
    if application.state != "submitted":
        zh, en = "这个申请已经办结", "this application was settled before"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="application", value=application.state)
    created = await _granted(act, application, order.traditional) if order.is_approved else None
    await _close(act, application, order, {"roid": created.roid} if created else {})
    return created


async def _granted(act: Act, application: Application, traditional: str) -> CreatedDomain:
    label, request, registrar_id = label_of(application.name), application.request, str(application.registrar_id)
    contacts = frozenset((kind, identifier) for kind, identifier in request["contacts"])
    wanted = {identifier for _, identifier in contacts} | ({request["registrant"]} - {None})
    ground = await domains.ground(
        act.conn, application.tld, registrar_id, label.index, request["hosts"], wanted, act.now
    )
    if ground is None:
        raise not_our_zone(application.name)
    if ground.is_taken:
        raise already_exists("域名或其异体", "name or another spelling of it", where="name", value=application.name)
    check_contacts(request["registrant"], contacts, ground.contacts, ground.zone)
    roids = usable_servers(request["hosts"], ground.servers)
    await domains.hold_name(act.conn, label.index)
    holder = Holder(application.uscc, request["legal_name"], frozenset(), request["verification"])
    _, number, _ = await decide(act, application.name, label.index, holder)
    proved = holder.verification | {"decision": number, "application": application.id}
    return await assign(
        act,
        Assignment(
            label=label,
            zone=ground.zone,
            roid_number=ground.roid_number,
            registrar_id=registrar_id,
            expires_at=extended(act.now, request["years"], act.now),
            years=request["years"],
            uscc=application.uscc,
            hosts=tuple(zip(request["hosts"], roids, strict=True)),
            registrant=request["registrant"],
            contacts=contacts,
            signers=tuple(_signer(one) for one in request["signers"]),
            verification=proved,
            traditional=traditional or request.get("traditional", ""),
            ttls=request.get("ttls", {}),
            token=request.get("token", ""),
            token_at=application.created_at,
        ),
    )


async def _close(act: Act, application: Application, order: SettleDomainApplication, outcome: dict[str, str]) -> None:
    state: State = "approved" if order.is_approved else "refused"
    kept = outcome | {"reason": order.reason}
    await applications.close(act.conn, application.id, state, kept, act.caller.actor, act.now)
    snapshot = {"kind": "domain", "name": application.name, **kept}
    await act.remember(f"application.{state}", application.id, snapshot, detail={"name": application.name})
    said_zh, said_en = (
        ("审核通过，域名已注册", "approved, the name is registered") if order.is_approved else ("审核未通过", "refused")
    )
    because = (f"：{order.reason}", f": {order.reason}") if order.reason else ("", "")
    payload = {
        "application": application.id,
        "name": application.name,
        "is_approved": order.is_approved,
        "trid": application.request["trid"],
        "client_trid": application.request["client_trid"],
        "at": act.now.isoformat(),
    }
    said = Text(
        f"{application.name} 的申请 {application.id} {said_zh}{because[0]}",
        f"application {application.id} for {application.name}: {said_en}{because[1]}",
    )
    await act.tell(str(application.registrar_id), said.zh, said.en, kind="domain.pan", payload=payload)
    await notify_outcome(act, str(application.registrar_id), said, payload)


def _signer(one: dict[str, Any]) -> DelegationSigner:
    return DelegationSigner(one["key_tag"], one["algorithm"], one["digest_type"], bytes.fromhex(one["digest"]))
