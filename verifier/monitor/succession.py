"""Marks go with names: issued anew to the successor that a name followed, revoked with a name that retired.

Reviewers decide about names (``published.name_decision``); what a mark stands for hangs on them. Where a name followed a successor, the mark of
the body that is gone ends and the successor gets its own for the same hosts: the same people run the same site under the same name, which
two reviewers decided is the successor's; the new mark's record says so instead of a new proof. Of a mark whose hosts lie under several names
only those follow that went to the successor of the name that the site lives at; for the others people apply anew. Nothing is issued twice: a
mark that was issued to the successor afterwards, whatever became of it, ends the matter, so a revocation stays one.

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
from verifier.marks.origin import read_origin, registered_name
from verifier.marks.states import MarkAct, MarkState
from verifier.marks.store import Mark
from verifier.monitor.standing import BODY_GONE, NAME_GONE

ACTOR = "monitor:succession"
REASON = "名称由承继机构承继 / the name follows a successor"
RETIRED = "名称已停用 / the name is out of use"
UNDER_CHECK = "名称已承继；标识当时正在核查，须重新申请 / the name follows a successor; under check, so it applies anew"
AT_ONCE = 500  # marks that one round looks at; the next goes on

_DECIDED = """
select d.task_id, d.name, d.members, d.choice, d.holder, m.id as mark_id
from published.name_decision d join verifier.mark m on m.uscc = d.before and m.issued_at <= d.at
where exists (select from verifier.mark_host h where h.mark_id = m.id
              and substring(h.host from '[^.]+[.][^.]+$') = any (d.members || d.name))
  and (m.state <> 'revoked' or (d.choice = 'follow' and m.reason = $1 and not exists (
    select from verifier.mark_host h join verifier.mark_host other on other.host = h.host join verifier.mark n on n.id = other.mark_id
    where h.mark_id = m.id and n.uscc = d.holder and n.issued_at >= m.changed_at)))
order by m.state = 'revoked', d.at, m.id, d.name limit $2"""


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided about the names under a mark: ``holders`` by name, empty for one that retired."""

    task_id: int
    mark_id: str
    holders: Mapping[str, str]


async def follow_names(db: Database, clock: Clock, config: Config, resolver: TxtResolver) -> int:
    """Let every mark go with its name; returns how many new ones were issued."""
    rows = await db.fetch(_DECIDED, REASON, AT_ONCE)
    return sum([await _follow(db, one, clock, config, resolver) for one in _by_mark(rows)])


def _by_mark(rows: list[Record]) -> list[_Decided]:
    found: dict[str, _Decided] = {}
    for row in rows:
        before = found.get(row["mark_id"])
        names = {row["name"], *row["members"]}
        holders = {**(before.holders if before else {}), **dict.fromkeys(names, row["holder"])}
        found[row["mark_id"]] = _Decided(row["task_id"], row["mark_id"], holders)
    return list(found.values())


async def _follow(db: Database, one: _Decided, clock: Clock, config: Config, resolver: TxtResolver) -> bool:
    mark = await store.find_mark(db, one.mark_id)
    touched = [host for host in mark.hosts if registered_name(host) in one.holders] if mark else []
    if mark is None or not touched:
        return False
    heir = one.holders.get(registered_name(read_origin(mark.origin).host), "")
    hosts = tuple(host for host in touched if heir and one.holders[registered_name(host)] == heir)
    if mark.stored is MarkState.SUSPENDED and mark.reason not in {BODY_GONE, NAME_GONE}:
        await change_mark(db, mark.id, MarkAct.REVOKE, UNDER_CHECK if hosts else RETIRED, ACTOR, clock)
        return False  # what a person was looking into does not end with a new mark
    if mark.stored is not MarkState.REVOKED:
        await change_mark(db, mark.id, MarkAct.REVOKE, REASON if hosts else RETIRED, ACTOR, clock)
    return await _issue(db, one, mark, heir, hosts, clock, config, resolver) if hosts else False


async def _issue(
    db: Database, one: _Decided, mark: Mark, heir: str, hosts: tuple[str, ...], clock: Clock, config: Config, resolver: TxtResolver
) -> bool:  # fmt: skip
    attested = f"机构变动事项 {one.task_id}：名称由承继机构承继，原标识 {mark.id} / body task {one.task_id}, formerly {mark.id}"
    order = MarkOrder(heir, mark.origin, hosts, purpose=mark.purpose, attested=attested, actor=ACTOR)
    try:
        await issue_mark(db, order, clock, config, resolver)
    except Refusal as refusal:  # the successor ended too, or the name went on: people apply anew
        get_logger().warning("a mark did not follow", mark=mark.id, reason=refusal.reason, text=refusal.text.en)
        return False
    return True
