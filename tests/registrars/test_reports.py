"""Report files: what is counted, when, once, and how they are fetched."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.epp.command_log import CommandLog
from registry.flows.report import files
from registry.flows.report.make import due, make_reports
from registry.flows.report.movements import Movement, movements
from registry.flows.report.read import list_reports, name_of, read_report
from registry.flows.runner import Runner
from registry.jobs.report_registrars import report_registrars
from registry.jobs.retire_deleted import retire_deleted
from registry.kernel.errors import Reason
from registry.store.reports import Event
from tests.epp import phrases as say
from tests.epp.world import TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, A, B, act, ask, code_of, enter, refuses

AUTH = "kX7mQ2vR9tW4zB8nH3jL6pD1"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def report(runner: Runner, registrar: str, name: str) -> list[dict[str, str]]:
    return rows((await act(runner, registrar, read_report, registrar, name)).content)


async def a_busy_month(runner: Runner, clock: FakeClock) -> None:
    """June: A creates five, drops one in its grace, renews one by two years, loses one to B, and deletes and restores one."""
    log = CommandLog(runner)
    first, second = await enter(runner, log=log), await enter(runner, B, key=B, log=log)
    for session in (first,):
        assert code_of(await ask(session, say.contact_create("rst-contact"))) == 1000
    for number in range(5):
        create = say.domain_create(f"r{number}.{TEST_ZONE}", secret=AUTH, period=("1", "y"))
        assert code_of(await ask(first, create)) == 1000
    assert code_of(await ask(first, say.domain_create(f"r0.{TEST_ZONE}"))) == 2302
    assert code_of(await ask(first, say.named("domain", "delete", f"r4.{TEST_ZONE}"))) == 1000
    renew = say.named(
        "domain",
        "renew",
        f"r1.{TEST_ZONE}",
        '<domain:curExpDate>2027-06-01</domain:curExpDate><domain:period unit="y">2</domain:period>',
    )
    assert code_of(await ask(first, renew)) == 1000
    auth = f"<domain:authInfo><domain:pw>{AUTH}</domain:pw></domain:authInfo>"
    await clock.move(days=2)
    for name in ("r2", "r3"):
        ask_for = say.named(
            "domain",
            "transfer",
            f"{name}.{TEST_ZONE}",
            f'<domain:period unit="y">1</domain:period>{auth}',
            op="request",
        )
        assert code_of(await ask(second, ask_for)) in (1000, 1001)
    assert code_of(await ask(first, say.named("domain", "transfer", f"r2.{TEST_ZONE}", op="approve"))) == 1000
    assert code_of(await ask(first, say.named("domain", "transfer", f"r3.{TEST_ZONE}", op="reject"))) == 1000
    await clock.move(days=6)
    assert code_of(await ask(first, say.named("domain", "delete", f"r3.{TEST_ZONE}"))) == 1001
    await log.flush()


async def test_a_month_in_icanns_columns(runner: Runner, clock: FakeClock) -> None:
    """The monthly files of both registrars hold what happened, in ICANN's columns, and nothing is negative."""
    await build_world(runner)
    await a_busy_month(runner, clock)
    clock.set(datetime(2026, 7, 8, tzinfo=UTC))
    assert await make_reports(runner) > 0
    (a,) = await report(runner, A, "transactions-monthly_2026-06-01.csv")
    (b,) = await report(runner, B, "transactions-monthly_2026-06-01.csv")
    assert list(a) == list(files.MONTHLY)
    expected = {
        "net-adds-1-yr": "4", "net-renews-2-yr": "1", "transfer-losing-successful": "1", "transfer-losing-nacked": "1",
        "deleted-domains-grace": "1", "deleted-domains-nograce": "1", "attempted-adds": "6", "total-domains": "3", "iana-id": "9995",
    }  # fmt: skip
    assert {key: a[key] for key in expected} == expected
    assert (b["transfer-gaining-successful"], b["transfer-gaining-nacked"], b["total-domains"]) == ("1", "1", "1")
    assert all(not cell.startswith("-") for cell in (*a.values(), *b.values()))
    (activity,) = await report(runner, A, "activity-monthly_2026-06-01.csv")
    assert (activity["srs-dom-create"], activity["srs-dom-transfer-approve"], activity["srs-dom-renew"]) == (
        "5",
        "1",
        "1",
    )
    assert activity["srs-cont-create"] == "1"
    charges = await report(runner, A, "charges-monthly_2026-06-01.csv")
    assert {"item": "create", "years": "1", "count": "5", "credited": "1", "net": "4"} in charges
    assert {"item": "renew", "years": "2", "count": "1", "credited": "0", "net": "1"} in charges
    held = await report(runner, A, "domains-monthly_2026-06-01.csv")
    assert [row["domain"] for row in held] == [f"r{n}.{TEST_ZONE}" for n in (0, 1, 3)]
    assert [row["pending_delete"] for row in held] == ["no", "no", "yes"]


async def test_a_day_line_by_line(runner: Runner, clock: FakeClock) -> None:
    """The daily file lists every movement with its transaction ids, in order; a quiet day has an empty file."""
    await build_world(runner)
    await a_busy_month(runner, clock)
    await clock.move(days=1)
    await make_reports(runner)
    lines = await report(runner, A, "transactions-daily_2026-06-01.csv")
    assert [line["event"] for line in lines] == ["create"] * 5 + ["delete-in-grace", "renew"]
    assert all(line["server_trid"].startswith("ZM-") for line in lines)
    moved = await report(runner, A, "transactions-daily_2026-06-03.csv")
    assert [(line["event"], line["other_registrar"]) for line in moved if line["event"] != "renew"][-2:] == [
        ("transfer-losing", B), ("transfer-losing-nacked", B),
    ]  # fmt: skip
    assert await report(runner, A, "transactions-daily_2026-06-05.csv") == []


async def test_what_was_missed_is_made_up_and_nothing_twice(runner: Runner, clock: FakeClock) -> None:
    """A job that was away for a week makes the week; a second run makes nothing, and changes no file, whatever happened since."""
    await build_world(runner)
    await a_busy_month(runner, clock)
    await clock.move(days=7)
    made = await report_registrars(runner)
    assert made == 2 * 15
    before = await runner.db.fetch("select * from registrar_report order by registrar_id, kind, starts")
    session = await enter(runner)
    await ask(session, say.named("domain", "delete", f"r0.{TEST_ZONE}"))
    await retire_deleted(runner)
    assert await report_registrars(runner) == 0
    assert await runner.db.fetch("select * from registrar_report order by registrar_id, kind, starts") == before


def test_what_is_due() -> None:
    """A day is due when it is over; a month six days later, when no add grace of it runs any more."""
    kinds = [(period.starts, period.kinds[0]) for period in due(datetime(2026, 7, 6, 23, 59, tzinfo=UTC))]
    assert (date(2026, 7, 5), "transactions-daily") in kinds
    assert (date(2026, 7, 6), "transactions-daily") not in kinds
    assert (date(2026, 6, 1), "transactions-monthly") not in kinds
    kinds = [(period.starts, period.kinds[0]) for period in due(datetime(2026, 7, 7, tzinfo=UTC))]
    assert (date(2026, 6, 1), "transactions-monthly") in kinds
    new_year = [period for period in due(datetime(2026, 1, 20, tzinfo=UTC)) if period.kinds[0].endswith("monthly")]
    assert [(one.starts, one.ends) for one in new_year][-1] == (date(2025, 12, 1), date(2026, 1, 1))


async def test_old_files_go(runner: Runner, clock: FakeClock) -> None:
    """Daily files are kept for a year and a bit, monthly ones for ten."""
    await build_world(runner)
    clock.set(NOW)
    await report_registrars(runner)
    clock.set(NOW + timedelta(days=500))
    await report_registrars(runner)
    oldest = await runner.db.fetchval("select min(starts) from registrar_report where kind = 'transactions-daily'")
    assert oldest > NOW.date()


async def test_a_registrar_reads_its_own_files_only(runner: Runner, clock: FakeClock) -> None:
    """Another registrar's files are not listed and not given; a name that is none is not found."""
    await build_world(runner)
    clock.set(NOW)
    await make_reports(runner)
    listed = await act(runner, A, list_reports, A)
    assert {one.registrar_id for one in listed} == {A}
    assert len({name_of(one) for one in listed}) == len(listed) > 0
    for name in ("", "x", "transactions-daily_2026-13-01.csv", "../../etc/passwd", "transactions-daily_2019-01-01.csv"):
        await refuses(runner, A, lambda act, order: read_report(act, A, order), name, Reason.NOT_FOUND)
    await refuses(runner, A, lambda act, order: read_report(act, B, order), name_of(listed[0]), Reason.NOT_PERMITTED)
    assert await act(runner, OPERATOR, list_reports, B)


def test_a_cell_is_no_formula() -> None:
    """What a spreadsheet would run is disarmed, and commas, quotes and line breaks stay inside their cell."""
    text = files.written(("a", "b"), [("=1+1", '@x "y", z\n')])
    assert rows(text) == [{"a": "'=1+1", "b": '\'@x "y", z\n'}]


@pytest.mark.parametrize(
    ("act_kind", "before", "after", "expected"),
    [
        ("domain.updated", {}, {}, []),
        ("domain.updated", {"deleted_at": "2026-06-01"}, {}, [("a", "restore", 0)]),
        ("domain.updated", {}, {"transfer": {"gaining": "b", "losing": "a"}}, [("b", "transfer-requested", 0)]),
        ("domain.updated", {"transfer": {"gaining": "b", "losing": "a"}}, {},
         [("b", "transfer-gaining-nacked", 0), ("a", "transfer-losing-nacked", 0)]),
        ("domain.transferred", {"registrar": "x"}, {"graces": [{"kind": "transferPeriod", "years": 1}]},
         [("a", "transfer-gaining", 1), ("x", "transfer-losing", 1)]),
        ("domain.renewed", {"graces": [{"kind": "renewPeriod", "years": 1}]},
         {"graces": [{"kind": "renewPeriod", "years": 1}, {"kind": "autoRenewPeriod", "years": 1}]}, [("a", "auto-renew", 1)]),
        ("domain.purged", {}, {}, [("a", "delete-in-grace", 0)]),
        ("domain.purged", {"deleted_at": "2026-06-01"}, {}, [("a", "purge", 0)]),
    ],
)  # fmt: skip
def test_what_a_line_of_history_means(
    act_kind: str, before: dict[str, Any], after: dict[str, Any], expected: list[Any]
) -> None:
    """Each change counts for whom it concerns, once."""
    whole = {"registrar": "a", "name": "n", "graces": []}
    event = Event(1, NOW, act_kind, "registrar:a", "ZM-1", "", "D1", whole | after, whole | before)
    assert [(one.registrar_id, one.what, one.years) for one in movements(event)] == expected
    assert all(isinstance(one, Movement) for one in movements(event))
