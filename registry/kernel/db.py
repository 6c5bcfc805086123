"""The door to PostgreSQL: a pool, transactions that retry, and nothing that hides SQL.

This is the only module (with ``registry/kernel/pg``) that knows asyncpg; others take :data:`Connection` and :data:`Record` from here.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, TypeVar

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from registry.kernel.errors import Reason, Refusal

Connection = PoolConnectionProxy  # what stores and flows are handed: fetch, fetchrow, fetchval, execute, executemany
Record = asyncpg.Record
UniqueViolation = asyncpg.UniqueViolationError  # carries .constraint_name
ForeignKeyViolation = asyncpg.ForeignKeyViolationError
Isolation = Literal["read_committed", "repeatable_read", "serializable"]
T = TypeVar("T")

# What a fresh attempt can cure: the database chose us as the victim, or went away before anything was committed.
RETRIED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
GONE = (asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError, ConnectionError, OSError)  # fmt: skip
MAX_ATTEMPTS = 8  # with the waits below a victim of a storm has half a second; after that the caller should hear of it
FIRST_WAIT_SECONDS = 0.002


class Database:
    """A pool of connections. Close it last."""

    def __init__(self, pool: "asyncpg.Pool[Record]", dsn: str, unclean: "Unclean") -> None:
        self._pool = pool
        self._unclean = unclean
        self.dsn = dsn
        self._pending: dict[str, asyncio.Task[None]] = {}

    @classmethod
    async def open(
        cls, dsn: str, *, size: int = 10, statement_timeout_seconds: float = 30.0, wait_seconds: float = 0.0
    ) -> "Database":
        """Connect, waiting up to ``wait_seconds`` for a server that is still starting."""
        deadline = asyncio.get_running_loop().time() + wait_seconds
        while True:
            try:
                unclean = Unclean()
                return cls(await _pool(dsn, size, statement_timeout_seconds, unclean), dsn, unclean)
            except GONE:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Wait for what is running, then close; connections that do not come back in ten seconds are cut."""
        for task in self._pending.values():
            task.cancel()
        try:
            await asyncio.wait_for(self._pool.close(), timeout=10)
        except (TimeoutError, *GONE):
            self._pool.terminate()

    async def fetch(self, sql: str, *args: Any) -> list[Record]:
        """All rows of one statement, outside any transaction of ours."""
        async with self.connection() as conn:
            return await conn.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: Any) -> Record | None:
        """The first row, or None."""
        async with self.connection() as conn:
            return await conn.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """The first column of the first row, or None."""
        async with self.connection() as conn:
            return await conn.fetchval(sql, *args)

    async def execute(self, sql: str, *args: Any) -> str:
        """Run one statement; the answer is PostgreSQL's command tag."""
        async with self.connection() as conn:
            return await conn.execute(sql, *args)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection[Record]"]:
        """One connection of the pool. A database that is away is ``UNAVAILABLE``, never a traceback at a door.

        Whoever changes the state of the session (a setting, a lock that outlives the transaction) puts it back itself; only
        after an exception the connection is cleaned for it, because cleaning costs as much as a small statement.
        """
        try:
            acquired = await self._pool.acquire()
        except (*GONE, asyncpg.InterfaceError) as error:  # the latter when the pool is closing
            raise _unavailable() from error
        is_unclean = True
        try:
            yield acquired
            is_unclean = False
        except Refusal:  # our own words, said by code that left the session in order
            is_unclean = False
            raise
        except GONE as error:
            raise _unavailable() from error
        except asyncpg.InterfaceError as error:
            if _has_gone(acquired):
                raise _unavailable() from error
            raise
        finally:
            if is_unclean:
                self._unclean.note(acquired)
            # One whose statement was cancelled a moment ago may still be busy when it is cleaned; the pool throws it away then.
            with suppress(*GONE, asyncpg.InterfaceError, asyncpg.InternalClientError):
                await self._pool.release(acquired)

    @asynccontextmanager
    async def transaction(
        self, isolation: Isolation = "read_committed", *, readonly: bool = False
    ) -> AsyncIterator["Connection[Record]"]:
        """One transaction, tried once: commit at the end of the block, roll back on any exception."""
        async with self.connection() as conn, conn.transaction(isolation=isolation, readonly=readonly):
            yield conn

    async def run(
        self, work: "Callable[[Connection[Record]], Awaitable[T]]", isolation: Isolation = "read_committed"
    ) -> T:
        """Run ``work`` in a transaction; when PostgreSQL makes it the victim of a conflict, run it again from the start.

        ``work`` must therefore have no effect outside its connection.
        """
        wait = FIRST_WAIT_SECONDS
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                async with self.transaction(isolation) as conn:
                    return await work(conn)
            except RETRIED as error:
                if attempt == MAX_ATTEMPTS:
                    raise _busy() from error
            await asyncio.sleep(wait)
            wait *= 2
        raise AssertionError("the loop returns or raises")

    def notify_soon(self, channel: str) -> None:
        """Send a NOTIFY from a transaction of its own; calls while one is on its way are folded into the next."""
        task = self._pending.get(channel)
        if task is None or task.done():
            self._pending[channel] = asyncio.create_task(self._notify(channel))
        else:
            task.add_done_callback(lambda _: self.notify_soon(channel) if self._pending.get(channel) is task else None)

    async def _notify(self, channel: str) -> None:
        with suppress(Refusal):  # the followers poll as well
            await self.execute("select pg_notify($1, '')", channel)

    async def listen(self, channel: str, heard: Callable[[], None]) -> "Listener":
        """A connection of its own that calls ``heard`` at every NOTIFY on ``channel``; close it when done."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.add_listener(channel, lambda *_: heard())
        except BaseException:  # a cancelled task must not leave a connection behind either
            connection.terminate()
            raise
        return Listener(connection)


class Unclean:
    """Which connections have to be cleaned before somebody else gets them, and the cleaning."""

    def __init__(self) -> None:
        self._pids: set[int] = set()

    def note(self, conn: "Connection[Record]") -> None:
        """It was given up in the middle of something."""
        with suppress(asyncpg.InterfaceError):  # the pool has taken a closed one away already
            self._pids.add(conn.get_server_pid())

    async def clean(self, conn: "asyncpg.Connection[Record]") -> None:
        """What the pool calls at each return; an open transaction was rolled back before."""
        if (pid := conn.get_server_pid()) in self._pids:
            self._pids.discard(pid)
            await conn.execute(conn.get_reset_query())


class Listener:
    """A dedicated connection for LISTEN. ``lost`` is true once the server closed it."""

    def __init__(self, connection: "asyncpg.Connection[Record]") -> None:
        self._connection = connection

    @property
    def lost(self) -> bool:
        """Whether the connection is gone, so that notices may have been missed."""
        return self._connection.is_closed()

    async def close(self) -> None:
        """Give the connection back to the server."""
        if not self._connection.is_closed():
            self._connection.terminate()


async def _pool(dsn: str, size: int, statement_timeout_seconds: float, unclean: Unclean) -> "asyncpg.Pool[Record]":
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        max_inactive_connection_lifetime=300,
        timeout=10,
        init=_prepare,
        reset=unclean.clean,
        server_settings={
            "statement_timeout": str(int(statement_timeout_seconds * 1000)),
            "timezone": "UTC",
            "jit": "off",
        },
    )


async def _prepare(conn: "asyncpg.Connection[Record]") -> None:
    await conn.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump, decoder=msgspec.json.decode)
    await conn.set_type_codec("json", schema="pg_catalog", encoder=_dump, decoder=msgspec.json.decode)


def _has_gone(conn: "Connection[Record]") -> bool:
    """Whether the server closed it; the pool takes such a connection away from under its user."""
    try:
        return bool(conn.is_closed())
    except asyncpg.InterfaceError:
        return True


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _unavailable() -> Refusal:
    return Refusal(
        Reason.UNAVAILABLE, "数据库暂时不可用，请稍后重试", "the database is away for a moment; please try again"
    )


def _busy() -> Refusal:
    return Refusal(
        Reason.UNAVAILABLE,
        "同一对象正被多方同时修改，请重试",
        "the same objects are being changed by many at once; please try again",
    )
