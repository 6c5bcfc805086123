"""Synthetic but realistic bodies, as many as wanted: the same seed gives the same bodies on every machine.

Theory of operation. A body never comes alone: it has a place, and a place has a government, departments, schools,
towns with villages, associations, shops. So the count is divided among places, and each place is filled from the
streams of ``synthetic.drafts`` by weight, the leading organs first. Nothing but the place at work is kept, so
millions stream in constant memory. Codes carry both check characters; telephone numbers begin with a digit that is
never assigned, so no test rings at a stranger's; no code is that of a real body except by accident of one in 10^8.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from registry.establishment.synthetic import vocabulary as v
from registry.establishment.synthetic.central import STATE_COUNCIL, central_bodies
from registry.establishment.synthetic.chance import Chance, Serials
from registry.establishment.synthetic.drafts import (
    KINDS_OF,
    STREAMS,
    Draft,
    collectives,
    commerce,
    government,
    leading_organs,
    legal_services,
    rarities,
    religious,
    villages,
)
from registry.establishment.synthetic.places import CENTRAL, Place, living_places, place_by_code
from registry.model.body import Body
from registry.policy.codes import compose

AS_OF = date(
    2026, 5, 1
)  # the day on which the synthetic register is taken; a parameter, so that a demo never grows stale
DEMO_SEED = 20140301  # the day on which the rules of 2014 came into force
DEMO_COUNT = 2_000  # CONTRACT: about 2,000
BODIES_PER_PLACE = 40  # below this a place has organs but no life; fewer places are used instead
CENTRAL_SHARE = 0.05
CENTRAL_MOST = 400
DEMO_CENTRAL = 130  # all central organs, and a few associations
DEMO_RESERVE = 45  # left for kinds that chance did not bring
_LEVEL_SHARE = {"province": 4, "city": 2, "county": 1}  # bodies of a place, relative to a county
_DEMO_SHARE = {
    "province": 1,
    "city": 2,
    "county": 2,
}  # the demo has few cities and districts, so they are shown more fully

REAL_NAMES = frozenset(
    {"阳江市人民政府办公室"}
)  # of real_bodies.csv: no synthetic body takes the name of a real one there

# Same-named districts of different cities, with the cities above them (domain rules, section 2.4), and cities of the
# first real bodies.
DEMO_PLACES = (
    "320100", "320300", "350100", "410200", "220100", "210100", "330100", "360100", "230500", "430100", "440300",
    "441700", "130100", "320106", "320302", "350102", "410204", "110105", "220104", "120101", "210102", "330106",
    "360103", "310113", "230506", "430121",
)  # fmt: skip


@dataclass(slots=True)
class _Home:
    """A place (or the centre) while its bodies are being made."""

    region: str
    title: str
    address: str
    government: str
    superior: str  # code of the government above
    area: str
    codes: dict[str, str] = field(default_factory=dict)  # name → code of what is already there
    last_institution: str = ""


class _Maker:
    """Turns drafts into bodies: codes, people, streets, dates, and what became of them."""

    def __init__(self, chance: Chance, as_of: date) -> None:
        self.chance = chance
        self.governments: dict[str, str] = {}  # region → code of its government
        self._as_of = as_of
        self._serials = Serials(chance)

    def body(self, home: _Home, draft: Draft) -> Body:
        """The body of a draft; its code is remembered so that later ones may name it as sponsor or successor."""
        chance, kind = self.chance, draft.kind
        code = self._code(kind, home.region)
        status, successor, former = self._fate(home, draft)
        established = self._established(kind)
        body = Body(
            uscc=code,
            name=draft.name,
            aliases=tuple(sorted(draft.aliases)),
            short_names=tuple(sorted(draft.short_names)),
            former_names=tuple(sorted(former)),
            kind=kind,
            administrative=draft.administrative,
            region=home.region,
            level=draft.level,
            sponsor_uscc=self._sponsor(home, draft),
            authority=_authority(kind, home),
            address=f"{home.address}{chance.pick(v.ROADS)}{chance.between(1, 399)}号",
            legal_representative=self._person(),
            phone=f"{home.area}-0{chance.below(10_000_000):07d}",
            status=status,
            established_on=established,
            valid_until=self._valid_until(kind),
            annual_report_year=self._report_year(kind),
            successor_uscc=successor,
            changed_at=self._changed_at(established),
        )
        if status == "normal":
            home.codes[draft.name] = code
            if kind == "12":
                home.last_institution = code
        return body

    def _code(self, kind: str, region: str) -> str:
        serial = self._serials.draw()
        if kind == "00":
            return f"Z{region}{serial}{self.chance.below(1000):03d}"
        return compose(kind, region, serial)

    def _sponsor(self, home: _Home, draft: Draft) -> str:
        if draft.name == home.government:
            return home.superior
        if draft.kind not in ("11", "12", "13", "19"):
            return ""
        return home.codes.get(draft.sponsor) or home.codes.get(home.government, "")

    def _fate(self, home: _Home, draft: Draft) -> tuple[str, str, tuple[str, ...]]:
        """Status, successor and former names: nearly everybody lives, some were renamed, merged, suspended, ended."""
        chance, kind = self.chance, draft.kind
        if draft.status != "normal":
            return draft.status, home.codes.get(draft.successor, ""), draft.former_names
        if kind in ("11", "00", "13") or not chance.yes(_CHANGED):
            return "normal", "", draft.former_names
        turn = chance.below(10)
        if turn < 5:
            return ("normal" if turn < 4 else "renamed"), "", (_old_name(draft.name),)
        if turn < 7 and kind == "12" and home.last_institution:
            return ("merged" if turn == 5 else "split"), home.last_institution, ()
        return ("suspended" if turn < 8 else ("cancelled" if kind >= "3" else "abolished")), "", ()

    def _established(self, kind: str) -> date:
        first = 1949 if kind in ("00", "11", "13") else (1980 if kind < "5" else 1998)
        return date(
            self.chance.between(first, self._as_of.year - 4), self.chance.between(1, 12), self.chance.between(1, 28)
        )

    def _valid_until(self, kind: str) -> date | None:
        """Certificates of institutions and civil organisations run five years; a few have run out."""
        if kind[0] not in "15" or kind in ("11", "13", "54", "55"):
            return None
        return self._as_of + timedelta(
            days=self.chance.between(200, 1_825) if not self.chance.yes(_STALE) else -self.chance.between(30, 900)
        )

    def _report_year(self, kind: str) -> int | None:
        """The last annual report; a few did not hand in that of last year (due by 31 March)."""
        if kind[0] not in "15" or kind in ("11", "13", "54", "55"):
            return None
        return self._as_of.year - (2 if self.chance.yes(_STALE) else 1)

    def _person(self) -> str:
        chance = self.chance
        given = chance.pick(v.GIVEN)
        return chance.pick(v.SURNAMES) + given + (chance.pick(v.GIVEN) if chance.yes(0.7) else "")

    def _changed_at(self, established: date) -> datetime:
        days = max(1, (self._as_of - established).days)
        day = self._as_of - timedelta(days=1 + self.chance.below(min(days, 2_500)))
        return datetime(day.year, day.month, day.day, self.chance.between(0, 9), self.chance.below(60), tzinfo=UTC)


_CHANGED = 0.06  # share of bodies with a past: renamed, merged, split, suspended, ended
_STALE = 0.03  # share of certificates that ran out, and of annual reports that are missing


def generate(count: int, seed: int, as_of: date = AS_OF) -> Iterator[Body]:
    """``count`` bodies, the same for the same arguments; provinces before cities before counties."""
    chance = Chance(seed)
    maker = _Maker(chance, as_of)
    central = min(CENTRAL_MOST, round(count * CENTRAL_SHARE))
    yield from _central(maker, central)
    rest = count - central
    places = _chosen_places(chance, max(1, rest // BODIES_PER_PLACE)) if rest else []
    yield from _inhabited(maker, places, rest, _LEVEL_SHARE)


def demo_bodies(as_of: date = AS_OF) -> Iterator[Body]:
    """The demo's bodies: the centre, all 31 provinces, some cities and same-named districts, every kind code."""
    chance = Chance(DEMO_SEED)
    maker = _Maker(chance, as_of)
    seen: set[str] = set()
    count = 0
    for body in _demo(maker):
        seen.add(body.kind)
        count += 1
        yield body
    yield from _remaining_kinds(maker, seen, DEMO_COUNT - count)


def _demo(maker: _Maker) -> Iterator[Body]:
    yield from _central(maker, DEMO_CENTRAL)
    provinces = [place for place in living_places() if place.level == "province"]
    chosen = provinces + [place_by_code()[code] for code in DEMO_PLACES]
    yield from _inhabited(maker, chosen, DEMO_COUNT - DEMO_CENTRAL - DEMO_RESERVE, _DEMO_SHARE)


def _remaining_kinds(maker: _Maker, seen: set[str], count: int) -> Iterator[Body]:
    """``count`` bodies of a district, first those of kinds that are not there yet."""
    place = place_by_code()[DEMO_PLACES[-1]]
    home = _Home(place.code, place.title, place.chain, government(place), "", v.AREA_CODES[place.code[:2]])
    for stream in (rarities, legal_services, religious, commerce, collectives, villages):
        wanted = KINDS_OF[stream] - seen
        for draft in stream(place, maker.chance):
            if not wanted:
                break
            if draft.kind in wanted:
                wanted -= {draft.kind}
                count -= 1
                yield maker.body(home, draft)
    for draft in islice(villages(place, maker.chance), count):
        yield maker.body(home, draft)


def _central(maker: _Maker, count: int) -> Iterator[Body]:
    home = _Home(CENTRAL, "国家", "北京市", STATE_COUNCIL, "", "010")
    for draft in islice(central_bodies(maker.chance), count):
        yield maker.body(home, draft)
    maker.governments[CENTRAL] = home.codes.get(STATE_COUNCIL, "")


def _chosen_places(chance: Chance, count: int) -> list[Place]:
    """``count`` places, from all over the country, in the order of their levels."""
    by_level = {level: [place for place in living_places() if place.level == level] for level in _LEVEL_SHARE}
    provinces = chance.shuffled(by_level["province"])[: max(1, count // 3)]
    others = max(0, count - len(provinces))
    cities = chance.shuffled(by_level["city"])[: others // 4 if others < 1_200 else None]
    counties = chance.shuffled(by_level["county"])[: max(0, others - len(cities))]
    return provinces + cities + counties


def _inhabited(maker: _Maker, places: list[Place], count: int, shares: dict[str, int]) -> Iterator[Body]:
    """Exactly ``count`` bodies in the places, divided by the shares of their levels."""
    left, share_left = count, sum(shares[place.level] for place in places)
    for place in places:
        share = shares[place.level]
        quota = left * share // share_left
        left, share_left = left - quota, share_left - share
        yield from _bodies_of(maker, place, quota)


def _bodies_of(maker: _Maker, place: Place, quota: int) -> Iterator[Body]:
    governments = maker.governments
    superior = governments.get(place.parent) or governments.get(place.code[:2] + "0000") or governments.get(CENTRAL, "")
    home = _Home(place.code, place.title, place.chain, government(place), superior, v.AREA_CODES[place.code[:2]])
    for draft in islice(_mixed(place, maker.chance, home), quota):
        yield maker.body(home, draft)
    governments[place.code] = home.codes.get(home.government, "")


def _mixed(place: Place, chance: Chance, home: _Home) -> Iterator[Draft]:
    """The leading organs, then the streams of the level, mixed by weight; an ended office only after its successor."""
    yield from leading_organs(place, chance)
    streams = [(weight, stream(place, chance)) for weight, stream in STREAMS[place.level]]
    wheel = [stream for weight, stream in streams for _ in range(weight)]
    while True:
        stream = chance.pick(wheel)
        draft = next(stream, None)
        if draft is None:
            wheel = [other for other in wheel if other is not stream]
        elif (not draft.successor or draft.successor in home.codes) and draft.name not in REAL_NAMES:
            yield draft


def _old_name(name: str) -> str:
    """What a body of this name may have been called before."""
    for new, old in v.OLD_NAMES:
        if name.endswith(new):
            return name.removesuffix(new) + old
    return f"{name}筹备处"


def _authority(kind: str, home: _Home) -> str:
    """Who keeps the body's register (登记管理机关), by the first character of the kind."""
    central = home.region == CENTRAL
    if kind in ("11", "13", "19", "00"):
        return "中央机构编制委员会办公室" if central else f"中国共产党{home.title}委员会机构编制委员会办公室"
    if kind == "12":
        return "国家事业单位登记管理局" if central else f"{home.title}事业单位登记管理局"
    name = _NATIONAL_AUTHORITIES.get(kind[0])
    if name:
        return name
    central_name, local = _AUTHORITIES[kind[0]]
    return central_name if central else home.title + local


_NATIONAL_AUTHORITIES = {
    "2": "外交部",
    "4": "文化和旅游部",
    "6": "文化和旅游部",
    "A": "中央军委改革和编制办公室",
    "G": "公安部",
}
_AUTHORITIES = {
    "3": ("司法部", "司法局"),
    "5": ("民政部", "民政局"),
    "7": ("国家宗教事务局", "民族宗教事务局"),
    "8": ("中华全国总工会", "总工会"),
    "9": ("国家市场监督管理总局", "市场监督管理局"),
    "N": ("农业农村部", "农业农村局"),
    "Y": ("国家登记管理机关", "其他登记管理机关"),
}
