"""Answers on port 43 (pure): records in, bytes out. The grammar stands in ``docs/protocols/whois.md``.

Keys are those that ICANN's WHOIS specification made common, so that every known parser reads them; what is ours (code, kind and place
of the body, bundle, mark) has keys of its own. Instants are UTC. Chinese stands as Chinese, in UTF-8.
"""

from collections.abc import Iterable
from datetime import datetime

from registry.kernel.errors import Refusal
from registry.published.records import (
    BodyDetail,
    BodyRecord,
    DomainRecord,
    HostRecord,
    RegistrarRecord,
    Retired,
    Variant,
)
from whois.disclosure import Datum, Party, Role, people_of
from whois.lines import NEWLINE, Pair, block, instant, padded, remark, text
from whois.words import BODY_STATUS, DISPOSITION, LEVEL, MARK_STATE, MEMBER_ROLE, NAME_ROLE

UPDATE = ">>> Last update of WHOIS database: "
HIDDEN = "REDACTED"  # stands where a datum is withheld (docs/protocols/whois.md, "Redaction")
STATUS_PAGE = "https://icann.org/epp#"
USAGE = (
    ("清华大学.公益", "域名（中文、xn--、简体、繁体、句号“。”均可） / a name, in any form"),
    ("nameserver ns1.example.公益", "域名服务器 / a name server"),
    ("registrar 9995", "注册服务机构（IANA 编号或名称） / a registrar by IANA id or name"),
    ("12100000400000624D", "机构（统一社会信用代码） / a public body by its code"),
    ("help", "本说明 / this text"),
)
USAGE_COLUMNS = 34  # where the explanations begin
TERMS = (
    remark(
        "本查询供公众核实名称的持有机构。请勿用于批量采集或发送商业信息。个人信息依法不公开。",
        "This service lets the public see who holds a name. No bulk collection, no marketing. Personal data is not shown.",
    ),
    remark(
        "状态代码说明见 https://icann.org/epp",
        "For more information on domain status codes, please visit https://icann.org/epp",
    ),
)


def domain_answer(record: DomainRecord, now: datetime) -> bytes:
    """A registered name: the name, who holds it, its bundle and marks, its servers."""
    blocks = (_name(record, now), _people(record), _past(record), _bundle(record), _marks(record), _delegation(record))
    return _signed(blocks, now)


def variant_answer(variant: Variant, now: datetime) -> bytes:
    """Another spelling of a registered name, and the name itself."""
    words = DISPOSITION[variant.disposition]
    head = block(
        (
            ("Variant Name", f"{variant.unicode} {variant.asked}"),
            ("Variant Status", f"{variant.disposition} ({words.zh} / {words.en})"),
            ("Variant Of", f"{variant.of.unicode} {variant.of.name}"),
        )
    )
    said = remark(
        f"这是“{variant.of.unicode}”的异体写法，{words.zh}；以下是该名称的登记信息",
        f"another spelling of {variant.of.unicode}: {words.en}; what follows is that name",
    )
    record = variant.of
    blocks = (said, head, _name(record, now), _people(record), _bundle(record), _marks(record), _delegation(record))
    return _signed(blocks, now)


def retired_answer(retired: Retired, now: datetime) -> bytes:
    """A name that was official once."""
    said = remark(
        f"“{retired.unicode}”曾是官方名称，现已停用，不会分配给其他人",
        f"{retired.unicode} was an official name once; it is out of use and nobody else gets it",
    )
    head = block(
        (
            ("Domain Name", retired.asked),
            ("Retired Name", retired.unicode),
            ("Retired Date", instant(retired.retired_at)),
            ("Former Registrant USCC", retired.uscc),
        )
    )
    return _signed((said, head), now)


def missing_answer(what: str, asked: str, now: datetime) -> bytes:
    """Nothing is registered under what was asked; ``what`` is ``domain``, ``nameserver``, ``registrar`` or ``body``."""
    zh = {"domain": "域名", "nameserver": "域名服务器", "registrar": "注册服务机构", "body": "机构"}[what]
    head = block((("No match for", asked),))
    return _signed((head, remark(f"没有查到这个{zh}", f"no such {what} is registered here")), now)


def host_answer(host: HostRecord, now: datetime) -> bytes:
    """A name server."""
    head = block(
        (
            ("Server Name", host.name),
            ("Registry Host ID", host.roid),
            *(("IP Address", address) for address in host.addresses),
            *(("Host Status", status) for status in host.statuses(now)),
            *_registrar(host.registrar),
            ("Creation Date", instant(host.created_at)),
            ("Updated Date", instant(host.updated_at)),
        )
    )
    return _signed((head,), now)


def registrar_answer(registrar: RegistrarRecord, now: datetime) -> bytes:
    """A registrar: an accredited business, so nothing of it is personal."""
    head = block(
        (
            ("Registrar", registrar.name),
            ("Registrar IANA ID", str(registrar.iana_id or "")),
            ("Registrar ID", registrar.id),
            ("Registrar Status", registrar.status),
            ("Street", registrar.address),
            ("Phone Number", registrar.phone),
            ("Email", registrar.email),
            ("Registrar URL", registrar.url),
            ("Creation Date", instant(registrar.created_at)),
        )
    )
    return _signed((head,), now)


def body_answer(detail: BodyDetail, now: datetime) -> bytes:
    """A public body with its names."""
    others = ((f"Body {NAME_ROLE[role].en.title()}", name) for role, name in detail.other_names if role in NAME_ROLE)
    names = block(("Domain Name", f"{one.unicode} {one.name}") for one in detail.domains)
    said = "" if detail.domains else remark("该机构尚无已注册的名称", "this body holds no name yet")
    return _signed((block((("Body Name", detail.body.name), *_body("Body", detail.body), *others)), names, said), now)


def help_answer(now: datetime) -> bytes:
    """How to ask."""
    head = remark("正名 WHOIS：每个连接查询一行，UTF-8", "Zhengming WHOIS: one line of UTF-8 per connection")
    return _signed((head, NEWLINE.join(f"%   {padded(query, USAGE_COLUMNS)}{words}" for query, words in USAGE)), now)


def refusal_answer(refusal: Refusal) -> bytes:
    """What could not be answered, with its reason."""
    said = remark(refusal.text.zh, refusal.text.en)
    return text((block((("Error", refusal.reason.value),)) + NEWLINE + said,))


def _signed(blocks: Iterable[str], now: datetime) -> bytes:
    """The blocks with what stands below every answer."""
    return text((*blocks, f"{UPDATE}{instant(now)} <<<", NEWLINE.join(TERMS)))


def _name(record: DomainRecord, now: datetime) -> str:
    d = record.domain
    statuses = (*record.statuses(now), *record.grace_statuses(now))
    return block(
        (
            ("Domain Name", record.name),
            ("Internationalized Domain Name", record.unicode if record.unicode != record.name else ""),
            ("Registry Domain ID", d.roid),
            ("Updated Date", instant(d.updated_at)),
            ("Creation Date", instant(d.created_at)),
            ("Registry Expiry Date", instant(d.expires_at)),
            *_registrar(record.registrar),
            *(("Domain Status", f"{status} {STATUS_PAGE}{status}") for status in dict.fromkeys(statuses)),
        )
    )


def _registrar(registrar: RegistrarRecord) -> tuple[Pair, ...]:
    return (
        ("Registrar", registrar.name),
        ("Registrar IANA ID", str(registrar.iana_id or "")),
        ("Registrar URL", registrar.url),
        ("Registrar Abuse Contact Email", registrar.email),
        ("Registrar Abuse Contact Phone", registrar.phone),
    )


def _people(record: DomainRecord) -> str:
    return NEWLINE.join(block(_party(party)) for party in people_of(record).parties)


def _party(party: Party) -> tuple[Pair, ...]:
    prefix = {Role.REGISTRANT: "Registrant", Role.TECHNICAL: "Tech"}[party.role]
    values: dict[Datum, str] = {
        Datum.ID: party.handle,
        Datum.NAME: party.name,
        Datum.ORGANIZATION: party.organization,
        Datum.STREET: ", ".join(party.street),
        Datum.CITY: party.city,
        Datum.POSTAL_CODE: party.postal_code,
        Datum.PHONE: party.phone.number,
        Datum.PHONE_EXT: party.phone.extension,
        Datum.FAX: party.fax.number,
        Datum.FAX_EXT: party.fax.extension,
        Datum.EMAIL: party.email,
    }
    shown = {datum: HIDDEN if datum in party.hidden else value for datum, value in values.items()}
    body = _body(prefix, party.body) if party.body else ()
    return (
        (f"Registry {prefix} ID", shown.pop(Datum.ID)),
        (f"{prefix} Name", shown.pop(Datum.NAME)),
        (f"{prefix} Organization", shown.pop(Datum.ORGANIZATION)),
        *body,
        *((f"{prefix} {datum.value}", value) for datum, value in shown.items()),
        (f"{prefix} State/Province", party.province),
        (f"{prefix} Country", party.country),
    )


def _body(prefix: str, body: BodyRecord) -> tuple[Pair, ...]:
    status, level = BODY_STATUS[body.status], LEVEL[body.level]
    return (
        (f"{prefix} USCC", body.uscc),
        (f"{prefix} Kind", f"{body.kind_zh} ({body.kind_en})"),
        (f"{prefix} Place", body.place_zh),
        (f"{prefix} Level", f"{level.zh} ({level.en})"),
        (f"{prefix} Authority", body.authority),
        (f"{prefix} Status", f"{status.zh} ({status.en})"),
        (f"{prefix} Established", body.established_on.isoformat() if body.established_on else ""),
        (f"{prefix} Successor USCC", body.successor_uscc),
    )


def _past(record: DomainRecord) -> str:
    """What the body that holds it was called before, and the bodies that it came from."""
    names = (("Registrant Former Name", name) for name in record.former_names)
    holders = (
        (key, value)
        for one in record.past_holders
        for key, value in (("Previous Registrant", f"{one.name} {one.uscc}".strip()), ("Previous Registrant Until", instant(one.until)))
    )  # fmt: skip
    return block((*names, *holders)) if record.former_names or record.past_holders else ""


def _bundle(record: DomainRecord) -> str:
    if len(record.domain.members) == 1:
        return ""
    return block(
        ("Bundle Member", f"{member.unicode} {member.name} {member.role} ({MEMBER_ROLE[member.role].zh})")
        for member in record.domain.members
    )


def _marks(record: DomainRecord) -> str:
    pairs = []
    for mark in record.marks:
        state = MARK_STATE[record.mark_state(mark)]
        pairs.append(("Mark", f"{mark.id} {state.en} ({state.zh}) {' '.join(mark.hosts)}"))
    return block(pairs)


def _delegation(record: DomainRecord) -> str:
    signers = record.domain.signers
    return block(
        (
            *(("Name Server", " ".join((server.name, *server.addresses))) for server in record.servers),
            ("DNSSEC", "signedDelegation" if signers else "unsigned"),
            *(
                ("DNSSEC DS Data", f"{one.key_tag} {one.algorithm} {one.digest_type} {one.digest.hex().upper()}")
                for one in signers
            ),
        )
    )
