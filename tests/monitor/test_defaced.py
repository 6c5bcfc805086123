"""From a defaced page to a suspended mark, by the real checks against a real server, in simulated time."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from registry.flows.runner import Runner
from registry.jobs.tell_watch_alerts import tell_watch_alerts
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.monitor.watchtower import STEP, Tower, staged
from tests.verifier import world
from verifier.alerts.tell import tell_all
from verifier.marks import store
from verifier.marks.states import MarkState
from verifier.monitor.records.proof import bundle_confirmed, day_digest, tree_hash
from verifier.monitor.stage import Play, Scene
from verifier.monitor.suspending import suspend_confirmed

TEN_MINUTES = timedelta(minutes=10)


async def step(tower: Tower) -> None:
    """Fifteen seconds of the watch with its upkeep."""
    await tower.turn()
    await suspend_confirmed(tower.db, tower.clock)
    await bundle_confirmed(tower.db, tower.desk.bodies, tower.clock.now())
    await tell_all(tower.db, tower.clock.now())
    await tower.clock.move(seconds=STEP.total_seconds())


@pytest.mark.timeout(120)
async def test_a_defaced_page_loses_its_mark_within_ten_minutes(
    db: Database, clock: FakeClock, config: Config, runner: Runner, tmp_path: Path
) -> None:
    """Defaced page to suspended mark in at most ten minutes, seen by two places in two rounds, with both pages kept as proof, and told."""
    async with staged(db, clock, config, tmp_path) as (tower, stage, (mark,)):
        await tower.live(timedelta(minutes=50), step=timedelta(minutes=1))
        loud = await db.fetch(
            "select rule, state, finding ->> 'en' as en from verifier.incident where severity in ('P1', 'P2')"
        )
        assert [dict(row) for row in loud] == []

        host = to_a(world.TSINGHUA.holds)
        stage.scenes[host] = Scene(host, Play.DEFACED, world.TSINGHUA.name)
        began = clock.now()
        while clock.now() < began + TEN_MINUTES:
            await step(tower)
            found = await store.find_mark(db, mark)
            assert found
            if found.stored is MarkState.SUSPENDED:
                break
        assert found
        assert found.stored is MarkState.SUSPENDED
        assert clock.now() - began <= TEN_MINUTES

        row = await db.fetchrow("select * from verifier.incident where rule = 'defacement.words'")
        assert row
        assert row["state"] == "confirmed"
        assert row["mark_act"] == "suspended"
        looks = [place for place, _, is_found in row["reports"] if is_found]
        assert sum(looks.count(place) >= 2 for place in set(looks)) >= 2
        assert "DarkTeam" in tower.desk.bodies.read(row["after"]).decode()
        assert world.TSINGHUA.name in tower.desk.bodies.read(row["before"]).decode()

        await step(tower)
        await clock.move(minutes=1)
        await step(tower)
        bundle = await db.fetchrow("select * from verifier.bundle where incident = $1", row["id"])
        assert bundle
        manifest = msgspec.json.decode(tower.desk.bodies.read(bundle["digest"]))
        assert manifest["after"] == row["after"]
        day = await day_digest(db, clock.now().date())
        assert day.root == tree_hash([bytes.fromhex(one.digest) for one in day.bundles]).hex()
        assert row["id"] in {one.incident for one in day.bundles}

        await tell_watch_alerts(runner)
        told = {
            (one["recipient_kind"], one["recipient"])
            for one in await db.fetch("select * from notice where kind = 'watch.incident'")
        }
        assert ("body", world.TSINGHUA.uscc) in told
        assert ("role", "operator") in told
        assert any(kind == "reviewers" for kind, _ in told)
        assert await tell_watch_alerts(runner) == 0


@pytest.mark.timeout(120)
async def test_a_page_that_is_well_again_closes_its_incident_but_not_the_matter_of_the_mark(
    db: Database, clock: FakeClock, config: Config, tmp_path: Path
) -> None:
    """After clean looks the incident closes and people are told; the mark waits for a person."""
    async with staged(db, clock, config, tmp_path) as (tower, stage, (mark,)):
        host = to_a(world.TSINGHUA.holds)
        await tower.live(timedelta(minutes=10), step=timedelta(minutes=1))
        stage.scenes[host] = Scene(host, Play.DEFACED, world.TSINGHUA.name)
        for _ in range(40):
            await step(tower)
        stage.scenes[host] = Scene(host, Play.GOOD, world.TSINGHUA.name)
        for _ in range(180):
            await step(tower)
            if (
                await db.fetchval(
                    "select count(*) from verifier.incident where state in ('confirmed', 'suspected') and severity = 'P1'"
                )
                == 0
            ):
                break
        row = await db.fetchrow("select state, closed_at from verifier.incident where rule = 'defacement.words'")
        assert row
        assert row["state"] == "closed"
        await step(tower)
        assert await db.fetchval("select count(*) from verifier.alert where kind = 'watch.recovered'") > 0
        found = await store.find_mark(db, mark)
        assert found
        assert found.stored is MarkState.SUSPENDED
