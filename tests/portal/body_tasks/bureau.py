"""A county's bureau with a name that resolves and a mark on its site, and what may happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry.establishment.exporting import write_bodies
from registry.establishment.importing import import_file
from registry.flows.act import Caller
from registry.flows.body_task.approve import ApproveDecision, approve_decision
from registry.flows.body_task.choice import Choice, read_choice
from registry.flows.body_task.propose import ProposeDecision, propose_decision
from registry.flows.delegation.set_servers import Server, SetServers, set_servers
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.runner import Runner
from registry.kernel.names import to_a
from registry.model.body import Body
from registry.policy.codes import compose
from resolver.following.source import some_delegations
from tests.portal.world import BY_NAME
from verifier.checks.txt import DnsTxt
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.monitor.standing import suspend_fallen
from verifier.monitor.succession import follow_names

REGISTRAR = Caller("registrar", "registrar-a")
OPERATOR = Caller("person", "operator", may_override=True)
OLD = Body(
    uscc=compose("11", "430121", "00000301"), name="长沙县文化局", kind="11", administrative=True, region="430121", level="county",
    changed_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
)  # fmt: skip
NEW = replace(OLD, name="长沙县文化旅游局", status="renamed", changed_at=datetime(2026, 6, 2, 2, tzinfo=UTC))
HEIR = replace(
    OLD,
    uscc=compose("11", "430121", "00000302"),
    name="长沙县文化旅游体育局",
    changed_at=datetime(2026, 9, 1, 2, tzinfo=UTC),
)
STRANGER = replace(OLD, uscc=compose("11", "430121", "00000303"), name="长沙县水利局")
MERGED = replace(NEW, status="merged", successor_uscc=HEIR.uscc, changed_at=datetime(2026, 9, 1, 3, tzinfo=UTC))
GONE = replace(OLD, status="abolished", changed_at=datetime(2026, 6, 2, 2, tzinfo=UTC))
SUSPENDED = replace(OLD, status="suspended", changed_at=datetime(2026, 6, 2, 2, tzinfo=UTC))
LABEL = "长沙县文化局.政务"
NAME = to_a(LABEL)
HOST = f"www.{NAME}"


@dataclass(frozen=True)
class County:
    """The county's register, and what a test does in it."""

    runner: Runner

    async def found(self) -> None:
        """The bureau, its name with a name server, a mark on its site."""
        await self.brings(OLD)
        await self.runner.run(REGISTRAR, lambda act: create_domain(act, CreateDomain(NAME, 2, uscc=OLD.uscc)))
        servers = SetServers(NAME, (Server("ns1.example.cn"),))
        await self.runner.run(REGISTRAR, lambda act: set_servers(act, servers))
        await self.marks(OLD.uscc, HOST)

    async def brings(self, *bodies: Body) -> None:
        """What the establishment database says from now on."""
        path: Path = self.runner.config.data / "change.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bodies(path, bodies)
        report = await import_file(self.runner.db, path, snapshot=False, actor="job:test", clock=self.runner.clock)
        assert not report.rejected, report

    async def marks(self, uscc: str, *hosts: str) -> str:
        """A mark for these hosts, the first of which is the site's address; its number."""
        order = MarkOrder(uscc, f"https://{hosts[0]}/", hosts, attested="窗口核验")
        mark = await issue_mark(self.runner.db, order, self.runner.clock, self.runner.config, DnsTxt())
        return mark.id

    async def task(self) -> int:
        """The newest task."""
        return int(await self.runner.db.fetchval("select max(id) from body_task"))

    async def proposes(
        self, username: str, choices: Mapping[str, Choice] | str, reason: str = "经研究，拟办如下"
    ) -> None:
        """A reviewer speaks about the newest task; a text is a choice for its one name."""
        given = {NAME: chosen(choices)} if isinstance(choices, str) else choices
        order = ProposeDecision(await self.task(), given, reason)
        person = BY_NAME[username]
        await self.runner.run(Caller("person", username), lambda act: propose_decision(act, person, order))

    async def approves(self, username: str, seen: str | None = None) -> None:
        """Another agrees to what he sees there."""
        number, person = await self.task(), BY_NAME[username]
        at = await self.runner.db.fetchval("select proposed_at from body_task where id = $1", number)
        order = ApproveDecision(number, seen if seen is not None else at.isoformat() if at else "")
        await self.runner.run(Caller("person", username), lambda act: approve_decision(act, person, order))

    async def decides(self, choices: Mapping[str, Choice] | str, reason: str = "经研究，拟办如下") -> None:
        """Two of the county's reviewers."""
        await self.proposes("reviewer-county", choices, reason)
        await self.approves("reviewer-county-2")

    async def watches(self) -> None:
        """The monitor's round."""
        await follow_names(self.runner.db, self.runner.clock, self.runner.config, DnsTxt())
        await suspend_fallen(self.runner.db, self.runner.clock)

    async def resolves(self, name: str = NAME) -> bool:
        """Whether the name stands in the zone, read as the resolver reads it."""
        async with self.runner.db.transaction() as conn:
            return name in await some_delegations(conn, [name])

    async def told(self, recipient: str) -> list[str]:
        """Kinds of the notices that somebody got, in order."""
        rows = await self.runner.db.fetch("select kind from notice where recipient = $1 order by id", recipient)
        return [row["kind"] for row in rows]

    async def polls(self) -> list[dict[str, Any]]:
        """What the registrars have in their queues, the oldest first."""
        return [
            dict(row)
            for row in await self.runner.db.fetch("select kind, payload, text_zh from poll_message order by id")
        ]

    async def holder(self) -> str:
        """Whose the name is."""
        return str(await self.runner.db.fetchval("select uscc from domain where name = $1", NAME))

    async def state_of(self, mark: str) -> tuple[str, str]:
        """What was written down about a mark, and why."""
        row = await self.runner.db.fetchrow("select state, reason from verifier.mark where id = $1", mark)
        assert row is not None
        return row["state"], row["reason"]


def chosen(text: str) -> Choice:
    """``keep``, ``follow:CODE``, ``retire@2026-12-31``."""
    what, _, until = text.partition("@")
    kind, _, holder = what.partition(":")
    return read_choice(kind, holder, until)
