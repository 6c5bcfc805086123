"""Proving the body behind a name that was created on a grace (verificationCode-1.0), and what is told of a proof."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from registry.flows.act import Act
from registry.flows.domain.holder import Holder, decide_own, holder_of
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import Proof
from registry.model.domain import Domain
from registry.model.verification import PresentedCode
from registry.model.zone import Zone
from registry.policy.verification import CodeType, Compliance, compliance, missing

ON_HOLD = "serverHold"


def proof_of(domain: Domain, zone: Zone, now: datetime, *, is_full: bool) -> Proof:
    """What ``verificationCode:infData`` says of the name now; the codes themselves only for who may see all of it."""
    presented = tuple(domain.verification.get("types", ()))
    proved = presented or (
        (CodeType.REGISTRANT.value,) if domain.uscc else ()
    )  # REST and reviewers prove without codes
    status = compliance(zone.verification, proved, domain.created_at, now)
    if status is Compliance.NOT_APPLICABLE and domain.uscc:
        status = Compliance.COMPLIANT
    lacks = () if status is Compliance.NOT_APPLICABLE else missing(zone.verification, proved, domain.created_at)
    codes = tuple(domain.verification.get("codes", ())) if is_full else ()
    at = datetime.fromisoformat(domain.verification["at"]) if "at" in domain.verification else domain.created_at
    return Proof(
        status.value,
        tuple((one.type.value, one.due) for one in lacks),
        tuple((code, kind, at) for code, kind in zip(codes, presented, strict=False)),
    )


async def prove(act: Act, domain: Domain, zone: Zone, codes: tuple[PresentedCode, ...]) -> Domain:
    """The domain with the body that the codes prove; a name on hold for want of them comes off it.

    Refuses with ``VERIFICATION_INVALID`` (a bad code, or one of another body than the name has), ``NAME_REFUSED`` (the policy gives the
    name to nobody like this body, or wants a reviewer: then a code of type ``domain``, which reviewers give, is needed too).
    """
    holder = await holder_of(act, codes, domain.uscc or None, zone)
    if domain.uscc or not zone.is_official:
        return _proved(domain, holder, domain.verification)
    decision, number, needs_review = await decide_own(act, domain.name, domain.index_label, holder)
    if needs_review:
        raise Refusal(
            Reason.NAME_REFUSED,
            "这个名称须经审核：请先为该单位取得 domain 类型的验证码，再与 registrant 验证码一并出示",
            "this name wants a reviewer: get a code of type domain for the body and present both codes together",
            where="verificationCode",
            value=domain.name,
            evidence=decision.as_json(),
        )
    return _proved(domain, holder, {"decision": number})


def _proved(domain: Domain, holder: Holder, kept: Mapping[str, object]) -> Domain:
    before = {key: value for key, value in kept.items() if key not in ("due", "told")}
    return replace(
        domain,
        uscc=holder.uscc or domain.uscc,
        verification=before | holder.verification,
        statuses=domain.statuses if domain.uscc else domain.statuses - {ON_HOLD},
    )
