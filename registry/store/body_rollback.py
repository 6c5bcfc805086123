"""Taking an import back: what it changed is put back from ``body_past``, what it brought is removed, in set statements."""

from datetime import datetime

from registry.kernel.db import Connection, Record

MAX_NAMED = 20  # bodies that a refusal lists

# changed again by a later import: putting the old state back would undo that one as well
_LATER = """
(select p.uscc from body_past p join body b using (uscc) where p.ended_by = $1 and b.run is distinct from $1)
union (select uscc from body_past where made_by = $1 and ended_by <> $1) order by uscc limit $2"""
# brought by this import and relied upon since
_RELIED = """
select b.uscc from body b
where b.run = $1 and not exists (select from body_past p where p.ended_by = $1 and p.uscc = b.uscc)
  and (exists (select from domain where uscc = b.uscc) or exists (select from verification_code where uscc = b.uscc)
       or exists (select from application where uscc = b.uscc and state = 'submitted')
       or exists (select from published.site where uscc = b.uscc))
order by b.uscc limit $2"""

_HISTORY = """
insert into history (object, subject, act, actor, trid, at, snapshot)
select 'body', uscc, 'establishment.rollback', $2, $3, $4, to_jsonb(b) - 'digest' from body b where run = $1"""
_CHANGES = """
insert into change (at, kind, subject, detail)
select $2, case when p.uscc is null then 'body.removed' else 'body.changed' end, b.uscc, jsonb_strip_nulls(jsonb_build_object(
    'name', case when b.name <> p.state->>'name' then jsonb_build_array(b.name, p.state->'name') end,
    'status', case when b.status <> p.state->>'status' then jsonb_build_array(b.status, p.state->'status') end,
    'region', case when b.region <> p.state->>'region' then jsonb_build_array(b.region, p.state->'region') end))
from body b left join body_past p on p.uscc = b.uscc and p.ended_by = $1 where b.run = $1"""
_DUE = """
insert into body_key_due (uscc) select uscc from body where run = $1 on conflict do nothing"""
_REMOVE = "delete from body b where run = $1 and not exists (select from body_past p where p.ended_by = $1 and p.uscc = b.uscc)"
_REMOVE_NAMES = "delete from body_name n using body_past p where p.ended_by = $1 and n.uscc = p.uscc"
_RESTORE_NAMES = """
insert into body_name select n.* from body_past p cross join lateral jsonb_populate_recordset(null::body_name, p.names) n
where p.ended_by = $1"""
_UNFOLLOW = """
delete from body_succession s where s.run = $1 or exists (
    select from body_past p where p.ended_by = $1 and p.uscc = s.predecessor)"""
_FOLLOW = """
insert into body_succession select s.* from body_past p
cross join lateral jsonb_populate_recordset(null::body_succession, p.state->'successors') s where p.ended_by = $1"""
_RESTORED_AT = "update body b set imported_at = $2 from body_past p where p.ended_by = $1 and p.uscc = b.uscc"
_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
where attrelid = 'body'::regclass and attnum > 0 and not attisdropped"""
_TASKS = "update body_task set state = 'withdrawn', settled_at = $2, settled_by = $3 where run = $1 and state = 'open'"


async def act_behind(conn: "Connection[Record]", run: int) -> str | None:
    """The act of an institution that the run carried out, or None."""
    found: str | None = await conn.fetchval("select id from institution_act where outcome->>'run' = $1", str(run))
    return found


async def changed_since(conn: "Connection[Record]", run: int) -> list[str]:
    """Some bodies of the run that a later import changed again."""
    return [row["uscc"] for row in await conn.fetch(_LATER, run, MAX_NAMED)]


async def relied_upon(conn: "Connection[Record]", run: int) -> list[str]:
    """Some bodies that the run brought and that hold a name, a code, an application or a site by now."""
    return [row["uscc"] for row in await conn.fetch(_RELIED, run, MAX_NAMED)]


async def take_back(conn: "Connection[Record]", run: int, actor: str, trid: str, now: datetime) -> tuple[int, int]:
    """Undo it. Returns how many bodies were put back and how many removed."""
    columns = await conn.fetchval(_COLUMNS)
    await conn.execute(_HISTORY, run, actor, trid, now)
    await conn.execute(_CHANGES, run, now)
    await conn.execute(_DUE, run)
    removed = _count(await conn.execute(_REMOVE, run))
    await conn.execute(_REMOVE_NAMES, run)
    restored = _count(
        await conn.execute(
            f"""update body b set ({columns}) = (select {columns} from jsonb_populate_record(null::body, p.state))
                from body_past p where p.ended_by = $1 and p.uscc = b.uscc""",
            run,
        )
    )
    await conn.execute(_RESTORED_AT, run, now)
    await conn.execute(_RESTORE_NAMES, run)
    await conn.execute(_UNFOLLOW, run)
    await conn.execute(_FOLLOW, run)
    await conn.execute("delete from body_past where ended_by = $1", run)
    await conn.execute(_TASKS, run, now, actor)
    return restored, removed


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[-1])
