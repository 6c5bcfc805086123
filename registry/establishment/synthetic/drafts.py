"""What lives in a place: endless, never repeating streams of drafts, one stream for each walk of public life.

A draft names its sponsor and its successor by *name*; ``registry.establishment.generate`` gives codes, dates,
addresses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle

from registry.establishment.synthetic import vocabulary as v
from registry.establishment.synthetic.chance import Chance, Words, numeral
from registry.establishment.synthetic.places import Place


@dataclass(slots=True)
class Draft:
    """A body before it has a code."""

    kind: str
    name: str
    level: str
    short_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    administrative: bool = False
    sponsor: str = ""  # name of a body of the same place; empty = the government of the place
    status: str = "normal"
    successor: str = ""  # name of a body of the same place


Stream = Callable[[Place, Chance], Iterator[Draft]]


def government(place: Place) -> str:
    """The name of the people's government of a place (行政公署 in a 地区 or 盟)."""
    return place.title + ("行政公署" if place.name.endswith(("地区", "盟")) else "人民政府")


def office(place: Place, index: int) -> str:
    """The full name of a department of a place's government."""
    entry = v.OFFICES[index]
    name = entry.local if place.level != "province" else (entry.municipality if place.municipality else entry.province)
    return place.title + name


def leading_organs(place: Place, _chance: Chance) -> Iterator[Draft]:
    """The organs without which there is no place: government, party, people's congress, courts."""
    title, level = place.title, place.level
    court = {"province": "高级人民法院", "city": "中级人民法院", "county": "人民法院"}[level]
    seat = place.chain if level == "city" else title
    yield Draft("11", government(place), level, _government_short(place), administrative=True)
    party = f"中国共产党{title}委员会"
    yield Draft("11", party, level, (f"中共{title}委", f"{title}委"), administrative=True)
    congress = f"{title}人民代表大会常务委员会"
    yield Draft("11", congress, level, (f"{title}人大常委会",), administrative=True)
    yield Draft(
        "11", f"中国人民政治协商会议{title}委员会", level, (f"{title}政协",), administrative=True, sponsor=party
    )
    yield Draft(
        "11", seat + court, level, (f"{title}{court.removeprefix('人民')}",), administrative=True, sponsor=congress
    )
    yield Draft("11", f"{seat}人民检察院", level, (f"{title}检察院",), administrative=True, sponsor=congress)
    yield Draft("11", f"{title}监察委员会", level, (f"{title}监委",), administrative=True, sponsor=congress)


def _government_short(place: Place) -> tuple[str, ...]:
    name = government(place)
    return (name.replace("人民政府", "政府"),) if name.endswith("人民政府") else ()


def offices(place: Place, chance: Chance) -> Iterator[Draft]:
    """Departments of government and party in mixed order; ends when all are there."""
    party = f"中国共产党{place.title}委员会"
    plan: list[tuple[int, int]] = [(0, index) for index in range(len(v.OFFICES))]
    plan += [(1, index) for index in range(len(v.PARTY_OFFICES))]
    for branch, index in chance.shuffled(plan):
        if branch == 0:
            yield _office(place, index)
        else:
            name, short = v.PARTY_OFFICES[index]
            yield Draft(
                "11", party + name, place.level, (f"中共{place.title}委{short}",), administrative=True, sponsor=party
            )


def _office(place: Place, index: int) -> Draft:
    entry = v.OFFICES[index]
    local = place.level != "province"
    return Draft(
        "11",
        office(place, index),
        place.level,
        (place.title + entry.short,) if entry.short and local else (),
        (place.title + entry.alias,) if entry.alias and local else (),
        administrative=True,
    )


def reformed_offices(place: Place, _chance: Chance) -> Iterator[Draft]:
    """Offices that a reform renamed, merged, split or abolished; each points at the office that follows it."""
    for old, new, status in v.REFORMED:
        yield Draft(
            "11", place.title + old, place.level, (), administrative=True, status=status, successor=place.title + new
        )


def institutions(place: Place, chance: Chance) -> Iterator[Draft]:
    """事业单位: the usual ones first, then schools and hospitals with numbers and proper names."""
    for name, index, administrative in v.INSTITUTIONS:
        short = (place.title + name.replace("第一中学", "一中"),) if name == "第一中学" else ()
        sponsor = office(place, index)
        yield Draft("12", place.title + name, place.level, short, administrative=administrative, sponsor=sponsor)
    words = Words(chance, v.HEADS, v.TAILS)
    school, health = office(place, 1), office(place, 5)
    for number in count(2):
        yield Draft(
            "12",
            f"{place.title}第{numeral(number)}中学",
            place.level,
            (f"{place.title}{numeral(number)}中",),
            sponsor=school,
        )
        yield Draft("12", f"{place.title}第{numeral(number)}小学", place.level, (), sponsor=school)
        yield Draft("12", f"{place.title}{words.draw()}小学", place.level, (), sponsor=school)
        yield Draft("12", f"{place.title}第{numeral(number)}人民医院", place.level, (), sponsor=health)
        yield Draft("12", f"{place.title}{words.draw()}幼儿园", place.level, (), sponsor=school)


def mass_organisations(place: Place, _chance: Chance) -> Iterator[Draft]:
    """群众团体 whose posts the establishment office manages."""
    sponsor = f"中国共产党{place.title}委员会"
    for front, back, administrative in v.MASS_ORGANISATIONS:
        short = (f"共青团{place.title}委", f"{place.title}团委") if front else ()
        yield Draft(
            "13", front + place.title + back, place.level, short, administrative=administrative, sponsor=sponsor
        )


def parties(place: Place, _chance: Chance) -> Iterator[Draft]:
    """Committees of the 民主党派: kind 00, no USCC."""
    for party in v.PARTIES:
        yield Draft("00", f"{party}{place.title}委员会", place.level, administrative=True)


def towns(place: Place, chance: Chance) -> Iterator[Draft]:
    """Towns and sub-districts with their organs, institutions and self-governing villages and neighbourhoods."""
    names, names_of_villages = Words(chance, v.HEADS, v.TAILS), Words(chance, v.HEADS, v.TAILS)
    urban = place.name.endswith("区")
    for _ in count():
        street = chance.yes(0.7 if urban else 0.15)
        town = place.title + names.draw() + ("街道" if street else chance.pick(("镇", "镇", "乡")))
        yield from _town(place, chance, town, street)
        for _ in range(chance.between(6, 14)):
            yield _village(town, names_of_villages.draw(), street)


def _town(place: Place, chance: Chance, town: str, street: bool) -> Iterator[Draft]:
    government_name = f"{town}办事处" if street else f"{town}人民政府"
    short = (f"{town}办",) if street else (f"{town}政府",)
    yield Draft("11", government_name, "town", short, administrative=True)
    party = f"中国共产党{town}工作委员会" if street else f"中国共产党{town}委员会"
    yield Draft("11", party, "town", (), administrative=True, sponsor=f"中国共产党{place.title}委员会")
    yield Draft("12", f"{town}{'社区卫生服务中心' if street else '卫生院'}", "town", (), sponsor=office(place, 5))
    yield Draft("12", f"{town}中心小学", "town", (), sponsor=office(place, 1))
    yield Draft(
        "12",
        f"{town}{chance.pick(('便民服务中心', '综合文化站', '退役军人服务站'))}",
        "town",
        (),
        sponsor=government_name,
    )


def villages(place: Place, chance: Chance) -> Iterator[Draft]:
    """Neighbourhoods and villages of one sub-district and one town, in turn."""
    words = Words(chance, v.HEADS, v.TAILS)
    street, town = place.title + words.draw() + "街道", place.title + words.draw() + "镇"
    for _ in count():
        yield _village(street, words.draw(), street=True)
        yield _village(town, words.draw(), street=False)


def _village(town: str, word: str, street: bool) -> Draft:
    if street:
        name = f"{town}{word}社区居民委员会"
        return Draft("54", name, "town", (name.replace("居民委员会", "居委会"),))
    name = f"{town}{word}村村民委员会"
    return Draft("55", name, "town", (name.replace("村民委员会", "村委会"),))


def societies(place: Place, chance: Chance) -> Iterator[Draft]:
    """社会团体."""
    plan = [topic + end for end in v.SOCIETY_ENDS for topic in v.SOCIETY_TOPICS]
    for name in chance.shuffled(plan):
        yield Draft("51", place.title + name, place.level)
    words = Words(chance, v.HEADS, v.TAILS)
    for _ in count():
        yield Draft("51", f"{place.title}{words.draw()}商会", place.level)


def private_non_enterprises(place: Place, chance: Chance) -> Iterator[Draft]:
    """民办非企业单位."""
    words = Words(chance, v.HEADS, v.TAILS)
    for _ in count():
        yield Draft("52", f"{place.title}{words.draw()}{chance.pick(v.PRIVATE_NON_ENTERPRISES)}", place.level)


def foundations(place: Place, chance: Chance) -> Iterator[Draft]:
    """基金会."""
    words = Words(chance, v.HEADS, v.TAILS)
    for theme in v.FOUNDATION_THEMES:
        yield Draft("53", f"{place.title}{theme}基金会", place.level)
    for _ in count():
        yield Draft("53", f"{place.title}{words.draw()}{chance.pick(v.FOUNDATION_THEMES)}基金会", place.level)


def legal_services(place: Place, chance: Chance) -> Iterator[Draft]:
    """Kinds 31 to 39, registered by the judicial administration."""
    words = Words(chance, v.HEADS, v.TAILS)
    yield Draft("32", f"{place.title}公证处", place.level)
    if place.level != "county":
        yield Draft("35", f"{place.title}仲裁委员会", place.level)
    endings = (
        ("31", "律师事务所"),
        ("31", "律师事务所"),
        ("33", "法律服务所"),
        ("34", "司法鉴定中心"),
        ("39", "法律咨询服务部"),
    )
    for kind, ending in cycle(endings):
        yield Draft(kind, f"{place.title}{words.draw()}{ending}", place.level)


def religious(place: Place, chance: Chance) -> Iterator[Draft]:
    """宗教活动场所, and 宗教院校 in provinces."""
    words = Words(chance, v.HEADS, v.TAILS)
    if place.level == "province":
        yield Draft("72", f"{place.title}佛学院", place.level)
        yield Draft("79", f"{place.title}宗教文化交流中心", place.level)
    for _ in count():
        yield Draft("71", f"{place.title}{words.draw()}{chance.pick(v.TEMPLE_ENDS)}", place.level)


def commerce(place: Place, chance: Chance) -> Iterator[Draft]:
    """Companies, traders, cooperatives and their unions: bodies to which no name is given."""
    words = Words(chance, v.HEADS, v.TAILS)
    for _ in count():
        company = f"{place.title}{words.draw()}{chance.pick(v.TRADES)}"
        yield Draft("91", company, place.level)
        yield Draft("81", f"{company}工会委员会", place.level)
        yield Draft("92", f"{place.title}{words.draw()}{chance.pick(v.SHOPS)}", place.level)
        yield Draft("91", f"{place.title}{words.draw()}{chance.pick(v.TRADES)}", place.level)
        yield Draft("93", f"{place.title}{words.draw()}{chance.pick(v.COOPERATIVES)}专业合作社", place.level)


def collectives(place: Place, chance: Chance) -> Iterator[Draft]:
    """Rural collective economic organisations, kinds N1 to N9."""
    words = Words(chance, v.HEADS, v.TAILS)
    for _ in count():
        town = f"{place.title}{words.draw()}镇"
        yield Draft("N3", f"{town}经济联合总社", "town")
        for _ in range(3):
            village = f"{town}{words.draw()}村"
            yield Draft("N2", f"{village}股份经济合作社", "town")
            yield Draft("N1", f"{village}第{numeral(chance.between(1, 12))}组经济合作社", "town")
        yield Draft("N9", f"{town}{words.draw()}集体资产经营中心", "town")


def rarities(place: Place, chance: Chance) -> Iterator[Draft]:
    """The kinds that are few, in turn: foreign offices, military institutions, the 其他 of each department."""
    words = Words(chance, v.HEADS, v.TAILS)
    for kind, front, back in cycle(_RARE):
        yield Draft(
            kind, f"{front}{words.draw()}{back}" if front else f"{place.title}{words.draw()}{back}", place.level
        )


_RARE = (  # kind, words before the proper name (empty: the place), words behind it
    ("19", "", "议事协调服务办公室"),
    ("21", "环球", "通讯社驻华记者站"),
    ("29", "环球", "图片社驻华联络处"),
    ("41", "国际", "文化中心"),
    ("49", "国际", "艺术交流联络处"),
    ("59", "", "社区服务站"),
    ("61", "海外", "旅游局驻华代表处"),
    ("62", "港澳", "旅游促进会代表处"),
    ("69", "海外", "旅游推广联络处"),
    ("89", "", "行业工会联合会"),
    ("A1", "中国人民解放军", "疗养院"),
    ("A9", "中国人民解放军", "军人服务社"),
    ("G1", "国际", "救助会代表处"),
    ("Y1", "", "业主委员会"),
)

KINDS_OF: dict[Stream, frozenset[str]] = {  # kinds that only one stream brings
    rarities: frozenset(kind for kind, _, _ in _RARE),
    legal_services: frozenset(("31", "32", "33", "34", "35", "39")),
    religious: frozenset(("71", "72", "79")),
    commerce: frozenset(("81", "91", "92", "93")),
    collectives: frozenset(("N1", "N2", "N3", "N9")),
    villages: frozenset(("54", "55")),
}

# What a place is made of: weight and stream. The weights follow the census of legal persons roughly (domain rules,
# section 8).
STREAMS: dict[str, tuple[tuple[int, Stream], ...]] = {
    "province": (
        (30, offices), (20, institutions), (8, mass_organisations), (8, parties), (12, societies), (4, foundations),
        (4, private_non_enterprises), (5, legal_services), (3, religious), (5, commerce), (6, rarities),
    ),
    "city": (
        (32, offices), (6, reformed_offices), (26, institutions), (6, mass_organisations), (4, parties),
        (10, societies), (1, foundations), (6, private_non_enterprises), (3, legal_services), (2, religious),
        (6, commerce),
    ),
    "county": (
        (20, offices), (3, reformed_offices), (18, institutions), (4, mass_organisations), (50, towns), (7, societies),
        (8, private_non_enterprises), (2, legal_services), (2, religious), (9, commerce), (4, collectives),
    ),
}  # fmt: skip
