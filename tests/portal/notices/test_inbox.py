"""Who is told what, and in how many places."""

import pytest

from registry.flows.act import Act, Caller
from registry.flows.notice.read_inbox import mark_all_read, open_letter, read_inbox
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal, Text
from registry.model.notice import Notice, Recipient, reviewers_of
from registry.store import deliveries
from tests.portal.world import BY_NAME, PEOPLE, TSINGHUA, Portal

SYSTEM = Caller("job", "test")


def notice(to: Recipient, subject: str = "告知", **more: str) -> Notice:
    """A short one."""
    return Notice(to, "test.told", Text(subject, "news"), Text("正文", "text"), **more)  # type: ignore[arg-type]  # severity is a str


async def tell(runner: Runner, *notices: Notice) -> None:
    """Write them in an act."""
    await runner.run(SYSTEM, lambda act: act.notify(*notices))


async def subjects(runner: Runner, username: str) -> list[str]:
    """What lies in somebody's inbox."""
    inbox = await runner.read(SYSTEM, lambda act: read_inbox(act, BY_NAME[username]))
    return [letter.subject_zh for letter in inbox.letters]


RECIPIENTS = {
    "person": (Recipient("person", "operator"), {"operator"}),
    "body": (Recipient("body", TSINGHUA), {"agency"}),
    "role": (Recipient("role", "auditor"), {"auditor"}),
    "county": (reviewers_of("county", "430121"), {"reviewer-county", "reviewer-county-2"}),
    "town": (reviewers_of("town", "430121"), {"reviewer-county", "reviewer-county-2"}),
    "city": (reviewers_of("city", "430100"), {"reviewer-city"}),
    "district of the city": (reviewers_of("city", "430121"), {"reviewer-city"}),
    "province": (reviewers_of("province", "430000"), {"reviewer-province"}),
    "abroad": (reviewers_of("county", "440106"), {"abroad-county"}),
    "centre": (reviewers_of("central", "100000"), {"reviewer-central"}),
    "registrar": (Recipient("registrar", "registrar-a"), set()),
}


@pytest.mark.parametrize("case", RECIPIENTS)
async def test_inbox_and_outbox_agree_on_who_is_told(country: Runner, case: str) -> None:
    """A notice lies in the inbox of exactly those to whose addresses it also goes: the two ways of saying it are one rule."""
    recipient, expected = RECIPIENTS[case]
    for person in PEOPLE:
        await country.db.execute(
            "insert into notice_address values ($1, 'sms', '13800000000', 'news', $2, $2)",
            person.username,
            country.clock.now(),
        )
    await tell(country, notice(recipient))
    in_inbox = {person.username for person in PEOPLE if await subjects(country, person.username)}
    assert in_inbox == expected
    await country.db.run(lambda conn: deliveries.route(conn, country.clock.now(), 10))
    owners = {row["owner"] for row in await country.db.fetch("select owner from delivery")}
    assert len(owners) == min(len(expected), 1)  # one address, one letter, however many share it
    assert owners <= expected


async def test_a_notice_with_a_key_is_written_once(country: Runner) -> None:
    """However often an act or a job says it, somebody is told once."""
    for _ in range(3):
        await tell(country, notice(Recipient("person", "operator"), once="due 2026-11"))
    assert await subjects(country, "operator") == ["告知"]


async def test_reading_is_each_reader_s_own(country: Runner) -> None:
    """Two reviewers share a notice; what one has read is still new to the other, and nobody reads what is not his."""
    await tell(country, notice(reviewers_of("county", "430121")))
    inbox = await country.read(SYSTEM, lambda act: read_inbox(act, BY_NAME["reviewer-county"]))
    number = inbox.letters[0].id
    await country.run(SYSTEM, lambda act: open_letter(act, BY_NAME["reviewer-county"], number))

    async def unread(act: Act, username: str) -> int:
        return (await read_inbox(act, BY_NAME[username])).unread

    assert await country.read(SYSTEM, lambda act: unread(act, "reviewer-county")) == 0
    assert await country.read(SYSTEM, lambda act: unread(act, "reviewer-county-2")) == 1
    with pytest.raises(Refusal) as refused:
        await country.run(SYSTEM, lambda act: open_letter(act, BY_NAME["abroad-county"], number))
    assert refused.value.reason is Reason.NOT_FOUND
    await country.run(SYSTEM, lambda act: mark_all_read(act, BY_NAME["reviewer-county-2"], number))
    assert await country.read(SYSTEM, lambda act: unread(act, "reviewer-county-2")) == 0


async def test_the_inbox_pages_through_everything_once(country: Runner) -> None:
    """Paging shows every notice exactly once, the newest first."""
    await tell(country, *(notice(Recipient("person", "operator"), f"第{i}条") for i in range(70)))
    seen: list[str] = []
    before = 0
    while True:
        inbox = await country.read(SYSTEM, lambda act, at=before: read_inbox(act, BY_NAME["operator"], at))  # type: ignore[misc]  # a default binds the loop's value
        seen += [letter.subject_zh for letter in inbox.letters]
        before = inbox.before
        if not before:
            break
    assert seen == [f"第{i}条" for i in reversed(range(70))]


async def test_the_pages_show_what_was_told(portal: Portal) -> None:
    """The menu counts what is unread; a page shows the texts, marked up as text; reading it takes it off the count."""
    await tell(
        portal.runner, notice(Recipient("person", "operator"), "<b>注意</b>", severity="urgent", link="/portal/")
    )
    tab = await portal.as_("operator")
    await tab.get("/portal/notices")
    assert "&lt;b&gt;注意&lt;/b&gt;" in tab.text
    assert 'class="count"' in tab.text
    number = await portal.runner.db.fetchval("select id from notice")
    await tab.get(f"/portal/notices/{number}")
    assert "正文" in tab.text
    assert 'href="/portal/"' in tab.text
    await tab.get("/portal/notices")
    assert 'class="count"' not in tab.text
