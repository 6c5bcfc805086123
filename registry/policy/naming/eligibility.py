"""ELIGIBILITY.*: which kinds of body may hold a name under which TLD (table 10.1 as NAME-POLICY settles it)."""

from collections.abc import Iterator

from registry.kernel.errors import Text
from registry.model.decision import REFUSE, REVIEW, Finding
from registry.policy.naming.case import Case

YES, APPROVAL, REVIEWED = "yes", "approval", "review"
_COLUMN = {"政务": "zhengwu", "公益": "gongyi"}


def rules(case: Case) -> Iterator[Finding]:
    """At most one finding: a kind that may hold the TLD says nothing."""
    if not case.kind:
        return
    line = case.tables.eligibility_of(case.kind)
    verdict = getattr(line, _COLUMN.get(case.tld, "gongyi"))
    evidence = {"kind": case.kind, "tld": case.tld}
    if verdict == YES or (verdict == APPROVAL and case.own is not None and case.own.administrative):
        return
    if verdict == APPROVAL:
        text = Text(
            f"{line.zh}申请 .{case.tld} 须行使行政职能或经上级行政主管机关批准；请先由机构编制部门登记，或改用 .公益。",
            f"To hold .{case.tld}, {line.en} must exercise administrative functions or hold the approval of their "
            "superior; please have it recorded first, or use .公益.",
        )
        yield Finding("ELIGIBILITY.APPROVAL", REFUSE, text, evidence)
    elif verdict == REVIEWED:
        text = Text(f"{line.zh}申请 .{case.tld} 须人工审核。", f"A reviewer decides on .{case.tld} for {line.en}.")
        yield Finding("ELIGIBILITY.TLD", REVIEW, text, evidence)
    else:
        text = Text(
            f"{line.zh}不能持有 .{case.tld} 名称{_alternative(case)[0]}。",
            f"No .{case.tld} name for {line.en}{_alternative(case)[1]}.",
        )
        yield Finding("ELIGIBILITY.TLD", REFUSE, text, evidence)


def _alternative(case: Case) -> tuple[str, str]:
    line = case.tables.eligibility_of(case.kind)
    other = next((tld for tld in _COLUMN if tld != case.tld and getattr(line, _COLUMN[tld]) != "no"), "")
    return (f"，可申请 .{other}", f"; .{other} is open to them") if other else ("", "")
