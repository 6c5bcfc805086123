"""host:check (RFC 5732 section 3.1.1)."""

from dataclasses import dataclass

from registry.flows.act import Act
from registry.kernel.errors import Refusal, Text
from registry.model.answer import Availability
from registry.policy.objects.hostname import canonical_host
from registry.store import hosts

TAKEN = Text("已被使用", "In use")
NO_NAME = Text("主机名格式不正确", "Not a valid host name")


@dataclass(frozen=True, slots=True)
class CheckHosts:
    """The names in the order in which they were asked."""

    names: tuple[str, ...]


async def check_hosts(act: Act, order: CheckHosts) -> dict[str, Availability]:
    """Which names can still be created, under the spelling that was asked.

    A name below a domain of ours that does not exist is available too (RST epp-05): what it needs is asked at creation.
    """
    canonical = {name: _canonical(name) for name in order.names}
    sound = [name for name in canonical.values() if name]
    taken = await hosts.known(act.conn, sound) if sound else frozenset()
    return {name: _availability(canonical[name], taken) for name in order.names}


def _canonical(name: str) -> str:
    try:
        return canonical_host(name)
    except Refusal:
        return ""


def _availability(name: str, taken: frozenset[str]) -> Availability:
    if not name:
        return Availability(available=False, reason=NO_NAME)
    return Availability(available=False, reason=TAKEN) if name in taken else Availability(available=True)
