"""A holder changes how his name is delegated. The first delegation takes effect at once; whatever could take a live site down needs two.

The second person is another account of the body; where the body has only one, a reviewer whose reach holds it. What was changed can be
put back with one act for a week: it is a state that stood before.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from registry.flows.act import Act, Caller
from registry.flows.delegation.set_servers import SetServers, set_servers
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.holding.read_name import delegated_now, find_held
from registry.flows.holding.wish import Wish, as_json, from_json, read_wish
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal, Text
from registry.kernel.names import to_u
from registry.model.domain import Domain
from registry.model.jurisdiction import jurisdiction_of
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import bodies, domains, holder_changes, people
from registry.store.holder_changes import HolderChange

UNDO = timedelta(days=7)  # long enough to notice, short enough that what stood before still answers


@dataclass(frozen=True, slots=True)
class ChangeDelegation:
    """``servers`` and ``signers`` as they were typed (``wish``): all that shall be there afterwards."""

    name: str
    servers: str
    signers: str = ""


async def change_delegation(act: Act, by: Person, order: ChangeDelegation) -> bool:
    """Change it at once, or put it before a second person; whether it took effect.

    Refuses with NOT_FOUND, NOT_PERMITTED (another registrar manages it), VALUE_INVALID, TOO_LARGE, PARAMETER_MISSING (nothing changes),
    ALREADY_EXISTS (a change waits), and as the flows for hosts and domains do.
    """
    domain = await find_held(act, by, order.name)
    check_sponsor(act, domain)
    now, wish = await delegated_now(act, domain), read_wish(order.servers, order.signers)
    before, after = as_json(now), as_json(wish)
    if before == after:
        raise Refusal(Reason.PARAMETER_MISSING, "没有改动", "nothing was changed", where="servers")
    is_guarded = bool(now.servers or now.signers)
    if not is_guarded:
        await _apply(act, domain, wish)
    change = HolderChange(
        0, domain.name, domain.roid, domain.uscc, before, after, "asked" if is_guarded else "done", by.actor, act.now,
        "" if is_guarded else by.actor, None if is_guarded else act.now, "", None, is_guarded,
    )  # fmt: skip
    try:
        number = await holder_changes.add(act.conn, change)
    except UniqueViolation as error:
        raise Refusal(
            Reason.ALREADY_EXISTS, "这个域名已有一项变更待确认", "a change of this name waits already", where="name", value=domain.name
        ) from error  # fmt: skip
    await act.remember(
        f"delegation.{change.state}", str(number), {"name": domain.name, "before": before, "after": after}
    )
    if is_guarded:
        await _tell_second(act, by, domain)
    return not is_guarded


async def decide_change(act: Act, by: Person, change_id: int, *, agrees: bool) -> None:
    """The second person lets it take effect or not; whoever asked may take it back.

    Refuses with NOT_FOUND (not his), NOT_PERMITTED (his own), STATUS_FORBIDS (decided, or the name changed meanwhile).
    """
    change, domain = await _find(act, by, change_id)
    if change.state != "asked":
        raise _settled(change)
    if agrees:
        if by.actor == change.asked_by:
            raise Refusal(Reason.NOT_PERMITTED, "须由另一人确认", "another person must confirm it", where="person")
        if as_json(await delegated_now(act, domain)) != dict(change.before):
            raise Refusal(
                Reason.STATUS_FORBIDS, "提出之后域名的设置已有变化，请重新提出", "the name was changed meanwhile; please ask anew", where="name"
            )  # fmt: skip
        await _apply(act, domain, from_json(change.after))
    await holder_changes.decide(act.conn, change.id, "done" if agrees else "refused", by.actor, act.now)
    await act.remember(
        f"delegation.{'done' if agrees else 'refused'}", str(change.id), {"name": domain.name, "by": by.username}
    )
    await act.notify(_told(domain, change, agrees=agrees))


async def undo_change(act: Act, by: Person, change_id: int) -> None:
    """Put back what was before, at once. Refuses with NOT_FOUND, STATUS_FORBIDS (not in effect, over a week old, changed since)."""
    change, domain = await _find(act, by, change_id)
    is_last = as_json(await delegated_now(act, domain)) == dict(change.after)
    if change.state != "done" or change.decided_at is None or act.now > change.decided_at + UNDO or not is_last:
        raise _settled(change)
    await _apply(act, domain, from_json(change.before))
    await holder_changes.mark_undone(act.conn, change.id, by.actor, act.now)
    await act.remember("delegation.undone", str(change.id), {"name": domain.name, "by": by.username})


async def _find(act: Act, by: Person, change_id: int) -> tuple[HolderChange, Domain]:
    change = await holder_changes.lock(act.conn, change_id)
    found = await domains.find(act.conn, change.name) if change else None
    domain = found[0] if found else None
    if change is None or domain is None or domain.roid != change.roid or not await _reaches(act, by, domain):
        raise Refusal(Reason.NOT_FOUND, "没有这项变更", "there is no such change", where="change", value=str(change_id))
    check_sponsor(act, domain)
    return change, domain


async def _reaches(act: Act, by: Person, domain: Domain) -> bool:
    """The body's own people; a reviewer only where the body has nobody else."""
    if by.role is Role.AGENCY:
        return bool(by.uscc) and by.uscc == domain.uscc
    own, body = jurisdiction_of(by), await bodies.find_body(act.conn, domain.uscc)
    is_his = by.role in REVIEWERS and own is not None and body is not None and own.covers(body.region, body.level)
    return is_his and await people.count_of_body(act.conn, domain.uscc) < 2  # two people


async def _apply(act: Act, domain: Domain, wish: Wish) -> None:
    """By the flows of every door, in the name of the registrar that serves the portal."""
    through = replace(act, caller=Caller("registrar", domain.registrar_id, behind=act.caller.actor))
    await set_servers(through, SetServers(domain.name, wish.servers))
    present, wanted = set(domain.signers), set(wish.signers)
    if present != wanted:
        added = tuple(one for one in wish.signers if one not in present)
        removed = tuple(one for one in domain.signers if one not in wanted)
        await update_domain(through, UpdateDomain(domain.name, add_signers=added, rem_signers=removed))
    act.has_changed = act.has_changed or through.has_changed


def check_sponsor(act: Act, domain: Domain) -> None:
    """Refuse (NOT_PERMITTED) a name that another registrar manages: what is done there is done by his programs."""
    if domain.registrar_id != act.config.portal.registrar:
        raise Refusal(
            Reason.NOT_PERMITTED,
            f"这个域名由注册服务机构 {domain.registrar_id} 管理，请向其提出",
            f"registrar {domain.registrar_id} manages this name; please ask there",
            where="name",
            value=domain.name,
        )  # fmt: skip


async def _tell_second(act: Act, by: Person, domain: Domain) -> None:
    link, who, name = f"/portal/names/{domain.name}", by.name or by.username, to_u(domain.name)
    said = Text(
        f"{who} 提出变更“{name}”的域名服务器或 DS 记录，请核对后确认；确认以前解析不变。",
        f"{who} asks for other name servers or DS records of “{name}”; nothing changes until it is confirmed.",
    )  # fmt: skip
    subject = Text("域名解析变更待确认", "A change of delegation waits for a second person")
    to = Recipient("body", domain.uscc)
    if await people.count_of_body(act.conn, domain.uscc) < 2:  # two people
        body = await bodies.find_body(act.conn, domain.uscc)
        to, link = (reviewers_of(body.level, body.region), "/portal/changes") if body else (to, link)
    await act.notify(Notice(to, "delegation.asked", subject, said, link, "action", {"name": domain.name}))


def _told(domain: Domain, change: HolderChange, *, agrees: bool) -> Notice:
    name = to_u(domain.name)
    zh, en = ("已确认并生效", "was confirmed and took effect") if agrees else ("未予确认", "was not confirmed")
    return Notice(
        Recipient("person", change.asked_by.removeprefix("person:")),
        "delegation.decided",
        Text("域名解析变更的结果", "What became of a change of delegation"),
        Text(f"您提出的“{name}”解析变更{zh}。", f"The change of delegation of “{name}” that you asked for {en}."),
        f"/portal/names/{domain.name}",
    )


def _settled(change: HolderChange) -> Refusal:
    return Refusal(
        Reason.STATUS_FORBIDS,
        "这项变更已经办结，或不能再撤回",
        "it was decided before, or cannot be undone any more",
        where="change",
        value=change.state,
    )  # fmt: skip
