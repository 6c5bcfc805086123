"""起草: an act is drawn up by the institution, by who founds it, or by a reviewer at the counter for either."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.flows.act import Act
from registry.flows.institution.reach import covers, find_act_within, may_edit
from registry.flows.institution.terms import day_of
from registry.kernel.errors import Problem, Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.model.body import Body
from registry.model.institution import INSTITUTION_KIND, ActKind, ActStage
from registry.model.person import REVIEWERS, Person, Role
from registry.policy.codes import check_uscc, kind_of, region_of
from registry.policy.institution_fields import read_fields
from registry.policy.institutions import level_of
from registry.store import bodies, institutions
from registry.store.institutions import InstitutionAct

ID_BITS = 80
MAX_DRAFTS = 50  # of one person


@dataclass(frozen=True, slots=True)
class DraftAct:
    """``uscc`` is the institution; at a foundation it is the code that it was given. ``year`` is for a report alone."""

    kind: ActKind
    uscc: str
    sent: Mapping[str, str]
    year: int | None = None
    is_town: bool = False


@dataclass(frozen=True, slots=True)
class ReviseAct:
    """``version`` is what the page was made from: a colleague's change is not written over."""

    act_id: str
    sent: Mapping[str, str]
    version: int


async def draft_act(act: Act, by: Person, order: DraftAct) -> str:
    """Keep it, whole or half filled in; returns its id.

    Refuses with NOT_PERMITTED (neither the body's agency nor a reviewer; another's body), NOT_FOUND (no such institution), POLICY_FORBIDS (no
    institution), STATUS_FORBIDS (not alive), ALREADY_EXISTS (a foundation of what is there), VALUE_INVALID, TOO_LARGE.
    """
    if by.role not in REVIEWERS and by.role is not Role.AGENCY:
        raise not_permitted("只有事业单位和登记管理机关可以办理", "only institutions and the authority draw up acts")
    code = _code(order.uscc)
    fields = read_fields(order.kind, order.sent, day_of(act.now), is_whole=False)
    if order.kind is ActKind.ESTABLISH:
        one = await _foundation(act, by, order, code, fields)
    else:
        one = await _of_body(act, by, order, code, fields)
    if len(await institutions.drafts_by(act.conn, by.actor, MAX_DRAFTS)) >= MAX_DRAFTS:
        raise Refusal(Reason.TOO_LARGE, f"草稿最多 {MAX_DRAFTS} 份", f"at most {MAX_DRAFTS} drafts", where="draft")
    await institutions.add(act.conn, one)
    await act.remember("institution.drafted", one.id, snapshot_of(one))
    return one.id


async def revise_act(act: Act, by: Person, order: ReviseAct) -> None:
    """Change its fields while it is a draft or was returned. Refuses with NOT_FOUND, NOT_PERMITTED, STATUS_FORBIDS, VALUE_INVALID."""
    found = await find_act_within(act, by, order.act_id, lock=True)
    check_editing(by, found)
    sent = {**order.sent, "uscc": found.uscc} if found.kind_now is ActKind.ESTABLISH else order.sent
    fields = read_fields(found.kind_now, sent, day_of(act.now), is_whole=False)
    name = fields.get("name", found.body_name) if found.kind_now is ActKind.ESTABLISH else found.body_name
    changed = replace(found, fields=fields, body_name=name, version=order.version)
    if not await institutions.revise(act.conn, changed):
        zh, en = "这件事项已由他人修改，请核对后再保存", "somebody changed it meanwhile; please compare"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="act", value=found.id)
    await act.remember("institution.revised", found.id, snapshot_of(changed))


def check_editing(by: Person, found: InstitutionAct) -> None:
    """Refuse with NOT_PERMITTED who does not file it, with STATUS_FORBIDS what is out of his hands."""
    if not may_edit(by, found):
        raise not_permitted("只有申请人可以修改", "only who files it changes it")
    if not found.stage_now.is_editable:
        zh, en = "已经提交，不能再修改", "it was filed and cannot be changed any more"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="act", value=found.stage)


def snapshot_of(one: InstitutionAct) -> dict[str, object]:
    """As it stands in history and audit."""
    return {
        "kind": one.kind, "stage": one.stage, "uscc": one.uscc, "name": one.body_name, "region": one.region, "level": one.level,
        "year": one.year, "fields": dict(one.fields),
    }  # fmt: skip


async def _foundation(act: Act, by: Person, order: DraftAct, code: str, fields: Mapping[str, str]) -> InstitutionAct:
    region = region_of(code)
    level = level_of(region, is_town=order.is_town)
    if by.role in REVIEWERS and not covers(by, region, level):
        raise not_permitted("不属于您的管辖范围", "it is beyond your jurisdiction")
    if await bodies.find_body(act.conn, code) is not None:
        zh, en = "这个代码已有登记单位", "a body with this code is registered already"
        raise Refusal(Reason.ALREADY_EXISTS, zh, en, where="uscc", value=code)
    return _act(act, by, order, code, {**fields, "uscc": code}, (fields.get("name", ""), region, level))


async def _of_body(act: Act, by: Person, order: DraftAct, code: str, fields: Mapping[str, str]) -> InstitutionAct:
    body = await bodies.find_body(act.conn, code)
    is_his = body is not None and (by.uscc == code if by.role is Role.AGENCY else covers(by, body.region, body.level))
    if body is None or not is_his:
        zh, en = "没有这个事业单位，或不归您办理", "there is no such institution within your reach"
        raise Refusal(Reason.NOT_FOUND, zh, en, where="uscc", value=code)
    if not body.alive and not (order.kind is ActKind.CANCEL and body.status == "suspended"):
        zh, en = "这个单位已经终止，不能再办理登记", "the body is no more"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="uscc", value=body.status)
    _check_year(act, order, body)
    return _act(act, by, order, code, fields, (body.name, body.region, body.level))


def _act(
    act: Act, by: Person, order: DraftAct, code: str, fields: Mapping[str, str], body: tuple[str, str, str]
) -> InstitutionAct:
    year = order.year if order.kind is ActKind.REPORT else None
    return InstitutionAct(
        new_public_id(ID_BITS), order.kind.value, ActStage.DRAFT.value, code, *body, year, fields, 1, act.now, by.actor
    )


def _check_year(act: Act, order: DraftAct, body: Body) -> None:
    if order.kind is not ActKind.REPORT:
        return
    earliest = body.established_on.year if body.established_on else 1949
    if order.year is None or not earliest <= order.year < day_of(act.now).year:
        zh, en = "请选择已经结束的年度", "please choose a year that is over"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="year", value=str(order.year or ""))


def _code(text: str) -> str:
    code = check_uscc(text)
    if isinstance(code, Problem):
        raise Refusal(code.reason, code.text.zh, code.text.en, where="uscc", value=code.value)
    if kind_of(code) != INSTITUTION_KIND:
        zh = "只办理事业单位的登记（代码以 12 开头）；机关、群团和社会组织由其登记管理机关办理"
        raise Refusal(
            Reason.POLICY_FORBIDS,
            zh,
            "only institutions are registered here (code begins with 12)",
            where="uscc",
            value=code,
        )
    return code


def not_permitted(zh: str, en: str) -> Refusal:
    """The refusal for whoever it is not for."""
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="person")
