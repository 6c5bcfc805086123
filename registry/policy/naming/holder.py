"""HOLDER.*: code valid → known → alive → papers in order → name and code belong together (NAME-POLICY, "Holder")."""

from collections.abc import Iterator
from datetime import date

from registry.kernel.errors import Problem, Text
from registry.model.body import Body
from registry.model.decision import INFO, REFUSE, REVIEW, Finding
from registry.policy.codes import check_uscc
from registry.policy.naming.case import Case
from registry.policy.naming.request import Facts, NameRequest
from registry.policy.naming.tables import Tables

REPORT_DUE = (3, 31)  # regulations on public institutions, article 17: last year's report by 31 March
MAX_EVIDENCE = 5  # competitors that a finding names
_STATES = {
    "renamed": ("已更名并由其他机构承继", "was renamed and has a successor"),
    "merged": ("已合并", "was merged"),
    "split": ("已分立", "was split"),
    "abolished": ("已撤销", "was abolished"),
    "cancelled": ("已注销", "was cancelled"),
    "suspended": ("已被暂停", "is suspended"),
}


def holder_findings(request: NameRequest, facts: Facts, tables: Tables, today: date) -> Iterator[Finding]:
    """All that can be said of the holder before any label is looked at."""
    code = check_uscc(request.uscc)
    if isinstance(code, Problem):
        zh, en = f"{code.text.zh}。", f"{code.text.en[:1].upper()}{code.text.en[1:]}."
        yield Finding("HOLDER.CODE_INVALID", REFUSE, Text(zh, en), {"uscc": _clean(code.value)})
        return
    if code != request.uscc.strip():
        text = Text(f"代码已按通常写法转换为 {code}。", f"The code has been mapped to {code}.")
        yield Finding("HOLDER.CODE_MAPPED", INFO, text, {"typed": _clean(request.uscc), "mapped": code})
    own = facts.own
    if own is None:
        yield _unknown(code)
        return
    if not own.alive:
        yield _inactive(own)
    yield from _stale(own, facts.certified_since, today)
    if request.holder_name is not None and request.holder_name.strip():
        yield from _wrong_name(request.holder_name, own, tables)


def rules(case: Case) -> Iterator[Finding]:
    """The label is another living body's name and none of the own."""
    others = case.others_with(case.key)
    if case.own is None or case.exact is not None or not others:
        return
    first = others[0]
    text = Text(
        f"“{first.name}”是“{first.body_name}”的现用名称，与本单位代码不符，请使用本单位名称。",
        f"{first.name} is a current name of {first.body_name}, which has another code; please use an own name.",
    )
    bodies = [{"uscc": c.uscc, "name": c.body_name, "role": c.role} for c in others[:MAX_EVIDENCE]]
    yield Finding("HOLDER.NAME_MISMATCH", REFUSE, text, {"bodies": bodies})


def _unknown(code: str) -> Finding:
    text = Text(
        "机构编制名录库中没有这个代码。请先向同级机构编制部门（社会组织向民政部门）申请入库或更新数据，再申请名称。",
        "The establishment database has no body with this code. Please have the body entered by the establishment "
        "department of its level (social organisations: by civil affairs), then apply again.",
    )
    return Finding("HOLDER.UNKNOWN", REFUSE, text, {"uscc": code})


def _inactive(own: Body) -> Finding:
    zh, en = _STATES.get(own.status, ("状态不正常", "is not in a normal state"))
    more_zh = f"，请由承继单位（{own.successor_uscc}）申请" if own.successor_uscc else "，不能持有名称"
    more_en = f"; its successor {own.successor_uscc} may apply" if own.successor_uscc else " and cannot hold a name"
    text = Text(f"“{own.name}”{zh}{more_zh}。", f"{own.name} {en}{more_en}.")
    evidence = {"uscc": own.uscc, "status": own.status, "successor_uscc": own.successor_uscc}
    return Finding("HOLDER.INACTIVE", REFUSE, text, evidence)


def _stale(own: Body, certified_since: date | None, today: date) -> Iterator[Finding]:
    if own.valid_until is not None and own.valid_until < today:
        text = Text(
            f"法人证书已于 {own.valid_until.isoformat()} 到期，请换证并更新名录库数据；在此之前须由审核人员确认。",
            f"The certificate expired on {own.valid_until.isoformat()}; please renew it. Until then a reviewer decides.",
        )
        yield Finding("HOLDER.STALE", REVIEW, text, {"valid_until": own.valid_until.isoformat()})
    due = report_year_due(today)
    if own.annual_report_year is not None and own.annual_report_year < due:
        text = Text(
            f"没有 {due} 年度报告（在册的最近一次是 {own.annual_report_year} 年度），请补报；在此之前须由审核人员确认。",
            f"The annual report of {due} is missing (the last on file is of {own.annual_report_year}); please file it. "
            "Until then a reviewer decides.",
        )
        yield Finding("HOLDER.STALE", REVIEW, text, {"annual_report_year": own.annual_report_year, "due": due})
    if own.annual_report_year is None and certified_since is not None and certified_since.year <= due:
        text = Text(
            f"登记以来没有报送过年度报告（应报 {due} 年度），请补报；在此之前须由审核人员确认。",
            f"No annual report was filed since the registration ({due} is due); please file it. Until then a reviewer decides.",
        )
        yield Finding("HOLDER.STALE", REVIEW, text, {"annual_report_year": None, "due": due})


def report_year_due(today: date) -> int:
    """The latest year whose report had to be in: last year's after 31 March, the one before until then."""
    return today.year - 1 if (today.month, today.day) > REPORT_DUE else today.year - 2


def _wrong_name(holder_name: str, own: Body, tables: Tables) -> Iterator[Finding]:
    key = tables.ring.key(holder_name)
    names = (*(name for _, name in own.current_names), *own.former_names)
    if key in {tables.ring.key(name) for name in names}:
        return
    text = Text(
        f"所填名称“{_clean(holder_name)}”与代码在册的单位“{own.name}”不一致，请核对名称和代码。",
        f"The name given, {_clean(holder_name)}, is no name of {own.name}, whose code this is; please check both.",
    )
    evidence = {"given": _clean(holder_name), "on_file": own.name, "uscc": own.uscc}
    yield Finding("HOLDER.NAME_MISMATCH", REFUSE, text, evidence)


def _clean(text: str) -> str:
    return text[:64].encode("utf-8", "replace").decode("utf-8")
