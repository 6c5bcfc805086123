"""Which body a new name is for, and whether it may have it (DESIGN, "The check inside EPP")."""

from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from registry.flows.act import Act
from registry.flows.lists.current import CURRENT
from registry.flows.naming.judge import judge_name
from registry.flows.verification.presented import read_codes
from registry.kernel.errors import Problem, Reason, Refusal
from registry.kernel.names import split
from registry.model.decision import REFUSE, REVIEW, Decision, Finding, gravest
from registry.model.verification import PresentedCode
from registry.model.zone import Zone
from registry.policy.naming.request import NameRequest
from registry.store import decisions, domains

ITS_OWN = frozenset({"BUNDLE.TAKEN", "BUNDLE.WITHHELD", "BUNDLE.BLOCKED"})  # what a name's own bundle says against it


@dataclass(frozen=True, slots=True)
class Holder:
    """``uscc`` is empty when nobody was verified. ``names`` were approved beforehand by ``domain`` codes (A-labels)."""

    uscc: str = ""
    legal_name: str = ""
    names: frozenset[str] = frozenset()
    verification: dict[str, Any] = field(default_factory=dict)


async def holder_of(act: Act, codes: tuple[PresentedCode, ...], uscc: str | None, zone: Zone) -> Holder:
    """Who was proved to stand behind the order.

    ``VERIFICATION_INVALID`` for bad codes, ``VERIFICATION_MISSING`` where the zone demands one and there is none.
    """
    if codes:
        verified = await read_codes(act, codes)
        if uscc and uscc != verified.uscc:
            zh, en = "验证码属于另一个单位", "the codes belong to another body"
            raise Refusal(Reason.VERIFICATION_INVALID, zh, en, where="code", value=uscc)
        kept = {"codes": list(verified.codes), "types": list(verified.types), "at": act.now.isoformat()}
        return Holder(verified.uscc, verified.legal_name, verified.names, kept)
    if zone.verification == "required" and not uscc and not act.caller.may_override:
        raise Refusal(
            Reason.VERIFICATION_MISSING,
            "请出示验证码：先用 POST /api/v1/verifications 以统一社会信用代码和单位名称取得 registrant 验证码，"
            "再放入 verificationCode 扩展",
            "a verification code is missing: get one of type registrant with POST /api/v1/verifications "
            "(the body's code and legal name) and put it in the verificationCode extension",
            where="verificationCode",
        )
    return Holder(uscc or "")


async def decide(act: Act, name: str, index_label: str, holder: Holder) -> tuple[Decision, int, bool]:
    """The decision about the name, its number, and whether a reviewer must decide.

    ``ALREADY_EXISTS`` when a spelling of the name is held, ``NAME_REFUSED`` with all findings when the policy says no.
    A ``domain`` code for this very name stands for a reviewer's yes. A decision that refuses is kept too, although the act that
    asked for it leaves nothing else behind.
    """
    decision, number = await judge_name(act, name, holder.uscc, holder_name=holder.legal_name)
    if decision.decision == REFUSE:
        request = NameRequest(name, holder.uscc, holder.legal_name or None, mapped=False)
        act.after_refusal(partial(_keep, decision, request, CURRENT.newest.version))
        standings = await domains.standings(act.conn, [(name, split(name)[1], index_label)], act.now)
        raise refusal_of(decision, name, is_taken=standings[name].is_taken)
    return decision, number, decision.decision == REVIEW and name not in holder.names


async def decide_own(act: Act, name: str, index_label: str, holder: Holder) -> tuple[Decision, int, bool]:
    """The same for a name that stands in the register already without a body: that it is taken says nothing against it."""
    await domains.hold_name(act.conn, index_label)
    judged, number = await judge_name(act, name, holder.uscc, holder_name=holder.legal_name)
    findings = tuple(finding for finding in judged.findings if finding.rule not in ITS_OWN)
    decision = replace(judged, findings=findings, decision=gravest(findings))
    if decision.decision == REFUSE:
        raise refusal_of(decision, name, is_taken=False)
    return decision, number, decision.decision == REVIEW and name not in holder.names


async def _keep(decision: Decision, request: NameRequest, list_version: int, act: Act) -> None:
    await decisions.add(
        act.conn, decision, uscc=request.uscc, asked_by=act.caller.actor, request=asdict(request), at=act.now,
        list_version=list_version,
    )  # fmt: skip


def refusal_of(decision: Decision, name: str, *, is_taken: bool) -> Refusal:
    """A decision ``refuse`` as a refusal: the sentences of the findings that decided, all findings as evidence."""
    deciding = decision.deciding
    return Refusal(
        Reason.ALREADY_EXISTS if is_taken else Reason.NAME_REFUSED,
        "".join(finding.message.zh for finding in deciding),
        " ".join(finding.message.en for finding in deciding),
        where="name",
        value=name,
        evidence=decision.as_json(),
        problems=tuple(_problem(finding, name) for finding in deciding),
    )


def _problem(finding: Finding, name: str) -> Problem:
    evidence = {"rule": finding.rule, "outcome": finding.outcome, **finding.evidence}
    return Problem(Reason.NAME_REFUSED, finding.message, "name", name, evidence)
