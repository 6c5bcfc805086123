"""Misbehaving sites: every finding right, none too many."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.zoo.animal import Animal, live, page
from tests.zoo.bad_content import CONTENT
from tests.zoo.bad_wire import BLOCKED, WIRE, open_ports
from tests.zoo.keeper import Zoo
from tests.zoo.pages import home
from verifier.checks.fact import Outcome
from verifier.checks.rendering import CHROMIUM, Chromium, find_renderer
from verifier.judge.finding import Severity
from verifier.judge.rulebook import BY_ID

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("zoo")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def zoo(folder: Path) -> AsyncIterator[Zoo]:
    opened = await Zoo(folder).open()
    await open_ports(opened)
    strangers(opened)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer(zoo: Zoo) -> AsyncIterator[Chromium | None]:
    fetcher = zoo.tools().fetcher
    found = find_renderer(fetcher, settle=0.4)
    yield found
    if found is not None:
        await found.close()
    await fetcher.close()


def strangers(zoo: Zoo) -> None:
    """Hosts of others that animals lead to."""
    zoo.put("yl9.vip", page("<title>真人百家乐</title><body>" + "首存送" * 50))
    zoo.put("partner-zoo.com", page("<title>澳门新葡京官网</title><body>x</body>"))
    zoo.put("bucket-zoo.com", page("<Error><Code>NoSuchBucket</Code></Error>", status=404))
    zoo.put("old-zoo.com", page("var a=1", kind="text/javascript"))
    zoo.put("new-zoo.com", page("var b=2", kind="text/javascript"))
    zoo.put("marks-zoo.com", page("<p>标识</p>"))
    zoo.put("copy-zoo.com", page(home(footer="")))
    zoo.put("name-zoo.com", page("<title>甲县自然资源局</title><body>域名停放</body>"))


async def visit(animal: Animal, zoo: Zoo, renderer: Chromium | None) -> None:
    if animal.rendered and renderer is None:
        pytest.skip(f"no browser at {CHROMIUM}")
    findings, observations = await live(animal, zoo, renderer)
    assert {finding.rule for finding in findings} == animal.expect, [finding.en for finding in findings]
    for finding in findings:
        assert finding.zh
        assert "{" not in finding.zh + finding.en
        assert finding.version == BY_ID[finding.rule].version
    assert len(observations) == len(animal.checks)


@pytest.mark.parametrize("animal", CONTENT, ids=lambda animal: animal.name)
async def test_broken_pages_are_seen_for_what_they_are(animal: Animal, zoo: Zoo, renderer: Chromium | None) -> None:
    """Of a page that was broken into exactly the right rules speak."""
    await visit(animal, zoo, renderer)
    assert animal.expect


@pytest.mark.parametrize("animal", WIRE, ids=lambda animal: animal.name)
async def test_broken_servers_are_seen_for_what_they_are(animal: Animal, zoo: Zoo, renderer: Chromium | None) -> None:
    """Of a server, certificate, name or mark that is wrong exactly the right rules speak, and nothing hangs."""
    await visit(animal, zoo, renderer)
    assert animal.expect


@pytest.mark.parametrize("animal", BLOCKED, ids=lambda animal: animal.name)
async def test_blocked_is_not_down(animal: Animal, zoo: Zoo) -> None:
    """A firewall that refuses us is no fault of the site: nothing is found, and nothing counts as seen."""
    findings, observations = await live(animal, zoo)
    assert findings == ()
    assert observations[0].facts["blocked"]
    assert {seen.outcome for seen in observations[1:]} == {Outcome.BLOCKED}


async def test_the_zoo_is_large_and_its_animals_differ() -> None:
    """More than sixty animals with names of their own, and every grave rule has one that breaks it."""
    everybody = CONTENT + WIRE
    assert len(everybody) >= 60
    assert len({animal.name for animal in everybody}) == len(everybody)
    broken = set().union(*(animal.expect for animal in everybody))
    grave = {rule.id for rule in BY_ID.values() if rule.severity in {Severity.P1, Severity.P2}}
    unproved = grave - broken
    assert unproved <= PROVED_ELSEWHERE, unproved


PROVED_ELSEWHERE = {
    "availability.week", "dns_mark.registry_differs", "stapled_mark.refused", "stapled_mark.other", "dnssec.doubt", "defacement.picture",
}  # fmt: skip
