"""One delegation checked, for the command line and for those who asked through a table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database
from resolver.probing.asking import Asker, NetworkAsker
from resolver.probing.facts import Proposal
from resolver.probing.finding import Finding, Severity
from resolver.probing.gathering import gather
from resolver.probing.proposals import name_of, registered, typed
from resolver.probing.rules import judge


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found."""

    proposal: Proposal
    findings: list[Finding]

    @property
    def has_errors(self) -> bool:
        """Whether the delegation would not work for everybody."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def network_asker(config: Config) -> NetworkAsker:
    """The asker that the configuration wants."""
    probe = config.probe
    return NetworkAsker(tuple(probe.resolvers), probe.port, probe.private_addresses)


async def check(proposal: Proposal, asker: Asker, clock: Clock) -> Checked:
    """Ask all servers and judge."""
    return Checked(proposal, judge(await gather(proposal, asker, clock.now())))


async def check_delegation(
    config: Config, db: Database, clock: Clock, name: str, servers: Sequence[str] = (), signers: Sequence[str] = ()
) -> Checked:
    """The name as it is delegated, or as ``servers`` and ``signers`` (lines as people type them) would have it.

    Refuses with VALUE_INVALID what is no name, address or record, and with NOT_FOUND a name without delegation.
    """
    wanted = name_of(name)
    proposal = typed(wanted, servers, signers) if servers else await registered(db, wanted)
    return await check(proposal, network_asker(config), clock)


def as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """As findings are kept and printed."""
    return [
        {"severity": each.severity, "code": each.code, "where": each.where, **asdict(each.text)} for each in findings
    ]
