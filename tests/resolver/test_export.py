"""The signed zone as a master file, judged by other people's programs."""

import io
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from resolver.export import export_zone
from resolver.signing.keys import zone_key
from resolver.zone.records import to_text, to_wire
from tests.kit.clock import FakeClock
from tests.resolver.conftest import run
from tests.resolver.made import DIGEST, GOV
from tests.resolver.register import delegate, put_domain, put_host


@pytest.fixture
async def filled(zones_db: Database) -> Database:
    """Thirty names: most plain, some signed, one with glue, a bundle, one on hold and one without name servers."""
    async with zones_db.transaction() as conn:
        await put_host(conn, "ns1.example.com")
        await put_host(conn, "ns2.example.net")
        for number in range(25):
            await put_domain(conn, f"n{number}.{GOV}")
            signers = [(4711 + number, 13, 2, DIGEST)] if number % 4 == 0 else []
            await delegate(conn, f"n{number}.{GOV}", ["ns1.example.com", "ns2.example.net"], signers)
        await put_domain(conn, f"glue.{GOV}", f"bundle.{GOV}")
        await put_host(conn, f"ns1.glue.{GOV}", ["192.0.2.1", "2001:db8::1"])
        await delegate(conn, f"glue.{GOV}", [f"ns1.glue.{GOV}", "ns1.example.com"])
        await put_domain(conn, f"held.{GOV}", statuses=["serverHold"])
        await delegate(conn, f"held.{GOV}", ["ns1.example.com"])
        await put_domain(conn, f"bare.{GOV}")
    return zones_db


async def exported(config: Config, db: Database, tld: str, path: Path) -> str:
    """The export as text, written to ``path`` too."""
    out = io.StringIO()
    await export_zone(config, db, tld, out, SystemClock())
    path.write_text(out.getvalue())
    return out.getvalue()


CHECKERS = {
    "ldns-verify-zone": ["ldns-verify-zone"],
    "kzonecheck": ["kzonecheck", "-o", GOV, "-d", "on"],
    "named-checkzone": ["named-checkzone", "-i", "local", GOV],
}


@pytest.mark.parametrize("program", CHECKERS)
async def test_the_export_is_a_valid_signed_zone(
    program: str, filled: Database, config: Config, tmp_path: Path
) -> None:
    """ldns, Knot and BIND each load the file and verify what they verify: signatures, the NSEC3 chain, glue."""
    if not shutil.which(program) and not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed")
    await exported(config, filled, GOV, tmp_path / "zone")
    name = to_text(to_wire(GOV))
    assert name == f"{GOV}."

    await run(*CHECKERS[program], str(tmp_path / "zone"))


async def test_the_export_holds_what_is_published_and_nothing_else(
    filled: Database, config: Config, tmp_path: Path
) -> None:
    """Every member of a bundle, DS, glue once; no name on hold, none without name servers."""
    text = await exported(config, filled, "政务", tmp_path / "zone")
    records = [line.split() for line in text.splitlines() if not line.startswith(";")]
    owners = {words[0] for words in records if words[3] == "NS"}

    assert owners == {f"{GOV}.", f"glue.{GOV}.", f"bundle.{GOV}.", *(f"n{number}.{GOV}." for number in range(25))}
    assert len([words for words in records if words[3] == "DS"]) == 7
    assert [words[4] for words in records if words[0] == f"ns1.glue.{GOV}." and words[3] == "A"] == ["192.0.2.1"]
    assert [words[4:7] for words in records if words[3] == "NSEC3PARAM"] == [["1", "0", "0"]]


async def test_signatures_hold_for_two_weeks_from_an_hour_ago(filled: Database, config: Config) -> None:
    """Not under 12 hours, not over 180 days (rst.md, dnssec-04), and good for clocks that are a little behind."""
    clock = FakeClock(datetime(2026, 6, 1, 1, 0, tzinfo=UTC))
    out = io.StringIO()
    await export_zone(config, filled, GOV, out, clock)
    signature = next(line.split() for line in out.getvalue().splitlines() if " RRSIG SOA " in line)

    assert signature[9] == "20260601000000"
    assert "20260615010000" <= signature[8] < "20260616010000"


async def test_a_zone_that_is_not_ours_is_refused(filled: Database, config: Config) -> None:
    """Unknown zones and texts that are no names: NOT_FOUND, no traceback."""
    for tld in ("com", "中国", "", "a b", "x" * 70):
        with pytest.raises(Refusal) as caught:
            await export_zone(config, filled, tld, io.StringIO(), SystemClock())
        assert caught.value.reason is Reason.NOT_FOUND


def test_a_key_is_made_once_and_only_we_may_read_it(config: Config) -> None:
    """The second use reads the first one's file; its mode is 0600."""
    first, second = zone_key(config, GOV), zone_key(config, GOV)
    path = config.data / "keys" / "dnssec" / GOV / "csk-13.pem"

    assert first.rdata == second.rdata
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["csk-13.pem"]
