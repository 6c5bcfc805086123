"""Callers who mean no good, and bad days: enumeration, scraping, broken and giant questions, a database that restarts. Clear answers, and no leak."""

import asyncio
import json
from pathlib import Path
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.kernel.config import load_config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import migrate
from registry.kernel.reads import Reads
from tests.kit.clock import FakeClock
from tests.kit.database import FAST
from tests.whois.conftest import Doors
from tests.whois.profile import error_problems
from tests.whois.test_port43 import asked
from tests.whois.world import BUREAU, PLAIN, SECRETS, TSINGHUA, UNIVERSITY
from whois.cache.answers import Answers
from whois.limits import AskingLimits
from whois.lookup import Lines
from whois.lookups import Lookups
from whois.port43 import Desk
from whois.rdap.asking import Question
from whois.rdap.desk import Desk as RdapDesk

LINES = (
    UNIVERSITY, BUREAU, PLAIN, "国家稅务总局.政务", "没有的.公益", TSINGHUA, f"nameserver ns1.{UNIVERSITY}", "registrar 9995", "help", "nonsense",
    "body 张晓明", "zhang.xiaoming@hidden.example", "registrar 张晓明",
)  # fmt: skip
RDAP = (
    f"domain/{UNIVERSITY}", f"domain/{BUREAU}", f"domain/{PLAIN}", f"domain/{PLAIN}?jscard=1", f"domain/{PLAIN}?fieldSet=brief", "domain/没有的.公益",
    f"nameserver/ns1.{UNIVERSITY}", "entity/9995", f"entity/{TSINGHUA}", "help", "domains?name=a*", "domains/reverse_search/entity?fn=张*", "nothing",
    "entities?fn=张晓明",
)  # fmt: skip
PAGES = (
    f"/lookup?q={UNIVERSITY}", f"/lookup?q={PLAIN}", f"/lookup?q={TSINGHUA}", "/lookup?q=清华", "/directory", "/directory?q=清华", "/lookup/terms",
    "/lookup/bulk", "/directory/print", "/directory/suggest?q=qinghua", "/directory/suggest?q=张", "/directory/open", "/rdap/bootstrap/dns.json",
)  # fmt: skip


async def everything(doors: Doors) -> dict[str, str]:
    """All that the public gets out of all doors; each contact by its ROID as well."""
    found = {line: await asked(doors.port, f"{line}\r\n".encode()) for line in LINES}
    roids = [row["roid"] for row in await doors.db.fetch("select roid from contact")]
    assert roids
    paths = [*(f"/rdap/{path}" for path in (*RDAP, *(f"entity/{roid}" for roid in roids))), *PAGES]
    for path in paths:
        async with doors.client.get(f"{doors.url}{quote(path, safe='/?=&*%')}") as answer:
            found[path] = (await answer.read()).decode()
    async with doors.client.post(
        f"{doors.url}/lookup/bulk", data={"names": f"{UNIVERSITY}\n{PLAIN}\n{TSINGHUA}"}
    ) as answer:
        found["bulk"] = await answer.text()
    return found


async def test_nothing_hidden_leaks_out_of_any_door(doors: Doors) -> None:
    """Whatever is asked wherever, no answer, from the register or from memory, holds a value that the policy hides."""
    for _ in range(2):
        for question, answer in (await everything(doors)).items():
            if (
                question in ("body 张晓明", "zhang.xiaoming@hidden.example", "registrar 张晓明")
                or "%E5%BC%A0" in question
                or "张" in question
            ):
                answer = answer.replace("张晓明", "").replace("zhang.xiaoming@hidden.example", "")  # noqa: PLW2901  # the question itself comes back
            assert [secret for secret in SECRETS if secret in answer] == [], question


def is_let_in(limits: AskingLimits, address: str) -> bool:
    """Whether this address may ask at the first instant; any other error than the limit's is one of the test."""
    try:
        limits.check(address, 0.0)
    except Refusal as refused:
        return refused.reason is not Reason.RATE_LIMITED
    return True


async def test_one_address_cannot_enumerate_and_a_rented_network_not_much_more() -> None:
    """Names tried one after the other stop at the limit of an address; 256 addresses of one network get what eight get; IPv6 counts by /64
    and /48.
    """
    limits = AskingLimits(60)

    def let_in(addresses: list[str]) -> int:
        return sum(is_let_in(limits, address) for address in addresses)

    assert let_in(["192.0.2.1"] * 1000) == 60
    assert let_in([f"198.51.100.{number % 256}" for number in range(5000)]) == 480
    assert let_in([f"2001:db8:1:{number % 4096:x}::{number:x}" for number in range(5000)]) == 480
    assert let_in([f"2001:db8:2:1::{number:x}" for number in range(1000)]) == 60


async def test_names_at_random_do_not_fill_the_memory(doors: Doors) -> None:
    """A thousand names that nobody has leave real answers where they are and stay within their share."""
    memory = doors.port43._lookups.memory
    async with asyncio.timeout(5):
        while memory.number() is None:  # noqa: ASYNC110  # the follower has just begun
            await asyncio.sleep(0.02)
    await asked(doors.port, f"{PLAIN}\r\n".encode())
    lines = Lines(doors.port43._lookups.reads, doors.clock, memory)
    for number in range(1000):
        answer = await lines.look_up(f"nobody{number}.公益".encode())
        assert b"No match for" in answer
    assert lines.at_once(PLAIN.encode() + b"\r") is not None
    assert memory.bytes < 3_000_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
async def test_any_bytes_get_a_clear_answer_on_port_43(line: bytes) -> None:
    """Whatever a line holds, the answer is text that says something, with the register away as well, and never a fault."""

    class Away:
        def at_once(self, _: bytes) -> bytes | None:
            return None

        async def look_up(self, line: bytes) -> bytes:
            lines = Lines(Reads(_nowhere(), FakeClock()), FakeClock(), Answers(1000))
            return await lines.look_up(line)

    desk = Desk(load_config().whois, FakeClock(), Away())
    answer = (await desk.answer(line)).decode()
    assert answer.endswith("\r\n")
    assert "系统出错" not in answer


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=120),
    st.sampled_from(["domain/", "nameserver/", "entity/", "", "domains?name=", "domain/x.example?fieldSet="]),
)
async def test_any_target_gets_an_rdap_error(text: str, kind: str) -> None:
    """Whatever the path, what comes back is an RDAP error object with a status that fits, or an answer; never 500."""
    config = load_config()
    desk = RdapDesk(config, FakeClock(), Lookups(config, _nowhere(), FakeClock(), "abuse"))
    reply = await desk.answer(Question("GET", "/rdap/" + kind + quote(text, safe="/?=&%", errors="replace"), "x"))
    assert reply.status in (200, 400, 401, 404, 501, 503)
    if reply.status != 200:
        assert error_problems(json.loads(reply.body), reply.status) == []


def _nowhere() -> Database:
    """A database that is away."""

    class Gone:
        async def acquire(self) -> None:
            raise ConnectionRefusedError

        async def release(self, _: object) -> None:
            return

    return Database(Gone(), "", None)  # type: ignore[arg-type]  # a pool whose server does not answer


async def test_giant_questions_are_refused_in_words(doors: Doors) -> None:
    """A line of a megabyte, a target of a megabyte and a header of a megabyte are refused, and the doors stay open."""
    assert "Error: too_large" in await asked(doors.port, b"x" * 5000)
    async with doors.client.get(f"{doors.url}/rdap/domain/{'a' * 7000}.example") as answer:
        assert answer.status in (400, 414)
    assert "Domain Name" in await asked(doors.port, f"{PLAIN}\r\n".encode())


async def test_reads_while_the_database_restarts(tmp_path: Path) -> None:
    """While the server is away every question is refused at once with words, and when it is back the next one is answered, without a
    restart of ours.
    """
    cluster = Cluster(load_config(data=tmp_path), FAST)
    await asyncio.to_thread(cluster.open)
    await migrate(cluster.dsn)
    db = await Database.open(cluster.dsn, size=4)
    config = load_config(data=tmp_path)
    lookups = Lookups(config, db, FakeClock(), "restart")
    await lookups.start()
    desk = RdapDesk(config, FakeClock(), lookups)
    lines = Desk(config.whois, FakeClock(), Lines(lookups.reads, FakeClock(), lookups.memory))

    async def ask() -> tuple[int, str]:
        question = Question("GET", "/rdap/domain/nobody.example", "x")
        reply = desk.at_once(question) or await desk.answer(question)
        line = lines.at_once(b"nobody.example", "192.0.2.1") or await lines.answer(b"nobody.example")
        return reply.status, line.decode()

    status, line = await ask()
    assert (status, "No match for" in line) == (404, True)
    await asyncio.to_thread(cluster.close)
    await asyncio.sleep(1.1)
    for _ in range(3):
        status, line = await asyncio.wait_for(ask(), 5)
        assert (status, "Error: unavailable" in line) == (503, True)
    await asyncio.to_thread(cluster.open)
    async with asyncio.timeout(10):
        while (await ask())[0] != 404:  # noqa: ASYNC110  # the server of the database comes back by itself
            await asyncio.sleep(0.05)
    assert "No match for" in (await ask())[1]
    await lookups.close()
    await db.close()
    await asyncio.to_thread(cluster.close)
