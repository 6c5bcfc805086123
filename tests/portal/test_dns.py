"""The operator's page of what the zones are asked and how our name servers look from outside."""

from datetime import timedelta

from tests.portal.world import Portal

GOV, ORG = "xn--zfr164b", "xn--55qw42g"
HOUR = "insert into resolver.query_hour (hour, zone, kind, key, number) values (date_trunc('hour', $1::timestamptz), $2, $3, $4, $5)"
WATCH = """insert into resolver.answer_watch (zone, server, address, transport, checked_at, serial, millis, findings, faulty_since)
values ($1, $2, '192.0.2.1', 'tcp', $3, 7, 12, $4, $3)"""


async def test_the_page_draws_what_was_counted_in_the_last_day(portal: Portal) -> None:
    """Answers by outcome, type and name of the zone that is asked for, of the last day only; and the faulty door with its finding."""
    db, now = portal.runner.db, portal.runner.clock.now()
    for kind, key, number in (
        ("rcode", "NOERROR", 1234),
        ("type", "AAAA", 1200),
        ("outcome", "referral", 1234),
        ("name", "school", 99),
    ):
        await db.execute(HOUR, now, ORG, kind, key, number)
    await db.execute(HOUR, now - timedelta(days=3), ORG, "rcode", "NOERROR", 777_777)
    finding = {"severity": "error", "code": "silent", "where": "", "zh": "没有应答", "en": "does not answer"}
    await db.execute(WATCH, ORG, "ns1.nic.example", now, [finding])
    tab = await portal.as_("operator")
    await tab.get(f"/portal/dns?zone={ORG}")

    assert tab.status == 200
    for wanted in (
        "1,234",
        "AAAA",
        "referral",
        "school",
        "没有应答",
        "does not answer",
        "ns1.nic.example",
        'class="bars"',
    ):
        assert wanted in tab.text, wanted
    assert "777,777" not in tab.text
    await tab.get(f"/portal/dns?zone={GOV}")
    assert "1,234" not in tab.text
    await tab.get("/portal/dns?zone=elsewhere")
    assert tab.status == 404


async def test_the_page_stands_when_nothing_was_counted_yet(portal: Portal) -> None:
    """A new instance: words instead of drawings."""
    tab = await portal.as_("auditor")
    await tab.get("/portal/dns")

    assert tab.status == 200
    assert "还没有统计" in tab.text
    assert "还没有检查" in tab.text
