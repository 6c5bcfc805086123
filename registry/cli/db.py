"""``zhengming db migrate``: bring the database to the revision of this program."""

import argparse
import asyncio
from contextlib import ExitStack

from registry.cli.command import Command, configuration
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import migrate


def _run(args: argparse.Namespace) -> int:
    config = configuration(args)
    with ExitStack() as stack:
        url = config.database.url or stack.enter_context(Cluster(config)).dsn
        before, after = asyncio.run(migrate(url))
    print(f"{before or '空库 / empty'} → {after}")  # noqa: T201  # the command's answer
    return 0


COMMAND = Command(("db", "migrate"), "升级数据库结构 / migrate the database", lambda _: None, _run)
