"""What a command of ``zhengming`` is, and what all of them share: configuration, a database, a way to fail politely."""

import argparse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from registry.kernel.config import Config, load_config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import current_revision, known_revisions, migrate


@dataclass(frozen=True, slots=True)
class Command:
    """``words`` as typed (``("name", "check")``), one line of help, arguments, and the act; ``run`` returns the exit code."""

    words: tuple[str, ...]
    summary: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def add_common(parser: argparse.ArgumentParser) -> None:
    """The arguments that every command takes."""
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="数据目录，默认 ./var / data directory")
    parser.add_argument("--config", type=Path, default=None, metavar="FILE", help="TOML 配置文件 / configuration file")


def configuration(args: argparse.Namespace) -> Config:
    """The configuration that the arguments ask for."""
    given = {key: getattr(args, key, None) for key in ("data", "port_base", "demo", "ote", "workers")}
    return load_config(args.config, **given)


@asynccontextmanager
async def open_database(config: Config) -> AsyncIterator[Database]:
    """The configured database, or the embedded one, started if need be; always at the revision of this program.

    An embedded or empty database is migrated here; one of the operator's own that is behind is refused, so that a stray command on a
    new program does not change the schema under the running services.
    """
    if config.database.url:
        await _must_be_current(config.database.url)
        async with _opened(config.database.url) as db:
            yield db
    else:
        with Cluster(config) as cluster:
            await migrate(cluster.dsn)
            async with _opened(cluster.dsn) as db:
                yield db


async def _must_be_current(url: str) -> None:
    found = await current_revision(url)
    if found != known_revisions()[-1]:
        raise Fault(
            f"数据库版本为 {found}，请先运行 zhengming db migrate / the database is at {found}: run zhengming db migrate first"
        )


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    db = await Database.open(url, size=4, statement_timeout_seconds=0)  # an operator's import may take an hour
    try:
        yield db
    finally:
        await db.close()
