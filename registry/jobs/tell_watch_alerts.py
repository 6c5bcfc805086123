"""What the watch over official sites has to say becomes notices: inbox, e-mail, webhook, as for everything else.

The verifier writes its alerts into tables of its own; the registry reads them through ``published.watch_alert`` and keeps in ``watch_alert_told``
which it has told. Each notice carries the alert's own key, so a run that is broken off is simply done again.
"""

from registry.flows.act import Act, Caller
from registry.flows.runner import Runner
from registry.kernel.db import Record
from registry.kernel.errors import Text
from registry.model.notice import Notice, Recipient, Severity, reviewers_of

CALLER = Caller("job", "tell-watch-alerts")
MOST = 500  # alerts of one transaction; the next run goes on

SEVERITIES: dict[str, Severity] = {"P1": "urgent", "P2": "action", "P3": "news", "P4": "news"}

_DUE = """
select a.* from published.watch_alert a
where a.due_at <= $1 and not exists (select from watch_alert_told t where t.alert_id = a.id) order by a.due_at, a.id limit $2"""
_TOLD = "insert into watch_alert_told (alert_id, at) values ($1, $2) on conflict do nothing"


async def tell_watch_alerts(runner: Runner) -> int:
    """Tell what is due; how many alerts."""
    return await runner.run(CALLER, _tell)


async def _tell(act: Act) -> int:
    rows = await act.conn.fetch(_DUE, act.now, MOST)
    for row in rows:
        await act.notify(_notice(row))
        await act.conn.execute(_TOLD, row["id"], act.now)
    return len(rows)


def _notice(row: Record) -> Notice:
    return Notice(
        to=_recipient(row),
        kind=row["kind"],
        subject=Text(row["subject_zh"], row["subject_en"]),
        text=Text(row["text_zh"], row["text_en"]),
        link=row["link"],
        severity=SEVERITIES[row["severity"]],
        payload=row["payload"],
        once=row["once"],
    )


def _recipient(row: Record) -> Recipient:
    if row["audience"] == "body":
        return Recipient("body", row["uscc"])
    if row["audience"] == "registrar":
        return Recipient("registrar", row["registrar"])
    if row["audience"] == "reviewers" and row["level"]:
        return reviewers_of(row["level"], row["region"])
    return Recipient("role", "operator")
