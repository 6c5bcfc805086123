"""Where a registrar logs in from: lists of networks (CIDR, IPv4 and IPv6).

An empty list lets everybody in who has password and key; the first network shuts out the rest. A registrar proposes, with a second
factor that its door checks, and an operator decides; an operator may also write the list himself. Nobody shuts the registrar out by
mistake: a list that would not hold an address where the registrar is now, or logged in from yesterday, is refused.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import IPv6Network, ip_network

from registry.flows.act import Act
from registry.flows.registrar.permission import (
    already_exists,
    check_reason,
    is_sponsor,
    no_registrar,
    not_found,
    require_operator,
    require_own,
)
from registry.flows.registrar.users import no_user
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient
from registry.model.registrar import Network, is_within, plain_address
from registry.store import registrar_users
from registry.store.registrar_users import ListedNetwork

MAX_NETWORKS = 100  # of one registrar; it is held against the address at every login
LOOKED_BACK = timedelta(days=1)  # whoever logged in within a day will do so again
IN_FORCE = ("active", "leaving")


@dataclass(frozen=True, slots=True)
class AddNetwork:
    """``network`` as typed: ``192.0.2.0/24``, ``2001:db8::/48``, or one address. ``user_id`` empty: all logins of the registrar.

    ``is_forced``: an operator knows that addresses in use are shut out.
    """

    registrar_id: str
    network: str
    user_id: str = ""
    note: str = ""
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class DecideNetwork:
    """``number`` is that of a network on the list; for ``approve`` one that was proposed."""

    number: int
    reason: str
    is_forced: bool = False


async def propose_network(act: Act, order: AddNetwork) -> int:
    """A registrar asks for one more network; an operator decides. Its number.

    Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``, ``VALUE_INVALID`` (network), ``ALREADY_EXISTS``, ``POLICY_FORBIDS`` (too many).
    """
    require_own(act, order.registrar_id)
    return await _add(act, order, "proposed")


async def add_network(act: Act, order: AddNetwork) -> int:
    """An operator puts it on the list: from the next login on, and at once for sessions from elsewhere.

    Refuses as :func:`propose_network`, and with ``STATUS_FORBIDS`` when an address in use would be shut out.
    """
    require_operator(act, order.registrar_id)
    return await _add(act, order, "active")


async def propose_removal(act: Act, number: int) -> None:
    """A registrar asks to take one off; it stays in force until an operator decides. A mere proposal is taken back at once."""
    found = await _find(act, number)
    require_own(act, found.registrar_id)
    state = "ended" if found.state == "proposed" else "leaving"
    await registrar_users.set_network_state(
        act.conn, number, state, by=found.decided_by, at=act.now, asked_by=act.caller.actor
    )
    await _remember(act, found, "network_proposed" if state == "leaving" else "network_withdrawn", {})
    if state == "leaving":
        await _tell_operators(act, replace(found, state=state))


async def approve_network(act: Act, order: DecideNetwork) -> None:
    """An operator agrees to what was proposed, be it to add or to remove. ``STATUS_FORBIDS`` when nothing is."""
    found = await _decided(act, order)
    state = {"proposed": "active", "leaving": "ended"}.get(found.state)
    if state is None:
        zh, en = "这一项没有待决的提议", "nothing is proposed about this one"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="number", value=str(order.number))
    await _check_lock_out(act, found, state, is_forced=order.is_forced)
    await _move(act, found, state, order.reason)


async def refuse_network(act: Act, order: DecideNetwork) -> None:
    """An operator does not agree; what is in force stays."""
    found = await _decided(act, order)
    await _move(act, found, {"proposed": "ended"}.get(found.state, "active"), order.reason)


async def remove_network(act: Act, order: DecideNetwork) -> None:
    """An operator takes one off. ``STATUS_FORBIDS`` when an address in use would be shut out, ``NOT_FOUND``."""
    found = await _decided(act, order)
    await _check_lock_out(act, found, "ended", is_forced=order.is_forced)
    await _move(act, found, "ended", order.reason)


def read_network(text: str) -> Network:
    """The network that was typed; an IPv4 one that is written as IPv6 becomes itself. Refuses with ``VALUE_INVALID``."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        zh, en = (
            "网段写法有误，例如 192.0.2.0/24、2001:db8::/48",
            "not a network, such as 192.0.2.0/24 or 2001:db8::/48",
        )
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="network", value=text[:60]) from None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is not None and network.prefixlen >= 96:
        return ip_network(f"{mapped}/{network.prefixlen - 96}", strict=False)
    if network.prefixlen == 0:
        zh, en = "0 位前缀等于不设限制，请删除名单", "a prefix of 0 bits is no limit at all; remove the list instead"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="network", value=text[:60])
    return network


async def _add(act: Act, order: AddNetwork, state: str) -> int:
    network = read_network(order.network)
    if not await registrar_users.lock(act.conn, order.registrar_id):
        raise no_registrar(order.registrar_id)
    if order.user_id and await registrar_users.find(act.conn, order.registrar_id, order.user_id) is None:
        raise no_user(order.user_id)
    if len(await registrar_users.networks(act.conn, order.registrar_id)) >= MAX_NETWORKS:
        zh, en = f"名单至多 {MAX_NETWORKS} 项", f"a list has at most {MAX_NETWORKS} networks"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="network")
    by = act.caller.actor
    one = ListedNetwork(0, order.registrar_id, order.user_id, network, state, order.note[:200], by, act.now)
    if state == "active":
        one = replace(one, decided_by=by, decided_at=act.now)
        await _check_lock_out(act, one, state, is_forced=order.is_forced)
    try:
        number = await registrar_users.add_network(act.conn, one)
    except UniqueViolation:
        raise already_exists("网段", "network", where="network", value=str(network)) from None
    await _remember(act, replace(one, id=number), "network_proposed" if state == "proposed" else "network_added", {})
    if state == "proposed":
        await _tell_operators(act, one)
    return number


async def _find(act: Act, number: int) -> ListedNetwork:
    found = await registrar_users.find_network(act.conn, number)
    if found is None or (act.caller.kind == "registrar" and not is_sponsor(act, found.registrar_id)):
        raise not_found("网段", "network", where="number", value=str(number))
    return found


async def _decided(act: Act, order: DecideNetwork) -> ListedNetwork:
    require_operator(act, "")
    check_reason(order.reason)
    return await _find(act, order.number)


async def _check_lock_out(act: Act, one: ListedNetwork, state: str, *, is_forced: bool) -> None:
    """Would an address where the registrar is, or was yesterday, no longer be let in?"""
    await registrar_users.lock(act.conn, one.registrar_id)
    listed = await registrar_users.networks(act.conn, one.registrar_id)
    kept = tuple(x.network for x in listed if x.user_id == one.user_id and x.state in IN_FORCE and x.id != one.id)
    after = (*kept, one.network) if state == "active" else kept
    used = await registrar_users.recent_addresses(act.conn, one.registrar_id, one.user_id, act.now - LOOKED_BACK)
    shut_out = [address for address in used if after and not is_within(plain_address(address), after)]
    if shut_out and not is_forced:
        shown = "、".join(shut_out[:10])
        raise Refusal(
            Reason.STATUS_FORBIDS,
            f"该注册服务机构正在使用的地址将被挡在门外：{shown}",
            f"addresses that the registrar uses would be shut out: {shown}",
            where="network",
            value=str(one.network),
        )


async def _move(act: Act, one: ListedNetwork, state: str, reason: str) -> None:
    await registrar_users.set_network_state(act.conn, one.id, state, by=act.caller.actor, at=act.now)
    kind = "network_added" if state == "active" else "network_removed"
    await _remember(act, replace(one, state=state), kind, {"reason": reason.strip()})
    words = Text("启用", "is in force") if state == "active" else Text("停用", "is no longer in force")
    await act.notify(
        Notice(
            Recipient("registrar", one.registrar_id),
            f"registrar.{kind}",
            Text(f"来源网段 {one.network} {words.zh}", f"The network {one.network} {words.en}"),
            Text(f"{one.network} 已{words.zh}。{reason}", f"{one.network} {words.en}. {reason}"),
            link="/portal/registrar",
        )
    )


async def _remember(act: Act, one: ListedNetwork, kind: str, more: dict[str, object]) -> None:
    snapshot = {"network": str(one.network), "user": one.user_id, "state": one.state, "note": one.note, **more}
    await act.remember(f"registrar.{kind}", one.registrar_id, snapshot)


async def _tell_operators(act: Act, one: ListedNetwork) -> None:
    zh, en = ("增加", "to add") if one.state == "proposed" else ("去掉", "to remove")
    await act.notify(
        Notice(
            Recipient("role", "operator"),
            "registrar.network_proposed",
            Text(f"{one.registrar_id} 提议{zh}来源网段", f"{one.registrar_id} proposes {en} a network"),
            Text(f"{one.registrar_id} 提议{zh} {one.network}。", f"{one.registrar_id} proposes {en} {one.network}."),
            link="/portal/registrars",
            severity="action",
        )
    )
