"""Is this site genuine? The answer from an address and what the register knows about it. Pure.

The host decides, the badge comes second (domain-rules.md, W3): a genuine host with a bad badge is still genuine,
a strange host with a fine badge is an impersonation. In this order:

1. the host stands in a mark that is in force: ``genuine``; in a suspended one: ``suspended``;
2. the address puts an official name where a careless eye takes it for the host (user name, behind an ``@``), or
the host copies
   one (inside, joined, same look or sound, words added, look-alike TLD): ``impersonation``;
3. it shows the badge of another site: ``impersonation``;
4. the host lies under a name that the register holds for a living body: ``unknown``, with the body, because the
name is right but the
   site has no mark (or not for this host);
5. it lies under one of our TLDs and is not registered, or its mark was revoked or its body ended, it is a bare
number, a script, or
   carries an official name under a foreign TLD: ``not_official``;
6. anything else: ``unknown``. The register does not know the rest of the world and does not accuse it.

``impersonation`` needs a deliberate likeness. The very same name under another TLD may be the body's own, so it
is only ``not_official``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.names import to_u
from verifier.address import Address, Kind, Trick
from verifier.marks.origin import registered_name
from verifier.marks.states import MarkState
from verifier.marks.store import Mark, Name
from verifier.officials import Like, Likeness


class Verdict(StrEnum):
    """The words of the contract."""

    GENUINE = "genuine"
    SUSPENDED = "suspended"
    NOT_OFFICIAL = "not_official"
    IMPERSONATION = "impersonation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Facts:
    """What was looked up for one address.

    ``mark`` names the exact host; ``name`` is the registered name that the host lies at or under; ``likes`` and
    ``named`` (official names in user name or path) come with their ``officials``; ``shown`` is the mark whose
    badge the page shows, when the asker saw one.
    """

    mark: Mark | None = None
    name: Name | None = None
    is_our_zone: bool = False
    likes: tuple[Like, ...] = ()
    named: tuple[str, ...] = ()
    officials: Mapping[str, Name] | None = None
    shown: Mark | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the explanation. ``tone``: good, warn, bad or plain."""

    code: str
    tone: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer. ``official_url`` is where the genuine site is, when one is known; ``name`` is who that is about."""

    verdict: Verdict
    address: Address
    findings: tuple[Finding, ...]
    official_url: str | None = None
    mark: Mark | None = None
    name: Name | None = None


HARD = frozenset({Likeness.INSIDE, Likeness.JOINED, Likeness.LOOK, Likeness.ADDED, Likeness.SOUND, Likeness.TLD})
# Between two registered names a likeness of spelling is no crime; a host that carries another's whole name in front is.
HARD_BETWEEN_OFFICIALS = frozenset({Likeness.INSIDE, Likeness.JOINED})


def judge(address: Address, facts: Facts) -> Judgement:
    """The verdict on one address."""
    verdict, findings = _decide(address, facts)
    tricks = tuple(_TRICK_WORDS[trick] for trick in address.tricks if trick in _TRICK_WORDS)
    about = _about(verdict, facts)
    return Judgement(
        verdict=verdict,
        address=address,
        findings=(*findings, *tricks),
        official_url=_official_url(facts, about),
        mark=facts.mark,
        name=about,
    )


def _decide(address: Address, facts: Facts) -> tuple[Verdict, tuple[Finding, ...]]:
    if address.kind is Kind.NONE:
        return Verdict.UNKNOWN, (_NO_ADDRESS,)
    if address.kind is Kind.WORD:
        return Verdict.UNKNOWN, (_WORD, *(_like_finding(like, address, "plain") for like in facts.likes[:1]))
    if facts.mark is not None and facts.mark.state is not MarkState.REVOKED:
        return _marked(facts.mark)
    for rule in (_named, _copied, _shown, _other_kinds, _registered, _in_our_zone, _resembles):
        if answer := rule(address, facts):
            return answer
    return Verdict.UNKNOWN, (_STRANGER,)


Answer = tuple[Verdict, tuple[Finding, ...]] | None


def _marked(mark: Mark) -> tuple[Verdict, tuple[Finding, ...]]:
    if mark.state is MarkState.VALID:
        zh, en = (
            f"本网站持有有效标识，属于{mark.body_name}",
            f"This site holds a valid mark and belongs to {mark.body_name}",
        )
        return Verdict.GENUINE, (Finding("mark.valid", "good", zh, en),)
    if not mark.is_body_alive:
        cause = ("机构的登记状态已变", "the registration of the body has changed")
    elif not mark.is_name_held:
        cause = ("名称已不再注册给该机构", "the name is no longer registered for the body")
    else:
        cause = (mark.reason or "正在核查", "it is under check")
    host = to_u(mark.hosts[0]) if len(mark.hosts) == 1 else mark.origin
    zh, en = (
        f"标识已暂停：{cause[0]}。在恢复之前请勿在此提交信息",
        f"The mark is suspended: {cause[1]}. Do not enter anything at {host} for now",
    )
    return Verdict.SUSPENDED, (Finding("mark.suspended", "warn", zh, en),)


def _named(address: Address, facts: Facts) -> Answer:
    own = registered_name(address.host)
    hits = [name for name in facts.named if name != own]
    if not hits or not {Trick.USER_NAME, Trick.AT_IN_PATH, Trick.BACKSLASH} & set(address.tricks):
        return None
    shown = to_u(hits[0])
    return Verdict.IMPERSONATION, (
        Finding(
            "address.decoy", "bad",
            f"地址里写着 {shown}，浏览器实际打开的却是 {address.host_u}",
            f"The address shows {shown}, but a browser would open {address.host_u}",
        ),
    )  # fmt: skip


def _copied(address: Address, facts: Facts) -> Answer:
    is_held = facts.name is not None and facts.name.is_live and facts.name.is_body_alive
    hard = HARD_BETWEEN_OFFICIALS if is_held else HARD
    is_cut = Trick.SLASH_LOOK_ALIKE in address.tricks  # nobody writes a false slash by accident
    hits = [like for like in facts.likes if like.kind in hard or is_cut]
    if not hits:
        return None
    told = (
        hits[:1] if hits[0].kind is Likeness.INSIDE else hits[:2]
    )  # the whole name says it all, its label adds nothing
    return Verdict.IMPERSONATION, tuple(_like_finding(like, address, "bad") for like in told)


def _shown(address: Address, facts: Facts) -> Answer:
    if facts.shown is None or address.host in facts.shown.hosts:
        return None
    real = to_u(facts.shown.hosts[0])
    return Verdict.IMPERSONATION, (
        Finding(
            "badge.foreign", "bad",
            f"网页上的标识属于 {real}，不属于 {address.host_u}",
            f"The badge on the page belongs to {real}, not to {address.host_u}",
        ),
    )  # fmt: skip


def _other_kinds(address: Address, _: Facts) -> Answer:
    if Trick.SCRIPT_SCHEME in address.tricks:
        return Verdict.NOT_OFFICIAL, (_SCRIPT,)
    if address.kind is Kind.OTHER:
        return Verdict.UNKNOWN, (_NOT_WEB,)
    if address.kind is Kind.NUMBER:
        return Verdict.NOT_OFFICIAL, (_NUMBER,)
    return None


def _registered(address: Address, facts: Facts) -> Answer:
    name = facts.name
    if name is None or not name.is_live:
        return None
    if not name.is_body_alive:
        zh, en = f"{name.unicode} 的持有机构已不存续", f"The body that held {name.unicode} no longer exists"
        return Verdict.NOT_OFFICIAL, (Finding("holder.ended", "bad", zh, en),)
    if facts.mark is not None:
        return Verdict.NOT_OFFICIAL, (_REVOKED,)
    return Verdict.UNKNOWN, (
        _unmarked(address, name),
        *(_like_finding(like, address, "plain") for like in facts.likes[:1]),
    )


def _unmarked(address: Address, name: Name) -> Finding:
    if name.origin:
        return Finding(
            "host.unlisted", "warn",
            f"{name.unicode} 属于{name.body_name}，但 {address.host_u} 不在其标识所列的主机之中",
            f"{name.unicode} belongs to {name.body_name}, but {address.host_u} is not among the hosts of its mark",
        )  # fmt: skip
    return Finding(
        "name.unmarked", "warn",
        f"{name.unicode} 注册给{name.body_name}，但网站尚未取得标识",
        f"{name.unicode} is registered for {name.body_name}, but the site has no mark yet",
    )  # fmt: skip


def _in_our_zone(address: Address, facts: Facts) -> Answer:
    if facts.mark is not None:
        return Verdict.NOT_OFFICIAL, (_REVOKED,)
    if not facts.is_our_zone:
        return None
    name = to_u(registered_name(address.host))
    zh, en = (
        f"{name} 没有注册，背后没有任何经核实的机构",
        f"{name} is not registered; no verified body stands behind it",
    )
    near = tuple(_like_finding(like, address, "warn") for like in facts.likes[:1])
    return Verdict.NOT_OFFICIAL, (Finding("name.unregistered", "bad", zh, en), *near)


def _resembles(address: Address, facts: Facts) -> Answer:
    if not facts.likes:
        return None
    like = facts.likes[0]
    verdict = Verdict.UNKNOWN if like.kind is Likeness.NEAR else Verdict.NOT_OFFICIAL
    return verdict, (_like_finding(like, address, "warn"),)


def _like_finding(like: Like, address: Address, tone: str) -> Finding:
    zh, en = _LIKE_WORDS[like.kind]
    values = {"host": address.host_u, "official": to_u(like.official), "label": like.label}
    return Finding(f"like.{like.kind}", tone, zh.format(**values), en.format(**values))


def _about(verdict: Verdict, facts: Facts) -> Name | None:
    """Whose name the answer is about: the copied one for a copy, else the host's own."""
    officials = facts.officials or {}
    if verdict is Verdict.IMPERSONATION or facts.name is None:
        keys = [like.official for like in facts.likes] + list(facts.named)
        own = facts.name.name if facts.name else ""
        found = next((officials[key] for key in keys if key in officials and key != own), None)
        return found or facts.name
    return facts.name


def _official_url(facts: Facts, about: Name | None) -> str | None:
    if facts.mark is not None and facts.mark.state is not MarkState.REVOKED:
        return f"{facts.mark.origin}/"
    if facts.shown is not None and facts.shown.state is MarkState.VALID:
        return f"{facts.shown.origin}/"
    return f"{about.origin}/" if about is not None and about.origin else None


_NO_ADDRESS = Finding(
    "address.none", "plain",
    "没有从中读出网址。请粘贴浏览器地址栏里的完整地址",
    "No address could be read from this. Paste the whole address from the browser's address bar",
)  # fmt: skip
_WORD = Finding(
    "address.word", "plain",
    "这是一个名称，不是网址；请在“查询”中查它，或粘贴完整地址",
    "This is a name, not an address; look it up, or paste a whole address",
)  # fmt: skip
_STRANGER = Finding(
    "host.stranger", "plain",
    "本系统没有关于这个网站的记录，既不能说它是真的，也不能说它是假的",
    "The register knows nothing about this site; it can neither vouch for it nor accuse it",
)  # fmt: skip
_SCRIPT = Finding(
    "address.script", "bad",
    "这不是网站的地址，而是一段会在您的浏览器里运行的内容，请勿打开",
    "This is not the address of a site but content that would run in your browser; do not open it",
)  # fmt: skip
_NOT_WEB = Finding("address.not_web", "plain", "这不是网站的地址", "This is not the address of a web site")
_NUMBER = Finding(
    "address.number", "bad",
    "这个地址只有数字，没有名称。官方网站不会用 IP 地址称呼自己",
    "This address is a bare number without a name. An official site never calls itself by an IP address",
)  # fmt: skip
_REVOKED = Finding("mark.revoked", "bad", "本网站的标识已被撤销", "The mark of this site has been revoked")

_LIKE_WORDS: Mapping[Likeness, tuple[str, str]] = {
    Likeness.INSIDE: ("{official} 只是这个地址的前半段，真正的主机是 {host}",
                      "{official} is only the front part of this address; the host is {host}"),
    Likeness.JOINED: ("“{label}”把 {official} 连写成了一个词", "“{label}” runs {official} together into one word"),
    Likeness.LOOK: ("“{label}”与 {official} 字形相近，但不是同一个名称", "“{label}” looks like {official} but is another name"),
    Likeness.ADDED: ("“{label}”在 {official} 的名称上添加了字词", "“{label}” adds words to the name of {official}"),
    Likeness.SOUND: ("“{label}”与 {official} 读音相同，但用字不同", "“{label}” sounds like {official} but is written differently"),
    Likeness.TLD: ("{host} 的末尾与 {official} 相似，但不是同一个域", "The ending of {host} resembles that of {official} but is another domain"),
    Likeness.CONTAINS: ("“{label}”里含有 {official} 的全名，但这个地址不在本系统注册",
                        "“{label}” contains the whole name of {official}, but this address is not in the register"),
    Likeness.SAME: ("“{label}”与 {official} 同名，但这个地址不在本系统注册",
                    "“{label}” is also the name of {official}, but this address is not in the register"),
    Likeness.ROMAN: ("“{label}”是 {official} 的拼音，但这个地址不在本系统注册",
                    "“{label}” is the pinyin of {official}, but this address is not in the register"),
    Likeness.NEAR: ("“{label}”与 {official} 只差一个字", "“{label}” differs from {official} by one character"),
}  # fmt: skip

_TRICK_WORDS: Mapping[Trick, Finding] = {
    trick: Finding(f"address.{trick}", tone, zh, en)
    for trick, tone, zh, en in (
        (Trick.USER_NAME, "warn", "“@”之前的部分是用户名，不是网站；常被用来迷惑人",
         "What stands before the “@” is a user name, not the site; it is often used to mislead"),
        (Trick.BACKSLASH, "warn", "地址中有反斜杠，浏览器把它当作“/”", "The address contains a backslash, which browsers read as “/”"),
        (Trick.AT_IN_PATH, "plain", "主机之后还有“@”，它不改变所打开的网站",
         "There is an “@” behind the host; it does not change which site opens"),
        (Trick.INVISIBLE, "warn", "地址中有看不见的字符，浏览器会略去", "The address contains invisible characters, which browsers drop"),
        (Trick.MAPPED, "plain", "地址中有全角或兼容字符，已按浏览器的规则换成通常的写法",
         "Full-width or compatibility characters were read the way browsers read them"),
        (Trick.PERCENT_HOST, "warn", "主机名用百分号编码书写，已还原", "The host was written with percent signs and has been decoded"),
        (Trick.PUNYCODE, "plain", "以 xn-- 开头的是中文等字符的编码形式，已还原",
         "Labels that begin with xn-- are encoded characters and have been decoded"),
        (Trick.MIXED_SCRIPTS, "warn", "同一个词里混用了不同文字的字母", "One label mixes letters of different scripts"),
        (Trick.DISGUISED_NUMBER, "warn", "IP 地址用少见的写法书写，已还原", "The IP address was written in an unusual way and has been decoded"),
        (Trick.PORT, "plain", "地址指定了不常用的端口", "The address names an unusual port"),
        (Trick.NOT_HTTPS, "warn", "地址不是 https，途中可能被改动", "The address is not https; it may be altered on the way"),
        (Trick.SHORT_LINK, "warn", "这是短链接，看不出通向哪里；请打开后把地址栏里的地址再粘贴过来",
         "This is a short link that hides where it leads; open it and paste the address you arrive at"),
        (Trick.BIDI, "warn", "地址中有改变文字方向的控制符，屏幕上的先后与实际不同",
         "The address contains controls that turn the direction of text; what the screen shows is not the real order"),
        (Trick.SLASH_LOOK_ALIKE, "warn", "主机名里有貌似“/”的字符，它并不是主机名的结尾",
         "The host contains a character that passes for a “/”; the host does not end there"),
        (Trick.SCHEME_TWICE, "warn", "“https”在这里被当作主机名，后面的内容只是站内位置",
         "Here “https” is the host; what follows is only a place inside the site"),
        (Trick.UNUSUAL_NAME, "plain", "主机名不符合国际化域名的标准", "The host does not follow the standard of internationalised names"),
    )
}  # fmt: skip
