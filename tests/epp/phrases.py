"""Commands as a registrar writes them, for tests that are tables."""

from xml.sax.saxutils import escape

EPP = "urn:ietf:params:xml:ns:epp-1.0"


def command(kind: str, verb: str, inside: str, extension: str = "", op: str = "") -> bytes:
    """One command on an object: ``kind`` is ``domain``, ``host`` or ``contact``."""
    added = f"<extension>{extension}</extension>" if extension else ""
    asked = f' op="{op}"' if op else ""
    body = f'<{kind}:{verb} xmlns:{kind}="urn:ietf:params:xml:ns:{kind}-1.0">{inside}</{kind}:{verb}>'
    return f'<epp xmlns="{EPP}"><command><{verb}{asked}>{body}</{verb}>{added}</command></epp>'.encode()


def text(name: str, value: str | None, **attributes: str) -> str:
    """An element, or nothing for None."""
    if value is None:
        return ""
    written = "".join(f' {key}="{escape(said)}"' for key, said in attributes.items())
    return f"<{name}{written}>{escape(value)}</{name}>"


def contact_create(identifier: str, **changes: str | None) -> bytes:
    """A contact that is in order, except for what is changed; None leaves an element out."""
    said: dict[str, str | None] = {
        "type": "int", "name": "John Doe", "org": "Example Ltd", "street": "1 Main Street", "city": "Anytown", "sp": "State",
        "pc": "12345", "cc": "US", "voice": "+1.5555555555", "fax": "+1.5555555556", "email": "john@example.com",
    } | changes  # fmt: skip
    address = "".join(text(f"contact:{key}", said[key]) for key in ("street", "city", "sp", "pc", "cc"))
    postal = (
        f"{text('contact:name', said['name'])}{text('contact:org', said['org'])}<contact:addr>{address}</contact:addr>"
    )
    rest = "".join(text(f"contact:{key}", said[key]) for key in ("voice", "fax", "email"))
    inside = (
        f'{text("contact:id", identifier)}<contact:postalInfo type="{said["type"]}">{postal}</contact:postalInfo>{rest}'
    )
    return command("contact", "create", f"{inside}<contact:authInfo><contact:pw/></contact:authInfo>")


def contact_change(identifier: str, changes: str) -> bytes:
    return command("contact", "update", f"{text('contact:id', identifier)}<contact:chg>{changes}</contact:chg>")


def status_change(kind: str, name: str, change: str, *statuses: str) -> bytes:
    """``change`` is ``add`` or ``rem``."""
    key = "id" if kind == "contact" else "name"
    inside = "".join(f'<{kind}:status s="{status}"/>' for status in statuses)
    return command(kind, "update", f"{text(f'{kind}:{key}', name)}<{kind}:{change}>{inside}</{kind}:{change}>")


def host_create(name: str, *addresses: tuple[str, str]) -> bytes:
    written = "".join(text("host:addr", address, ip=family) for family, address in addresses)
    return command("host", "create", text("host:name", name) + written)


def host_addresses(name: str, change: str, family: str, address: str) -> bytes:
    inside = text("host:addr", address, ip=family)
    return command("host", "update", f"{text('host:name', name)}<host:{change}>{inside}</host:{change}>")


def host_rename(name: str, new_name: str) -> bytes:
    return command("host", "update", f"{text('host:name', name)}<host:chg>{text('host:name', new_name)}</host:chg>")


def named(kind: str, verb: str, name: str, rest: str = "", op: str = "") -> bytes:
    """A command that says a name and perhaps more."""
    key = "id" if kind == "contact" else "name"
    return command(kind, verb, text(f"{kind}:{key}", name) + rest, op=op)


def domain_create(
    name: str, *, hosts: tuple[str, ...] = (), registrant: str | None = "rst-contact", period: tuple[str, str] | None = None,
    contacts: tuple[tuple[str, str], ...] = (("admin", "rst-contact"), ("tech", "rst-contact")), secret: str = "", extension: str = "",
) -> bytes:  # fmt: skip
    servers = "".join(text("domain:hostObj", host) for host in hosts)
    inside = (
        text("domain:name", name)
        + (text("domain:period", period[0], unit=period[1]) if period else "")
        + (f"<domain:ns>{servers}</domain:ns>" if servers else "")
        + text("domain:registrant", registrant)
        + "".join(text("domain:contact", contact, type=kind) for kind, contact in contacts)
        + f"<domain:authInfo>{text('domain:pw', secret)}</domain:authInfo>"
    )
    return command("domain", "create", inside, extension)


def signer(key_tag: str = "12345", alg: str = "16", digest_type: str = "2", digest: str = "AB" * 32) -> str:
    """A DS record; algorithm 16 is Ed448."""
    fields = {"keyTag": key_tag, "alg": alg, "digestType": digest_type, "digest": digest}
    return "<s:dsData>" + "".join(text(f"s:{name}", value) for name, value in fields.items()) + "</s:dsData>"


def signed(records: str) -> str:
    return f'<s:create xmlns:s="urn:ietf:params:xml:ns:secDNS-1.1">{records}</s:create>'


def domain_change(name: str, inside: str = "", signers: str = "") -> bytes:
    extension = f'<s:update xmlns:s="urn:ietf:params:xml:ns:secDNS-1.1">{signers}</s:update>' if signers else ""
    return command("domain", "update", text("domain:name", name) + inside, extension)


def servers(change: str, *hosts: str) -> str:
    inside = "".join(text("domain:hostObj", host) for host in hosts)
    return f"<domain:{change}><domain:ns>{inside}</domain:ns></domain:{change}>"


def secret(value: str) -> str:
    return f"<domain:chg><domain:authInfo>{text('domain:pw', value)}</domain:authInfo></domain:chg>"
