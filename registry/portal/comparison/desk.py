"""``/portal/comparisons``: comparisons with other departments, their findings, and the settling of each."""

from functools import partial
from types import SimpleNamespace
from urllib.parse import urlencode

from aiohttp import web

from registry.flows.act import Act, Caller
from registry.flows.comparison.settle_finding import MAX_REMARK, SettleFinding, settle_finding
from registry.flows.comparison.show import (
    Card,
    Filters,
    Findings,
    list_comparisons,
    read_card,
    read_findings,
    read_standing,
)
from registry.flows.comparison.spreadsheet import export_findings
from registry.flows.comparison.take_file import TakeFile, take_file
from registry.flows.comparison.words import (
    FIELD_WORDS,
    HOW_WORDS,
    KIND_WORDS,
    PART_WORDS,
    STATE_WORDS,
    STATUS_WORDS,
    TASK_STATE_WORDS,
    TASK_WORDS,
    VERDICT_WORDS,
)  # fmt: skip
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.comparison import DEPARTMENT_WORDS, FIELDS, Kind, Verdict
from registry.model.person import REVIEWERS, Role
from registry.portal.comparison.drawing import Pieces, fields_bars, kinds_bar, marked
from registry.portal.forms import clean
from registry.portal.going import go_on
from registry.portal.guard import Visit

PACKAGE = "registry.portal.comparison"
HOME = "/portal/comparisons"
MAX_QUERY = 80  # characters of a filter in an address
REPORTED = 500  # findings that the printed report lists; the rest is in the export
PLAIN = (Verdict.OURS, Verdict.THEIRS, Verdict.BOTH)
SHOWN = SimpleNamespace(
    kinds=KIND_WORDS, states=STATE_WORDS, hows=HOW_WORDS, fields=FIELD_WORDS, statuses=STATUS_WORDS, verdicts=VERDICT_WORDS, parts=PART_WORDS,
    tasks=TASK_WORDS, task_states=TASK_STATE_WORDS, departments=DEPARTMENT_WORDS, field_order=FIELDS, plain=PLAIN,
)  # fmt: skip


async def show_comparisons(visit: Visit) -> web.StreamResponse:
    """The newest comparisons, each with a bar of what was found in this region."""
    return await _list(visit)


async def take_upload(visit: Visit) -> web.StreamResponse:
    """A department's file from the browser; what is too large for a form goes by the command line."""
    if visit.upload is None:
        zh, en = "请选择要上传的文件", "please choose a file"
        return await _list(visit, Refusal(Reason.PARAMETER_MISSING, zh, en, where="file"))
    form, sent = visit.form, visit.upload
    department, area = form.get("department", ""), form.get("area", "").strip()
    order = TakeFile(sent.name, sent.content, department, area, form.get("complete") == "yes")
    try:
        loaded = await take_file(visit.door.runner, visit.person, order)
    except Refusal as refusal:
        return await _list(visit, refusal)
    return go_on(f"{HOME}/{loaded.laid.comparison}")


async def _list(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    found = await visit.run(lambda act: list_comparisons(act, visit.person))
    return visit.page(
        "comparisons.html", package=PACKAGE, status=STATUS[refusal.reason] if refusal else 200, found=found, bar=kinds_bar, shown=SHOWN,
        refusal=refusal, form=visit.form, may_load=visit.person.role in REVIEWERS | {Role.OPERATOR},
    )  # fmt: skip


async def show_findings(visit: Visit) -> web.StreamResponse:
    """``?kind=``, ``?state=``, ``?field=``; ``?after=`` the next page."""
    number, filters = visit.request.match_info["comparison"], _filters(visit)

    async def read(act: Act) -> Findings:
        return await read_findings(act, visit.person, number, filters)

    found = await visit.run(read)
    kept = {name: getattr(filters, name) for name in ("kind", "state", "field") if getattr(filters, name)}
    return visit.page(
        "findings.html", package=PACKAGE, found=found, standing=found.standing, filters=filters, shown=SHOWN, kinds=list(Kind),
        bars=fields_bars(found.standing), bar=kinds_bar, here=f"{HOME}/{number}",
        following=urlencode({**kept, "after": found.after}) if found.after else "",
    )  # fmt: skip


async def show_report(visit: Visit) -> web.StreamResponse:
    """The whole on paper: totals, charts, and the findings that wait."""
    number = visit.request.match_info["comparison"]
    standing = await visit.run(lambda act: read_standing(act, visit.person, number))
    listed = {}
    for kind in (Kind.DIFFERENT, Kind.AMBIGUOUS, Kind.THERE, Kind.HERE):
        asked = partial(
            read_findings, person=visit.person, number=number, filters=Filters(kind=kind.value), limit=REPORTED
        )
        listed[kind.value] = await visit.run(asked)
    return visit.page(
        "report.html", package=PACKAGE, standing=standing, listed=listed, shown=SHOWN, kinds=list(Kind), bars=fields_bars(standing), bar=kinds_bar,
        now=visit.door.runner.clock.now(), reported=REPORTED,
    )  # fmt: skip


async def send_export(visit: Visit) -> web.StreamResponse:
    """The findings as CSV for a spreadsheet, piece by piece."""
    number = visit.request.match_info["comparison"]
    standing = await visit.run(lambda act: read_standing(act, visit.person, number))  # refuses before anything is sent
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="comparison-{standing.comparison.id}.csv"',
        "Cache-Control": "no-store",
    }
    answer = web.StreamResponse(headers=headers)
    await answer.prepare(visit.request)
    caller = Caller("person", visit.person.username)
    async for piece in export_findings(visit.door.runner, caller, visit.person, number):
        await answer.write(piece)
    await answer.write_eof()
    return answer


async def show_card(visit: Visit) -> web.StreamResponse:
    """One finding side by side."""
    return await _card(visit)


async def take_verdict(visit: Visit) -> web.StreamResponse:
    """Settle it."""
    match = visit.request.match_info
    form = visit.form
    verdicts = {field: form[f"verdict-{field}"] for field in FIELDS if form.get(f"verdict-{field}")}
    if form.get("verdict"):
        verdicts[""] = form["verdict"]
    uscc = form.get("uscc", "")
    order = SettleFinding(
        match["comparison"], match["finding"], verdicts, form.get("remark", ""), uscc, form.get("seen", "")
    )
    try:
        await visit.run(lambda act: settle_finding(act, visit.person, order))
    except Refusal as refusal:
        return await _card(visit, refusal)
    return go_on(visit.request.path)


async def _card(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    match = visit.request.match_info
    card = await visit.run(lambda act: read_card(act, visit.person, match["comparison"], match["finding"]))
    return visit.page(
        "finding.html", package=PACKAGE, status=STATUS[refusal.reason] if refusal else 200, card=card, rows=_rows(card), refusal=refusal,
        form=visit.form, shown=SHOWN, max_remark=MAX_REMARK, here=f"{HOME}/{card.comparison.id}",
    )  # fmt: skip


def _rows(card: Card) -> list[tuple[str, Pieces, Pieces, bool]]:
    """Each field with both values in marked pieces, and whether it is in question."""
    if card.theirs is None or len(card.ours) != 1 or not card.finding.uscc:
        return []
    rows: list[tuple[str, Pieces, Pieces, bool]] = []
    for field in FIELDS:
        ours, theirs = card.finding.differences.get(field) or (card.ours[0].values[field], card.theirs.values[field])
        if field == "status":
            ours, theirs = (STATUS_WORDS[value].zh if value else "" for value in (ours, theirs))
        is_different = field in card.finding.differences
        mine, yours = marked(ours, theirs) if is_different else ([(ours, False)], [(theirs, False)])
        rows.append((field, mine, yours, is_different))
    return rows


def _filters(visit: Visit) -> Filters:
    query = {name: clean(visit.request.query.get(name, ""))[:MAX_QUERY] for name in ("kind", "state", "field", "after")}
    return Filters(query["kind"] or Kind.DIFFERENT.value, query["state"], query["field"], query["after"])
