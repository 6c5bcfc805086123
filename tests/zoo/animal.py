"""What an animal is, and how it is visited and judged."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tests.zoo.keeper import NOW, Answer, Ask, Serve, Zoo
from tests.zoo.pages import BODY, CODE, ICP
from verifier.checks.catalogue import BY_ID
from verifier.checks.fact import Observation, Outcome
from verifier.checks.rendered import Renderer
from verifier.checks.site import Registered, Site
from verifier.checks.visit import Visit
from verifier.fetch.limits import PAGE
from verifier.judge.finding import Finding
from verifier.judge.judging import judge
from verifier.judge.known import Known
from verifier.judge.learning import learned

Build = Callable[[Site, Zoo], Site]
TLD = "xn--zfr164b"
MARK = "0123456789ABCDEFGHJKMNPQRST"


def page(body: str | bytes, **more: object) -> Serve:
    """An animal that always shows the same."""

    async def serve(_: Ask, __: object) -> Answer:
        return Answer(body, **more)  # type: ignore[arg-type]

    return serve


def pages(**by_path: str) -> Serve:
    """An animal with several pages; ``home`` is the home page, others by their name in the path."""

    async def serve(ask: Ask, _: object) -> Answer:
        name = ask.path.partition("?")[0].strip("/").replace("/", "_").replace(".", "_") or "home"
        return Answer(by_path[name]) if name in by_path else Answer("没有这个页面", 404)

    return serve


QUICK = replace(PAGE, total_seconds=1.5, connect_seconds=1.0)  # the official fifteen seconds, for impatient tests


def _at(known: Known, origin: str) -> Known:
    """The knowledge with ``{origin}`` filled in."""
    items = {url.replace("{origin}", origin): item for url, item in known.items.items()}
    columns = {url.replace("{origin}", origin): column for url, column in known.columns.items()}
    return replace(known, items=items, columns=columns)


@dataclass
class Animal:
    """``expect``: the rules that must be found by ``checks``, no more, no less. ``before`` is what the watch has learned to know."""

    name: str
    checks: tuple[str, ...]
    expect: set[str]
    serve: Serve
    before: Serve | None = None
    site: Build | None = None
    prepare: Callable[[Zoo, str], None] | None = None
    rendered: bool = False
    known: Known = field(default_factory=Known)
    outcome: Outcome = Outcome.RAN
    candidates: tuple[str, ...] = ()
    origin: Callable[[Zoo, str], str] | None = None
    keys: dict[str, object] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.name}.{TLD}"


def site_of(animal: Animal, zoo: Zoo) -> Site:
    host = animal.host
    made = Site(
        id=animal.name,
        origin=animal.origin(zoo, host) if animal.origin else f"https://{host}:{zoo.port}",
        hosts=(host,),
        body_name=BODY,
        uscc="11441723MB2D00001X",
        region="441723",
        registered=Registered(host, "11441723MB2D00001X", (), NOW + timedelta(days=300), ()),
        site_code=CODE,
        icp=ICP,
        settings={"http_port": str(zoo.plain_port), "elsewhere_port": str(zoo.port)},
    )
    return animal.site(made, zoo) if animal.site else made


async def look(
    animal: Animal, zoo: Zoo, site: Site, serve: Serve, renderer: Renderer | None, checks: tuple[str, ...]
) -> list[Observation]:
    """One visit."""
    zoo.put(animal.host, serve)
    tools = zoo.tools(renderer=renderer, believed_marks=animal.keys)
    visit = Visit(site, "test", NOW, tools, limits=QUICK, candidates=animal.candidates)
    try:
        return [(await BY_ID[check].observe(visit)).observation for check in checks]
    finally:
        await tools.fetcher.close()


async def live(
    animal: Animal, zoo: Zoo, renderer: Renderer | None = None
) -> tuple[tuple[Finding, ...], list[Observation]]:
    """Its whole life: learned first when it had a better past, then seen and judged."""
    if animal.prepare:
        zoo.put(animal.host, animal.serve)
        animal.prepare(zoo, animal.host)
    site = site_of(animal, zoo)
    drawn = renderer if animal.rendered else None
    known = _at(animal.known, site.origin)
    if animal.before is not None:
        seen = await look(animal, zoo, site, animal.before, drawn, animal.checks)
        known = learned(known, seen, judge(site, known, seen))
        if known.baseline is not None:
            known = replace(known, baseline=replace(known.baseline, rounds=5))
    observations = await look(animal, zoo, site, animal.serve, drawn, animal.checks)
    return judge(site, known, observations), observations
