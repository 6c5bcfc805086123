"""What this instance is: production, or OT&E beside it (``registry/cli/ote.py``)."""

from dataclasses import replace

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from registry.store import registrars
from registry.store.instance import find_kind, mark

PORT_STEP = 100  # above production's: six doors, and room


def as_ote(config: Config, *, has_data: bool, has_port: bool) -> Config:
    """The configuration of the OT&E instance beside this one; a folder or a port that was named stays as it is named."""
    return replace(
        config,
        ote=True,
        demo=False,
        data=config.data if has_data else config.data / "ote",
        port_base=config.port_base if has_port else config.port_base + PORT_STEP,
        web=replace(config.web, public_url="") if not has_port else config.web,
    )


async def claim(config: Config, db: Database) -> None:
    """Mark the database as what this instance is, once. A fault when it is marked as the other, or holds what is not for practice."""
    kind = "ote" if config.ote else "production"
    async with db.transaction() as conn:
        found = await find_kind(conn)
        if found is None:
            if config.ote and await registrars.count(conn):
                raise Fault(
                    "这个数据库已有注册服务机构，不能用作 OT&E / this database has registrars already: it cannot be OT&E's"
                )
            await mark(conn, kind, SystemClock().now())
        elif found != kind:
            raise Fault(
                f"这个数据库属于 {found} 实例，本实例是 {kind} / this database is {found}'s, and this instance is {kind}"
            )
