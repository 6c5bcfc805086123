"""One PostgreSQL per test run, one migrated template, one clone per test."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.kernel.pg.cluster import DATABASE, Cluster
from registry.kernel.pg.migrate import migrate

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
}
TEMPLATE = "template_zhengming"


class TestDatabases:
    """The server of this run, shared by all workers; each clone is dropped after its test."""

    __test__ = False

    def __init__(self, folder: Path, worker: str) -> None:
        self._cluster = Cluster(load_config(data=folder), FAST)
        self._worker = worker
        self._count = 0
        self._ready = folder / "template-ready"

    def start(self) -> None:
        self._cluster.open()
        with (self._cluster.root / "template").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._ready.exists():
                asyncio.run(self._make_template())
                self._ready.touch()

    def stop(self) -> None:
        self._cluster.close()

    def dsn(self, name: str) -> str:
        return self._cluster.dsn.replace(f"/{DATABASE}?", f"/{name}?")

    async def _make_template(self) -> None:
        await self._admin(f"create database {TEMPLATE}")
        await migrate(self.dsn(TEMPLATE))

    async def _admin(self, sql: str) -> None:
        conn = await asyncpg.connect(self.dsn("postgres"))
        try:
            await conn.execute(sql)
        finally:
            await conn.close()

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """The URL of a database without any table."""
        async with self._named("template0") as dsn:
            yield dsn

    @asynccontextmanager
    async def clone_dsn(self) -> AsyncIterator[str]:
        """The URL of a fresh migrated database."""
        async with self._named(TEMPLATE) as dsn:
            yield dsn

    @asynccontextmanager
    async def clone(self) -> AsyncIterator[Database]:
        """A fresh migrated database, open."""
        async with self.clone_dsn() as dsn:
            db = await Database.open(dsn, size=20)
            try:
                yield db
            finally:
                await db.close()

    @asynccontextmanager
    async def _named(self, template: str) -> AsyncIterator[str]:
        self._count += 1
        name = f"test_{self._worker}_{self._count}"
        await self._admin(f"create database {name} template {template} strategy file_copy")
        try:
            yield self.dsn(name)
        finally:
            await self._admin(f"drop database {name} with (force)")
