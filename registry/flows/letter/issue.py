"""A decision gets its letter, in the same transaction: numbered, filled in from the template of the day, kept for ever."""

from registry.flows.act import Act
from registry.kernel.clock import BEIJING
from registry.kernel.names import to_u
from registry.model.application import AGAINST, Stage
from registry.model.letter import BUILT_IN, FIELDS, KINDS, REMEDY, Letter, fill
from registry.store import bodies, letters
from registry.store.applications import Application


async def issue_letter(act: Act, application: Application, stage: Stage, reason: str) -> None:
    """Give it; a stage that has no letter (withdrawn) gets none."""
    if stage.value not in KINDS:
        return
    made = await letters.template(act.conn, stage.value) or BUILT_IN[stage.value]
    year = act.now.astimezone(BEIJING).year
    number = f"ZM-{year}-{await letters.next_number(act.conn, year):06d}"
    zh, en = await _values(act, application, stage, reason, number)
    letter = Letter(
        number,
        application.id,
        stage.value,
        made.version,
        act.now,
        made.title,
        fill(made.text_zh, zh),
        fill(made.text_en, en),
    )
    await letters.add(act.conn, letter)
    await act.remember(
        "letter.issued", number, {"application": application.id, "kind": letter.kind, "version": letter.version}
    )


async def _values(
    act: Act, application: Application, stage: Stage, reason: str, number: str
) -> tuple[dict[str, str], dict[str, str]]:
    body = await bodies.find_body(act.conn, application.uscc)
    filed, today = (at.astimezone(BEIJING).date() for at in (application.created_at, act.now))
    has_remedy = stage in AGAINST and application.appeal_of is None
    english = {
        "number": number, "body": body.name if body else application.uscc, "uscc": application.uscc, "name": _shown(application.name),
        "application": application.id, "filed": filed.isoformat(), "date": today.isoformat(), "reason": reason,
        "remedy": REMEDY.en if has_remedy else "",
    }  # fmt: skip
    chinese = {zh: english[en] for zh, en in FIELDS.items()}
    chinese |= {
        "申请日期": _written(filed.isoformat()),
        "日期": _written(today.isoformat()),
        "救济": REMEDY.zh if has_remedy else "",
    }
    return chinese, english


def _written(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def _shown(name: str) -> str:
    try:
        return to_u(name)
    except ValueError:
        return name
