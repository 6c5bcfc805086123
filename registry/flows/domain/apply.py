"""A new name that a reviewer must decide about first."""

from typing import Any

from registry.flows.act import Act
from registry.flows.domain.assign import Assignment
from registry.flows.domain.holder import Holder
from registry.flows.review.told import tell_rivals
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.model.answer import CreatedDomain
from registry.model.snapshot import signer_json
from registry.store import applications
from registry.store.applications import Application

APPLICATION_BITS = 80  # told to the applicant, typed on the telephone, guarded by a login


async def apply_for(act: Act, assignment: Assignment, holder: Holder, decision: int) -> CreatedDomain:
    """Put it before a reviewer. Nothing stands in the register yet; the waiting application keeps the name busy.

    ``ALREADY_EXISTS`` when an application of the same body for it waits already. One of another body goes to the dispute
    desk beside this one (NAME-POLICY, ``BUNDLE.PENDING``). The name must be held (``domains.hold_name``).
    """
    label, zone = assignment.label, assignment.zone
    name = f"{label.a}.{zone.name}"
    if waiting := await applications.waiting_of(act.conn, zone.name, label.index, holder.uscc):
        raise _waits_already(name, waiting)
    request = _request(act, name, assignment, holder)
    application = Application(
        id=new_public_id(APPLICATION_BITS),
        kind="domain",
        name=name,
        tld=zone.name,
        index_label=label.index,
        uscc=holder.uscc,
        registrar_id=act.caller.id,
        decision_id=decision,
        request=request,
        created_at=act.now,
    )
    await applications.add(act.conn, application)
    told = {key: value for key, value in request.items() if key != "token"}  # a secret until it was used up
    snapshot = {"name": name, "uscc": holder.uscc, "registrar": act.caller.id, "decision": decision, "request": told}
    await act.remember("application.submitted", application.id, snapshot, detail={"name": name, "kind": "domain"})
    await tell_rivals(act, application)
    return CreatedDomain(name, "", act.now, None, application_id=application.id)


def _waits_already(name: str, application_id: str) -> Refusal:
    return Refusal(
        Reason.ALREADY_EXISTS,
        f"该单位对这个名称的申请 {application_id} 正在审核，结果将另行通知，无须重复申请",
        f"the body's application {application_id} for this name is under review; you will be told what becomes of it",
        where="name",
        value=name,
        evidence={"application": application_id},
    )


def _request(act: Act, name: str, assignment: Assignment, holder: Holder) -> dict[str, Any]:
    """All that is needed to carry the order out later. The secret is not kept: it can be set when the name stands."""
    return {
        "name": name,
        "years": assignment.years,
        "hosts": [host for host, _ in assignment.hosts],
        "registrant": assignment.registrant,
        "contacts": sorted([kind, identifier] for kind, identifier in assignment.contacts),
        "signers": [signer_json(signer) for signer in assignment.signers],
        "traditional": assignment.traditional,
        "ttls": dict(assignment.ttls),
        "token": assignment.token,
        "uscc": holder.uscc,
        "legal_name": holder.legal_name,
        "verification": holder.verification,
        "trid": act.trid,
        "client_trid": act.client_trid,
    }
