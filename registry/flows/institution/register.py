"""准予登记 carried out: the body, the certificate and the public notice, in the transaction of the decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from registry.establishment.importing import take_turn
from registry.establishment.one_body import write_body
from registry.flows.act import Act
from registry.flows.institution.submit import check_change, day_in, items_of
from registry.flows.institution.terms import day_of, days_late, liquidation_due
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.ids import new_public_id
from registry.model.body import Body
from registry.model.institution import INSTITUTION_KIND, KIND_WORDS, ActKind
from registry.policy.codes import region_of
from registry.policy.institutions import (
    BLANKS,
    FUNDING,
    GROUND_STATUS,
    GROUNDS,
    ITEMS,
    certificate_end,
    report_due_on,
)
from registry.store import bodies, institution_records, public_notices
from registry.store.institution_records import Certificate, Liquidation
from registry.store.institutions import InstitutionAct
from registry.store.public_notices import PublicNotice

NOTICE_BITS = 80
Outcome = dict[str, object]
Facts = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a registration does: the body as it will be, who follows it, the certificate's items (None: it ends; the same: it stays), and
    what is made known.
    """

    body: Body
    successors: tuple[str, ...]
    items: Mapping[str, str] | None
    kind: str
    text: Text
    facts: Facts
    late: int = 0
    keeps_certificate: bool = False


async def register_act(act: Act, found: InstitutionAct) -> Outcome:
    """Carry it out; what it made, as :attr:`InstitutionAct.outcome` keeps it.

    Refuses as :func:`registry.establishment.one_body.write_body`, and with STATUS_FORBIDS when the body changed under the act.
    """
    await take_turn(act.conn)
    today = day_of(act.now)
    effect = await _effect(act, found, today)
    run = await write_body(
        act.conn, effect.body, source=f"act {found.id}", actor=act.caller.actor, now=act.now, successors=effect.successors
    )  # fmt: skip
    outcome: Outcome = {"run": run}
    if effect.late:
        outcome["late"] = effect.late
    if not effect.keeps_certificate:
        outcome |= await _certify(act, found, effect, today)
    outcome["notice"] = await _publish(act, found, effect)
    return outcome


async def _effect(act: Act, found: InstitutionAct, today: date) -> Effect:
    body = await bodies.find_body(act.conn, found.uscc)
    if found.kind_now is ActKind.ESTABLISH:
        if body is not None:
            raise _changed("这个代码已有登记单位", "a body with this code is registered already")
        return _founded(found, today)
    if body is None or (not body.alive and body.status != "suspended"):
        raise _changed("这个单位已经终止", "the body is no more")
    makers: Mapping[ActKind, Callable[[InstitutionAct, Body, Mapping[str, str], date], Effect]] = {
        ActKind.CHANGE: _altered,
        ActKind.CANCEL: _ended,
        ActKind.REPORT: _reported,
    }
    await check_change(act, found)
    return makers[found.kind_now](found, body, (await items_of(act, found.uscc)).values, today)


def _founded(found: InstitutionAct, today: date) -> Effect:
    fields = found.fields
    body = Body(
        uscc=found.uscc, name=fields["name"], kind=INSTITUTION_KIND, region=region_of(found.uscc), level=found.level,
        sponsor_uscc=fields["sponsor_uscc"], authority=fields["authority"], address=fields["address"],
        legal_representative=fields["legal_representative"], phone=fields.get("phone", ""), established_on=today,
        valid_until=certificate_end(today),
    )  # fmt: skip
    items = {key: fields[key] for key in ITEMS}
    text = Text(
        f"经审查，准予{body.name}设立登记，发给《事业单位法人证书》。特此公告。",
        f"{body.name} was registered as an institution and is given its certificate.",
    )
    return Effect(body, (), items, "established", text, _facts(items))


def _altered(found: InstitutionAct, body: Body, items: Mapping[str, str], today: date) -> Effect:
    changed = {
        key: found.fields[key] for key in ITEMS if found.fields.get(key, items.get(key, "")) != items.get(key, "")
    }
    after = replace(
        body,
        valid_until=certificate_end(today),
        name=changed.get("name", body.name),
        address=changed.get("address", body.address),
        legal_representative=changed.get("legal_representative", body.legal_representative),
        sponsor_uscc=changed.get("sponsor_uscc", body.sponsor_uscc),
    )
    lines = [
        (f"{ITEMS[key].zh}（原）", f"{ITEMS[key].en} (before)", _shown(key, items.get(key, ""))) for key in changed
    ]
    text = Text(
        f"经审查，准予{body.name}{'变更登记' if changed else '换证'}，换发《事业单位法人证书》。特此公告。",
        f"The registration of {body.name} was {'changed' if changed else 'renewed'}; it is given a new certificate.",
    )
    return Effect(after, (), {**items, **changed}, "changed", text, [*_facts(changed), *lines])


def _ended(found: InstitutionAct, body: Body, _: Mapping[str, str], today: date) -> Effect:
    fields = found.fields
    ground = fields["ground"]
    successors = tuple(fields["successor_uscc"].split("|")) if fields.get("successor_uscc") else ()
    after = replace(
        body, status=GROUND_STATUS.get(ground, "cancelled"), successor_uscc=successors[0] if successors else ""
    )
    filed = day_of(found.filed_at) if found.filed_at else today
    facts: Facts = [
        ("注销原因", "ground", f"{GROUNDS[ground].zh} {GROUNDS[ground].en}"),
        ("清算结束日期", "liquidation ended", fields["ended_on"]),
    ]
    if successors:
        facts.append(("承接单位代码", "successor", "、".join(successors)))
    text = Text(
        f"经审查，准予{body.name}注销登记，收回《事业单位法人证书》，该单位法人资格终止。特此公告。",
        f"{body.name} was removed from the register; its certificate is void.",
    )
    late = days_late(filed, liquidation_due(day_in(found, "ended_on")))
    # only a body that is split may have several successors in the register
    return Effect(after, successors if ground == "split" else (), None, "cancelled", text, facts, late)


def _reported(found: InstitutionAct, body: Body, items: Mapping[str, str], today: date) -> Effect:
    year = found.year or 0
    filed = day_of(found.filed_at) if found.filed_at else today
    after = replace(body, annual_report_year=max(year, body.annual_report_year or 0))
    late = days_late(filed, report_due_on(year))
    facts = [
        (blank.title.zh, blank.title.en, found.fields[blank.key])
        for blank in BLANKS[ActKind.REPORT]
        if blank.key in found.fields
    ]
    delay = (f"（逾期 {late} 个工作日报送）", f", {late} working days late") if late else ("", "")
    text = Text(
        f"{body.name}{year}年度报告{delay[0]}现予公示。",
        f"The annual report of {body.name} for {year}{delay[1]} is made public.",
    )
    return Effect(after, (), items, "reported", text, facts, late, keeps_certificate=True)


async def _certify(act: Act, found: InstitutionAct, effect: Effect, today: date) -> Outcome:
    if effect.items is None:
        await institution_records.end(act.conn, found.uscc, "surrendered", today)
        await institution_records.note_liquidation(
            act.conn,
            Liquidation(
                found.uscc, day_in(found, "started_on"), day_in(found, "ended_on"), liquidation_due(day_in(found, "ended_on")), act.now,
                act.caller.actor,
            ),
        )  # fmt: skip
        return {}
    number = await institution_records.new_number(act.conn, found.region)
    until = effect.body.valid_until or certificate_end(today)
    await institution_records.issue(
        act.conn, Certificate(number, found.uscc, found.id, effect.items, today, until)
    )  # fmt: skip
    return {"certificate": number}


async def _publish(act: Act, found: InstitutionAct, effect: Effect) -> str:
    words = KIND_WORDS[found.kind_now]
    year = (f"{found.year} ", f" {found.year}") if found.year else ("", "")
    body = effect.body
    title = Text(
        f"{body.name}{year[0]}{words.zh}{'公示' if found.year else '公告'}", f"{body.name}: {words.en}{year[1]}"
    )
    notice = PublicNotice(
        new_public_id(NOTICE_BITS), effect.kind, found.uscc, body.name, found.region, found.level, found.id, act.now, title, effect.text,
        effect.facts,
    )  # fmt: skip
    await public_notices.publish(act.conn, notice)
    snapshot = {"title": title.zh, "uscc": found.uscc, "act": found.id}
    await act.remember("notice.published", notice.id, snapshot)
    return notice.id


def _facts(items: Mapping[str, str]) -> Facts:
    return [(ITEMS[key].zh, ITEMS[key].en, _shown(key, items[key])) for key in ITEMS if items.get(key)]


def _shown(key: str, value: str) -> str:
    return f"{FUNDING[value].zh} {FUNDING[value].en}" if key == "funding" and value in FUNDING else value


def _changed(zh: str, en: str) -> Refusal:
    return Refusal(Reason.STATUS_FORBIDS, zh, en, where="body")
