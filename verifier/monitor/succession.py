"""Marks follow names: when reviewers gave a name to a successor, the mark of the body that is gone ends and the successor gets its own.

What the mark stood for was proved for these hosts and goes on: the same people run the same site under the same name, and two reviewers
decided that it is the successor's. The new mark's record says so instead of a new proof. A mark whose hosts lie under several names follows
only when all of them went to one successor; otherwise it ends, and the successors apply for theirs.

Each half is a transaction of its own, and what is still to be done is read from the tables: a watch that died between them goes on there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.kernel.clock import Clock
from registry.kernel.config import Config
from registry.kernel.db import Database, Record
from registry.kernel.errors import Refusal
from registry.kernel.log import get_logger
from verifier.marks import store
from verifier.marks.change import change_mark
from verifier.marks.control import TxtResolver
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.origin import registered_name
from verifier.marks.states import MarkAct, MarkState

ACTOR = "monitor:succession"
REASON = "名称由承继机构承继 / the name follows a successor"
AT_ONCE = 500  # decisions that one round looks at; the next goes on

_DECIDED = """
select s.task_id, s.name, s.before, s.holder, m.id as mark_id
from published.succession s join verifier.mark m on m.uscc = s.before
where m.state <> 'revoked' or (m.reason = $1 and not exists (
    select from verifier.mark_host h join verifier.mark_host other on other.host = h.host join verifier.mark n on n.id = other.mark_id
    where h.mark_id = m.id and n.state <> 'revoked'))
order by s.at, m.id limit $2"""


@dataclass(frozen=True, slots=True)
class _Succession:
    task_id: int
    mark_id: str
    holders: Mapping[str, str]  # by registered name


async def follow_names(db: Database, clock: Clock, config: Config, resolver: TxtResolver) -> int:
    """Let every mark follow whose name did; returns how many new ones were issued."""
    rows = await db.fetch(_DECIDED, REASON, AT_ONCE)
    return sum([await _follow(db, one, clock, config, resolver) for one in _by_mark(rows)])


def _by_mark(rows: list[Record]) -> list[_Succession]:
    found: dict[str, _Succession] = {}
    for row in rows:
        before = found.get(row["mark_id"])
        holders = {**(before.holders if before else {}), row["name"]: row["holder"]}
        found[row["mark_id"]] = _Succession(row["task_id"], row["mark_id"], holders)
    return list(found.values())


async def _follow(db: Database, one: _Succession, clock: Clock, config: Config, resolver: TxtResolver) -> bool:
    mark = await store.find_mark(db, one.mark_id)
    if mark is None:
        return False
    holders = {one.holders.get(registered_name(host), "") for host in mark.hosts}
    if holders == {""}:
        return False  # none of its names was touched
    if mark.stored is not MarkState.REVOKED:
        await change_mark(db, mark.id, MarkAct.REVOKE, REASON, ACTOR, clock)
    if len(holders) > 1:
        return False
    attested = f"机构变动事项 {one.task_id}：名称由承继机构承继，原标识 {mark.id} / body task {one.task_id}, formerly {mark.id}"
    order = MarkOrder(
        uscc=holders.pop(), origin=mark.origin, hosts=mark.hosts, purpose=mark.purpose, attested=attested, actor=ACTOR
    )
    try:
        await issue_mark(db, order, clock, config, resolver)
    except Refusal as refusal:  # the successor ended too, or the name went on: people apply anew
        get_logger().warning(
            "a mark did not follow its name", mark=mark.id, reason=refusal.reason, text=refusal.text.en
        )
        return False
    return True
