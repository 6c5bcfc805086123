"""Looking at a verification: a code by its text, or an application by its id."""

from dataclasses import dataclass
from typing import Literal

from registry.flows.act import Act
from registry.flows.verification.issue import Issued
from registry.kernel.errors import Reason, Refusal
from registry.policy.verification import Standing, standing
from registry.store import applications, verifications

State = Literal["issued", "expired", "revoked", "submitted", "refused", "withdrawn"]
OF_APPLICATION: dict[str, State] = {"submitted": "submitted", "refused": "refused", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class FindVerification:
    """``id`` is what the answer to the request called ``id``."""

    id: str


@dataclass(frozen=True, slots=True)
class FoundVerification:
    """``issued`` is None until a reviewer has approved, and when there is nothing to present any more."""

    id: str
    type: str
    state: State
    issued: Issued | None


async def find_verification(act: Act, order: FindVerification) -> FoundVerification:
    """What the caller asked for before. Refuses with NOT_FOUND, also when it is another registrar's."""
    found = await _code(act, order.id, order.id) or await _application(act, order.id)
    if found is None:
        raise Refusal(
            Reason.NOT_FOUND, "没有这个验证码或申请", "there is no such code or application", where="id", value=order.id
        )
    return found


async def _code(act: Act, code: str, asked: str) -> FoundVerification | None:
    row = (await verifications.find(act.conn, [code])).get(code)
    if row is None or row.registrar_id != act.caller.id:
        return None
    match standing(row.issued_at, row.expires_at, row.revoked_at, act.now):
        case Standing.REVOKED:
            return FoundVerification(asked, row.type, "revoked", None)
        case Standing.EXPIRED:
            return FoundVerification(asked, row.type, "expired", None)
        case _:
            return FoundVerification(asked, row.type, "issued", Issued.of(row))


async def _application(act: Act, application_id: str) -> FoundVerification | None:
    """An approved application leads to its code, which its outcome names."""
    row = await applications.find(act.conn, application_id)
    if row is None or row.kind != "verification" or row.registrar_id != act.caller.id:
        return None
    if row.state == "approved":
        return await _code(act, str(row.outcome.get("code", "")), application_id)
    return FoundVerification(application_id, str(row.request.get("type", "")), OF_APPLICATION[row.state], None)
