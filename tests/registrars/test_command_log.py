"""The command log: everything is in it but secrets; it costs no command anything; it is found by whoever may look."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from registry.epp import command_log as module
from registry.epp.command_log import HIDDEN, SECRET_ELEMENTS, CommandLog, Finished, cut_secrets, render
from registry.epp.request import read_request
from registry.flows.act import Act
from registry.flows.command_log.keep import Logged, drop_old, keep_commands
from registry.flows.command_log.search import Found, Wanted, cursor_from, search_commands
from registry.flows.registrar.users import CreateUser, create_user
from registry.flows.runner import Runner
from registry.jobs.report_commands import keep_command_log
from registry.kernel.errors import Reason, Refusal
from tests.epp import phrases as say
from tests.epp.tls_world import Door
from tests.epp.world import REGISTRARS, TEST_ZONE, build_world
from tests.kit.clock import FakeClock
from tests.registrars.place import OPERATOR, PASSWORD, A, B, act, ask, at_door, code_of, enter, login

STRONG = "kX7mQ2vR9tW4zB8nH3jL6pD1"
GOLDEN = Path(__file__).parent.parent / "golden" / "epp"
# Every secret that a client can say, each in its own place, and some where they do not belong.
SECRETS = {
    "password": REGISTRARS[A],
    "new password": "brand-new-pw-77",
    "wrong password": "guessed-pw-88",
    "authInfo": STRONG,
    "contact authInfo": "contact-secret-Qq1-Ww2-Ee3",
    "token": "allocation-token-Zz9",
    "long password": "loginsec-password-which-is-longer-than-sixteen",
    "misplaced": "secret-in-a-wrong-element-5",
    "in a comment": "secret-in-a-comment-6",
}
CODE = "1-0123456789ABCDEFGHJKMNPQRS"


async def logged(runner: Runner, **wanted: Any) -> list[Logged]:
    found = await act(runner, OPERATOR, search_commands, Wanted(**wanted))
    return found.lines


def auth(secret: str, kind: str = "domain") -> str:
    return f"<{kind}:authInfo><{kind}:pw>{secret}</{kind}:pw></{kind}:authInfo>"


async def say_everything(runner: Runner, log: CommandLog) -> None:
    """One session in which every secret is said."""
    said = SECRETS
    stranger = at_door(runner, log=log)
    await ask(stranger, login(A, said["wrong password"]))
    session = await enter(runner, log=log)
    contact = say.contact_create("rst-contact").replace(
        b"<contact:pw/>", f"<contact:pw>{said['contact authInfo']}</contact:pw>".encode()
    )
    assert code_of(await ask(session, contact)) == 1000
    create = say.domain_create(f"log.{TEST_ZONE}", secret=said["authInfo"])
    assert said["authInfo"].encode() in create
    assert (
        code_of(await ask(session, create.replace(b"<epp", f"<!-- {said['in a comment']} --><epp".encode(), 1))) == 1000
    )
    for document in (
        say.named("domain", "info", f"log.{TEST_ZONE}", auth(said["authInfo"])),
        say.named("domain", "transfer", f"log.{TEST_ZONE}", auth(said["authInfo"]), op="request"),
        say.named("contact", "info", "rst-contact", auth(said["contact authInfo"], "contact")),
        say.command(
            "domain",
            "update",
            f"<domain:name>log.{TEST_ZONE}</domain:name><domain:chg>{auth(said['authInfo'])}</domain:chg>",
        ),
        # the secret once more, where no schema has it, and in a clTRID
        say.named("domain", "info", f"log.{TEST_ZONE}", f"<domain:password>{said['misplaced']}</domain:password>"),
        say.named("domain", "check", said["misplaced"]).replace(b"domain:name", b"domain:pw"),
        create.replace(b"</command>", f"<clTRID>{said['authInfo']}</clTRID></command>".encode()),
        b"<epp><pw>" + said["password"].encode(),
        b"<a>" + said["misplaced"].encode() + b"</a>",
    ):
        await ask(session, document)
    again = at_door(runner, log=log)
    assert code_of(await ask(again, login(A, said["password"], said["new password"]))) == 1000
    secure = GOLDEN / "login.security.request.xml"
    if secure.exists():
        await ask(at_door(runner, log=log), secure.read_bytes())


async def test_no_secret_is_in_the_log(runner: Runner) -> None:
    """Of every secret that a client said, in whatever place, not one is in any column of the log; the commands themselves are."""
    await build_world(runner)
    log = CommandLog(runner)
    await say_everything(runner, log)
    await log.flush()
    rows = await runner.db.fetch(
        "select command_log::text as line, request, command, code from command_log order by seq"
    )
    text = "\n".join(row["line"] for row in rows)
    for what, secret in SECRETS.items():
        assert secret not in text, what
    assert len(rows) == 14 + (GOLDEN / "login.security.request.xml").exists()
    create = next(row for row in rows if row["command"] == "create" and f"log.{TEST_ZONE}" in row["request"])
    assert HIDDEN in create["request"]
    assert "registrant" in create["request"]


async def test_no_code_is_in_the_log(runner: Runner) -> None:
    """Signed verification codes, and the codes in them, are cut out of document and answer."""
    await build_world(runner)
    log = CommandLog(runner)
    session = at_door(runner, log=log)
    services = "<svcExtension><extURI>urn:ietf:params:xml:ns:verificationCode-1.0</extURI></svcExtension></svcs>"
    assert code_of(await ask(session, login(A).replace(b"</svcs>", services.encode()))) == 1000
    code = f"<v:encodedSignedCode xmlns:v='urn:ietf:params:xml:ns:verificationCode-1.0'><v:code>{'QUJD' * 20}</v:code></v:encodedSignedCode>"
    await ask(session, say.domain_create("xn--fiqs8s.xn--55qw42g", registrant=None, contacts=(), extension=code))
    await log.flush()
    line = (await logged(runner, command="create"))[0]
    assert "QUJDQUJD" not in line.request + line.response
    assert HIDDEN in line.request
    assert line.reasons
    assert module._CODE.sub(HIDDEN, f"验证码 {CODE} 已过期") == f"验证码 {HIDDEN} 已过期"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.request.xml")), ids=lambda path: path.name)
def test_secret_elements_of_every_golden_command_are_emptied(path: Path) -> None:
    """Whatever command there is: after the cut no element that can hold a secret holds anything else than the mark."""
    asked = read_request(path.read_bytes(), 1 << 16)
    if asked.body is None:
        return
    root = asked.body.element.getroottree().getroot()
    secrets = cut_secrets(root)
    text = etree.tostring(root, encoding="unicode")
    assert not [secret for secret in secrets if len(secret) > 3 and f">{secret}<" in text]
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname in SECRET_ELEMENTS and element.text:
            assert element.text == HIDDEN
            assert not len(element)


async def test_who_what_when_and_how_it_ended(runner: Runner, clock: FakeClock) -> None:
    """A line says registrar, user, address, command with its operation, all objects, result, reasons and both transaction ids."""
    await build_world(runner)
    await act(runner, A, create_user, CreateUser(A, "clerk-1", PASSWORD))
    log = CommandLog(runner)
    session = await enter(runner, "clerk-1", PASSWORD, log=log)
    names = "".join(f"<domain:name>n{n}.{TEST_ZONE}</domain:name>" for n in range(3))
    await ask(
        session, say.command("domain", "check", names).replace(b"</command>", b"<clTRID>abc-123</clTRID></command>")
    )
    await ask(session, say.named("domain", "delete", f"none.{TEST_ZONE}"))
    await ask(session, say.named("domain", "transfer", f"none.{TEST_ZONE}", op="approve"))
    await log.flush()
    transfer, delete, check, entry = await logged(runner, registrar_id=A)
    assert (entry.command, entry.objects, entry.code) == ("login", ("clerk-1",), 1000)
    assert check.objects == tuple(f"n{n}.{TEST_ZONE}" for n in range(3))
    assert (check.client_trid, check.user_id, check.actor, check.address) == (
        "abc-123",
        "clerk-1",
        f"registrar:{A}",
        "192.0.2.1",
    )
    assert (delete.code, delete.reasons) == (2303, ("not_found",))
    assert delete.request.startswith("<epp")
    assert "没有这个域名" in delete.response
    assert transfer.command == "transfer approve"
    assert not check.request, "what only looks is kept by its fields alone"
    assert check.at == clock.now().astimezone(UTC)


async def test_every_way_to_look(runner: Runner, clock: FakeClock) -> None:
    """By registrar, object (also one of many, also as people write it), either transaction id, command, result, time; page after page."""
    await build_world(runner)
    log = CommandLog(runner)
    first, second = await enter(runner, log=log), await enter(runner, B, key=B, log=log)
    for number in range(6):
        await clock.move(seconds=60)
        await ask(first, say.named("domain", "check", f"n{number}.{TEST_ZONE}"))
    many = "".join(f"<domain:name>{name}</domain:name>" for name in (f"x.{TEST_ZONE}", "xn--fiqs8s.xn--55qw42g"))
    await ask(second, say.command("domain", "check", many))
    await ask(
        second,
        say.named("domain", "delete", f"n1.{TEST_ZONE}").replace(b"</command>", b"<clTRID>my-own-1</clTRID></command>"),
    )
    await log.flush()
    assert len(await logged(runner, registrar_id=B)) == 3
    assert len(await logged(runner, object=f"n1.{TEST_ZONE}")) == 2
    assert len(await logged(runner, object="中国.公益")) == 1
    (mine,) = await logged(runner, trid="my-own-1")
    assert [one.trid for one in await logged(runner, trid=mine.trid)] == [mine.trid]
    assert len(await logged(runner, command="check")) == 7
    assert len(await logged(runner, code=2303)) == 1
    since = clock.now() - timedelta(seconds=90)
    assert len(await logged(runner, registrar_id=A, since=since)) == 2
    assert len(await logged(runner, registrar_id=A, until=since)) == 5
    seen: list[str] = []
    before = None
    while True:
        found = await act(runner, OPERATOR, page_after, before)
        seen += [line.trid for line in found.lines]
        before = cursor_from(found.cursor)
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 10
    own = await runner.read(OPERATOR, lambda act: search_commands(act, Wanted(registrar_id=B), own=A))
    assert {line.registrar_id for line in own.lines} == {A}


async def page_after(act: Act, before: tuple[datetime, int] | None) -> Found:
    """Four lines from there."""
    return await search_commands(act, Wanted(before=before), limit=4)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-06-01T00:00:00+00:00_", "2026-06-01T00:00:00_5", "_1", f"2026-06-01T00:00:00+00:00_{1 << 70}"],
)
def test_a_cursor_that_is_none(text: str) -> None:
    """What is no cursor begins at the beginning."""
    assert cursor_from(text) is None


async def test_the_log_waits_for_a_database_that_is_away(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written stays in order and is written later; a line that cannot be written does not stop the others."""
    await build_world(runner)
    log = CommandLog(runner)
    session = await enter(runner, log=log)
    keep = keep_commands

    async def away(*_: object) -> None:
        raise Refusal(Reason.UNAVAILABLE, "不在", "away")

    monkeypatch.setattr(module, "keep_commands", away)
    with pytest.raises(Refusal):
        await log.flush()
    await ask(session, say.named("domain", "check", f"n.{TEST_ZONE}"))
    monkeypatch.setattr(module, "keep_commands", keep)
    await log.flush()
    assert [line.command for line in await logged(runner)] == ["check", "login"]


async def test_the_queue_is_bounded(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over its room the newest are counted and left out; the memory stays bounded and commands go on."""
    monkeypatch.setattr(module, "MAX_WAITING", 5)
    await build_world(runner)
    log = CommandLog(runner)
    before = module._NOT_LOGGED._value.get()
    session = await enter(runner, log=log)
    for number in range(10):
        assert code_of(await ask(session, say.named("domain", "check", f"n{number}.{TEST_ZONE}"))) == 1000
    assert module._NOT_LOGGED._value.get() - before == 6
    await log.flush()
    assert len(await logged(runner)) == 5


async def test_old_days_go_whole(runner: Runner, clock: FakeClock) -> None:
    """Each day is a partition of its own; the job drops those over the limit and nothing else."""
    await build_world(runner)
    log = CommandLog(runner)
    for _ in range(3):
        session = await enter(runner, log=log)
        await log.flush()
        clock.set(clock.now() + timedelta(days=1))
    assert session.is_member
    assert await keep_command_log(runner) == 0
    today = clock.now().date()
    assert await drop_old(runner, today - timedelta(days=1)) == 2
    assert len(await logged(runner)) == 1
    clock.set(clock.now() + timedelta(days=runner.config.epp.command_log_days + 5))
    assert await keep_command_log(runner) == 1


async def test_two_processes_begin_a_day_together(runner: Runner) -> None:
    """The partition of a new day is made once, also when eight processes want it at the same instant."""
    await build_world(runner)
    logs = [CommandLog(runner) for _ in range(8)]
    for log in logs:
        await enter(runner, log=log)
    await asyncio.gather(*(log.flush() for log in logs))
    assert len(await logged(runner, command="login")) == 8


async def test_a_stop_in_order_loses_nothing(door: Door) -> None:
    """What was answered before the door closed is in the log after it, without waiting for the next flush."""
    client = await door.log_in()
    for number in range(30):
        client.send(say.named("domain", "check", f"n{number}.{TEST_ZONE}"))
    for _ in range(30):
        await client.receive()
    await door.server.drain()
    assert await door.runner.db.fetchval("select count(*) from command_log where command = 'check'") == 30


def test_rendering_is_cheap() -> None:
    """A create is rendered in far less than it takes to carry out: two thousand in a second, on any machine."""
    import time

    from registry.epp.answer import Answer
    from registry.epp.record import Record

    document = say.domain_create(f"log.{TEST_ZONE}", secret=STRONG)
    finished = [
        Finished(at, Record("192.0.2.1", A, read_request(document, 1 << 16), Answer(), "ZM-1", 0.001), "", A)
        for at in [FakeClock().now()] * 2000
    ]
    began = time.process_time()
    lines = [render(one) for one in finished]
    assert time.process_time() - began < 1.0
    assert all(HIDDEN in line.request for line in lines)
