"""The county of ``place``."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.establishment.exporting import write_bodies
from registry.establishment.importing import import_file
from registry.flows.runner import Runner
from tests.institutions.place import ABROAD, AGENCY, FIRST, OWN, SECOND, SPONSOR
from tests.kit.clock import FakeClock


@pytest.fixture
async def county(runner: Runner, clock: FakeClock, tmp_path: Path) -> Runner:
    """A county with a sponsor and the people who act, on a Monday of January 2026."""
    clock.set(datetime(2026, 1, 12, 2, tzinfo=UTC))
    path = tmp_path / "bodies.csv"
    write_bodies(path, [SPONSOR])
    await import_file(runner.db, path, snapshot=False, actor="job:test", clock=clock)
    for one in (AGENCY, OWN, FIRST, SECOND, ABROAD):
        await runner.db.execute(
            "insert into person (username, role, region, uscc, name, password_hash, totp_secret, created_at) "
            "values ($1, $2, $3, $4, $5, '', '', now())",
            one.username, one.role.value, one.region, one.uscc, one.name,
        )  # fmt: skip
    return runner
