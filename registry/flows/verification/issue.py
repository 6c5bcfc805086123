"""Verifying a body or a name, and issuing the signed code that says so (the verification service).

Of type ``registrant``: the code is right, the body is known and alive, and the legal name is one of its names
(``HOLDER.*`` of NAME-POLICY.md). Of type ``domain``: the whole name decision. Pass issues a code, review puts an
application before the reviewers of the body's level and region, refuse tells the findings. A refusal is a result here
and no exception, so that the decision that was kept stays.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from registry.flows.act import Act
from registry.flows.naming.judge import judge_name
from registry.flows.verification.holder import judge_holder
from registry.flows.verification.signed import SignedCode, encode, signer_of
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.kernel.names import split
from registry.model.decision import PASS, REVIEW, Decision
from registry.policy.codes import check_uscc
from registry.policy.idn.compact import shipped_table
from registry.policy.idn.label import index_of
from registry.policy.verification import expires_at
from registry.store import applications, verifications
from registry.store.applications import Application
from registry.store.verifications import VerificationCode

TOKEN_BITS = 128  # a code must not be guessed, nor be the same twice


@dataclass(frozen=True, slots=True)
class IssueVerification:
    """``name`` is the legal name (``registrant``) or LABEL.TLD (``domain``), in any form when ``mapped`` (a people's door).

    ``registrar_id`` is the registrar that may present the code; empty: the caller, which then must be a registrar.
    """

    type: Literal["registrant", "domain"]
    uscc: str
    name: str
    mapped: bool = False
    registrar_id: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A code in force. ``encoded`` is the base64 of the signed document, for ``verificationCode:encodedSignedCode``."""

    code: str
    type: str
    uscc: str
    name: str
    encoded: str = field(repr=False)
    issued_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: VerificationCode) -> "Issued":
        """From the books."""
        return cls(row.code, row.type, row.uscc, row.name, row.signed, row.issued_at, row.expires_at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reviewer decides; ``application_id`` is asked for again later."""

    application_id: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Refused:
    """Not issued; the findings say why and what would pass."""

    decision: Decision


async def issue_verification(act: Act, order: IssueVerification) -> Issued | Waiting | Refused:
    """Verify, and issue, put before a reviewer, or refuse. Refuses with NOT_PERMITTED when there is no registrar to issue to."""
    registrar_id = _registrar(act, order)
    if order.type == "domain":
        decision, number = await judge_name(act, order.name, order.uscc, mapped=order.mapped)
        name = decision.a_label
    else:
        decision, number = await judge_holder(act, order.uscc, order.name)
        name = decision.name
    uscc = check_uscc(order.uscc)
    if not isinstance(uscc, str) or decision.decision not in {PASS, REVIEW}:
        return Refused(decision)
    if decision.decision == REVIEW:
        application_id = await _apply(act, order, decision, number, uscc, registrar_id)
        return Waiting(application_id, decision)
    return await issue_code(act, order.type, uscc, name, registrar_id)


async def issue_code(act: Act, kind: str, uscc: str, name: str, registrar_id: str) -> Issued:
    """Sign a code for what was verified and put it on the books; also what an approved application leads to.

    ``name`` is the legal name, or the domain name as A-label, to which the code is bound with ``uscc`` and
    ``registrar_id``.
    """
    settings = act.config.verification
    code = f"{settings.issuer}-{new_public_id(TOKEN_BITS)}"
    row = VerificationCode(
        code=code,
        type=kind,
        uscc=uscc,
        name=name,
        registrar_id=registrar_id,
        issued_at=act.now,
        expires_at=expires_at(act.now, settings.code_days),
        signed=encode(signer_of(act), SignedCode(code, kind)),
    )
    await verifications.add(act.conn, row)
    await act.remember("verification.issued", code, snapshot_of(row))
    return Issued.of(row)


def snapshot_of(row: VerificationCode) -> dict[str, object]:
    """What history and audit keep of a code: everything but the signed document, which could be presented."""
    return {
        "code": row.code,
        "type": row.type,
        "uscc": row.uscc,
        "name": row.name,
        "registrar": row.registrar_id,
        "expires_at": row.expires_at.isoformat(),
    }


async def _apply(
    act: Act, order: IssueVerification, decision: Decision, number: int | None, uscc: str, registrar_id: str
) -> str:
    application_id = new_public_id()
    is_name = order.type == "domain"
    name = decision.a_label if is_name else decision.name
    application = Application(
        id=application_id,
        kind="verification",
        name=name,
        tld=split(name)[1] if is_name else "",
        index_label=index_of(split(decision.name)[0], shipped_table()) if is_name else "",
        uscc=uscc,
        registrar_id=registrar_id,
        decision_id=number,
        request={"type": order.type, "uscc": uscc, "name": name, "registrar_id": registrar_id},
        created_at=act.now,
    )
    await applications.add(act.conn, application)
    await act.remember("application.submitted", application_id, {"kind": "verification", **application.request})
    return application_id


def _registrar(act: Act, order: IssueVerification) -> str:
    if order.registrar_id:
        return order.registrar_id
    if act.caller.kind == "registrar":
        return act.caller.id
    raise Refusal(
        Reason.NOT_PERMITTED,
        "请先选定出示验证码的注册服务机构",
        "choose the registrar that will present the code first",
        where="registrar_id",
    )
