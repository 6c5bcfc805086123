"""One name of a decided task: it follows the successor, or goes out of use; the registrar is told, history and audit keep it."""

from dataclasses import replace

from registry.flows.act import Act, Caller
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.holder import Holder, decide_own
from registry.flows.domain.saving import save
from registry.flows.domain.told import tell_change
from registry.kernel.errors import Reason, Refusal
from registry.model.domain import Domain
from registry.model.person import Person
from registry.store import bodies, body_tasks, domains
from registry.store.body_tasks import Step, Task

FOLLOWS = "随承继机构变更持有单位 / the name follows the successor"


async def carry_out(act: Act, by: Person | None, task: Task, step: Step) -> None:
    """Do it; a name that is not the body's any more, or is on its way out already, needs nothing. Refuses as the flows that it uses."""
    found = await domains.find(act.conn, step.name)
    domain = found[0] if found else None
    is_ours = domain is not None and domain.roid == step.roid and domain.uscc == task.uscc and domain.deleted_at is None
    outcome = ""
    if domain is None or not is_ours:
        outcome = "not the body's any more"
    elif step.choice == "follow":
        await _follow(act, task, domain, step.holder)
    elif step.choice == "retire":
        outcome = await _retire(act, by, domain)
    await body_tasks.finish_step(act.conn, step, act.now, outcome)


async def _follow(act: Act, task: Task, domain: Domain, uscc: str) -> None:
    heir = await bodies.find_body(act.conn, uscc)
    legal_name = heir.name if heir else ""
    _, number, _ = await decide_own(act, domain.name, domain.index_label, Holder(uscc, legal_name))
    proof = {"task": task.id, "decision": number, "before": domain.uscc, "at": act.now.isoformat()}
    changed = replace(domain, uscc=uscc, verification=proof, updated_at=act.now, updated_by=domain.registrar_id)
    await save(act, "domain.updated", changed, reason=FOLLOWS, holder_before=domain.uscc)
    await tell_change(act, changed, "update", FOLLOWS)


async def _retire(act: Act, by: Person | None, domain: Domain) -> str:
    """Into redemption, from where only its own body could bring it back; afterwards it is kept for nobody else for ever."""
    kind, name = ("person", by.username) if by else ("job", act.caller.id)
    through = replace(act, caller=Caller(kind, name, may_override=True))
    try:
        async with act.conn.transaction():
            await delete_domain(through, DeleteDomain(domain.name))
    except Refusal as refusal:
        if refusal.reason not in {Reason.LINKED, Reason.STATUS_FORBIDS}:
            raise
        return refusal.text.zh
    act.has_changed = act.has_changed or through.has_changed
    return ""
