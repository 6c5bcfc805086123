"""Judging a body by its code and its legal name: ``HOLDER.*`` of NAME-POLICY.md, without any label."""

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.errors import Text
from registry.model.decision import REFUSE, BundleNames, Decision, Finding, gravest
from registry.policy.codes import check_uscc
from registry.policy.naming.holder import holder_findings
from registry.policy.naming.request import Facts, NameRequest
from registry.policy.naming.tables import shipped_tables
from registry.store import bodies, decisions, institution_records

NO_NAME = Finding(
    "HOLDER.NAME_MISMATCH",
    REFUSE,
    Text("请填写单位的法定名称。", "Please give the legal name of the body."),
    {"given": ""},
)


async def judge_holder(act: Act, uscc: str, name: str) -> tuple[Decision, int]:
    """The decision on the body, and the number under which it is kept.

    ``Decision.name`` is the legal name on file (the one given, when there is none). Never refuses: an unknown or inactive
    body, or another name, is a decision ``refuse`` with its findings.
    """
    code = check_uscc(uscc)
    own = await bodies.find_body(act.conn, code) if isinstance(code, str) else None
    since = await institution_records.certified_since(act.conn, own.uscc) if own else None
    decision = _decided(act, Facts(own=own, certified_since=since), uscc, name)
    request = {"type": "registrant", "uscc": uscc, "holder_name": name}
    number = await decisions.add(
        act.conn,
        decision,
        uscc=code if isinstance(code, str) else "",
        asked_by=act.caller.actor,
        request=request,
        at=act.now,
    )
    return decision, number


def _decided(act: Act, facts: Facts, uscc: str, name: str) -> Decision:
    tables, own = shipped_tables(), facts.own
    request = NameRequest(name="", uscc=uscc, holder_name=name)
    findings = tuple(holder_findings(request, facts, tables, act.now.astimezone(BEIJING).date()))
    if own is not None and not name.strip():
        findings = (*findings, NO_NAME)
    return Decision(
        name=own.name if own else name,
        a_label="",
        decision=gravest(findings),
        findings=findings,
        bundle=BundleNames(),
        suggestions=(own.name,) if own and findings else (),
        policy_version=tables.policy_version,
    )
