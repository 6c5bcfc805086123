"""The command log: one partition a day (UTC), written in batches by COPY."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.kernel.db import Connection, Record

COLUMNS = (
    "at", "registrar_id", "user_id", "actor", "address", "command", "kind", "objects", "code", "reasons", "ms", "trid", "client_trid",
    "mode", "request", "response",
)  # fmt: skip
PREFIX = "command_log_"
_PARTS = "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'command_log'::regclass"


@dataclass(frozen=True, slots=True)
class Logged:
    """One command, without secrets. ``command`` with its operation (``transfer request``); ``ms`` from document to answer.

    ``mode``: empty, ``dry-run`` or ``impersonated``.
    """

    at: datetime
    registrar_id: str
    user_id: str
    actor: str
    address: str
    command: str
    kind: str
    objects: tuple[str, ...]
    code: int
    reasons: tuple[str, ...]
    ms: float
    trid: str
    client_trid: str
    mode: str = ""
    request: str = ""
    response: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty is any. ``command`` without operation finds all of its operations. ``before`` is the last line of the page before."""

    registrar_id: str = ""
    object: str = ""
    trid: str = ""
    command: str = ""
    code: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


async def ensure_days(conn: "Connection[Record]", days: Sequence[date]) -> None:
    """Make the partitions that are missing."""
    await conn.execute("select command_log_day(d) from unnest($1::date[]) d", days)


async def copy(conn: "Connection[Record]", lines: Sequence[Logged]) -> None:
    """Write them; the partitions are there."""
    rows = [tuple(getattr(line, column) for column in COLUMNS) for line in lines]
    await conn.copy_records_to_table("command_log", records=rows, columns=list(COLUMNS))


async def search(conn: "Connection[Record]", wanted: Wanted, limit: int) -> list[Logged]:
    """The newest first."""
    conditions, values = _conditions(wanted)
    where = f"where {' and '.join(conditions)}" if conditions else ""
    sql = (
        f"select {', '.join(COLUMNS)}, seq from command_log {where} order by at desc, seq desc limit ${len(values) + 1}"
    )
    rows = await conn.fetch(sql, *values, limit)
    return [_logged(row) for row in rows]


def _conditions(wanted: Wanted) -> tuple[list[str], list[object]]:
    """Only what was asked for stands in the statement, so that it is planned for the index that serves it."""
    conditions: list[str] = []
    values: list[object] = []

    def add(condition: str, *given: object) -> None:
        numbers = [f"${len(values) + place}" for place in range(1, len(given) + 1)]
        conditions.append(condition.format(*numbers))
        values.extend(given)

    if wanted.registrar_id:
        add("registrar_id = {0}", wanted.registrar_id)
    if wanted.object:
        add(
            "(objects[1] = {0} or (cardinality(objects) > 1 and objects @> array[{1}::text]))",
            wanted.object,
            wanted.object,
        )
    if wanted.trid:
        add("(trid = {0} or (client_trid <> '' and client_trid = {1}))", wanted.trid, wanted.trid)
    if wanted.command:
        add("(command = {0} or command like {1})", wanted.command, f"{wanted.command} %")
    if wanted.code is not None:
        add("code = {0}", wanted.code)
    if wanted.since:
        add("at >= {0}", wanted.since)
    if wanted.until:
        add("at < {0}", wanted.until)
    if wanted.before:
        add("(at, seq) < ({0}, {1})", *wanted.before)
    return conditions, values


def _logged(row: Record) -> Logged:
    values = dict(row)
    return Logged(**{**values, "objects": tuple(values["objects"]), "reasons": tuple(values["reasons"])})


async def days(conn: "Connection[Record]") -> list[date]:
    """The days that there are partitions of, in order."""
    names = [row["relname"] for row in await conn.fetch(_PARTS)]
    return sorted(
        datetime.strptime(name.removeprefix(PREFIX), "%Y%m%d").date()  # noqa: DTZ007  # a day, no instant
        for name in names
        if name.startswith(PREFIX)
    )


async def drop_day(conn: "Connection[Record]", day: date) -> None:
    """Remove a day for good; its name is made of digits only."""
    await conn.execute(f"drop table if exists {PREFIX}{day:%Y%m%d}")


async def count_by_command(
    conn: "Connection[Record]", registrar_id: str, since: datetime, until: datetime
) -> dict[tuple[str, str], int]:
    """How many commands of a period, by (kind, command), that were carried out or answered (code below 2000)."""
    rows = await conn.fetch(
        "select kind, command, count(*) as many from command_log where registrar_id = $1 and at >= $2 and at < $3"
        " and mode <> 'dry-run' and code < 2000 group by kind, command",
        registrar_id, since, until,
    )  # fmt: skip
    return {(row["kind"], row["command"]): row["many"] for row in rows}


async def count_tried(conn: "Connection[Record]", registrar_id: str, since: datetime, until: datetime) -> int:
    """How many domain:create commands were sent in a period, whatever became of them."""
    many: int = await conn.fetchval(
        "select count(*) from command_log where registrar_id = $1 and at >= $2 and at < $3 and mode <> 'dry-run'"
        " and kind = 'domain' and command = 'create'",
        registrar_id, since, until,
    )  # fmt: skip
    return many
