"""Telling registrars what others did to a host (RFC 8590).

The sponsor hears what an operator did; the registrars of the domains that delegate to a host hear of its new name, because their domains
show it from now on.
"""

from collections.abc import Iterable
from typing import Literal

from registry.flows.act import Act
from registry.flows.domain.told import changed_by, did_it_itself
from registry.model.host import Host, locked_host, statuses_of
from registry.model.snapshot import host_snapshot

Operation = Literal["update", "delete"]
TEXTS = {
    "update": ("主机 {} 已有变更", "host {} was changed"),
    "delete": ("注册局删除了主机 {}", "the registry deleted host {}"),
}


async def tell_host_change(act: Act, host: Host, operation: Operation, to: Iterable[str], reason: str = "") -> None:
    """Queue the message for each registrar in ``to`` but the one that acts."""
    zh, en = TEXTS[operation]
    payload = changed_by(act, operation, reason, is_gone=operation == "delete") | {
        "statuses": sorted(statuses_of(locked_host(host, act.now))),
        "host": host_snapshot(host),
    }
    for registrar_id in sorted(set(to)):
        if not did_it_itself(act, registrar_id):
            await act.tell(
                registrar_id, zh.format(host.name), en.format(host.name), kind="host.changed", payload=payload
            )
