"""What every RDAP answer carries (RFC 9083, sections 4.1 to 4.5; ICANN's RDAP profile of February 2024)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from registry.kernel.web.bearers import Bearer
from registry.published.records import DomainRecord
from whois.disclosure import Viewer
from whois.rdap.asking import JSCARD, Question

Json = dict[str, Any]

MEDIA_TYPE = "application/rdap+json"  # RFC 9083, section 13
CONFORMANCE = (
    "rdap_level_0",
    "icann_rdap_response_profile_1",
    "icann_rdap_technical_implementation_guide_1",
)
REDACTED = "redacted"  # RFC 9537, section 5; named only where members are redacted
EPP_PAGE = "https://icann.org/epp"
COMPLAINT_PAGE = "https://icann.org/wicf"
TERMS_PATH = "/lookup/terms"
UPDATE = "last update of RDAP database"
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")  # RFC 3986, section 3.2.2


@dataclass(frozen=True, slots=True)
class Asker:
    """What an answer knows of its question: ``uri`` exactly as it was asked, ``public_url`` the base of our addresses, the instant,
    whether JSContact stands beside jCard, and who asks, when he said so.
    """

    uri: str
    public_url: str
    now: datetime
    jscard: bool = False
    bearer: Bearer | None = None

    def href(self, kind: str, name: str) -> str:
        """The address of an object of ours."""
        return f"{self.public_url}/rdap/{kind}/{quote(name, safe='')}"

    def viewer(self, registrar_id: str) -> Viewer:
        """What the asker is to objects of this registrar."""
        own = self.bearer is not None and self.bearer.registrar_id == registrar_id and "read" in self.bearer.scopes
        return Viewer.REGISTRAR if own else Viewer.PUBLIC

    def viewer_of(self, record: DomainRecord) -> Viewer:
        """What the asker is to this name."""
        return self.viewer(record.registrar.id)


def uri_of(question: Question, public_url: str) -> str:
    """The URI exactly as the client wrote it. Behind a proxy the scheme is that of our public address."""
    scheme, _, own = public_url.partition("://")
    return f"{scheme}://{question.host if _HOST.fullmatch(question.host) else own}{question.target}"


def with_parameter(uri: str, name: str, value: str) -> str:
    """The URI with one parameter set."""
    base, _, query = uri.partition("?")
    kept = [one for one in query.split("&") if one and one.partition("=")[0] != name]
    return f"{base}?{'&'.join([*kept, f'{name}={quote(value, safe=str())}'])}"


def link(asker: Asker, rel: str, href: str, media: str = MEDIA_TYPE) -> Json:
    """A link (RFC 9083, section 4.2). ``value`` is the URI of the request: the profile compares them letter by letter."""
    return {"value": asker.uri, "rel": rel, "href": href, "type": media}


def terms(asker: Asker) -> Json:
    """The terms of service, in every answer (technical implementation guide, 3.3)."""
    return {
        "title": "Terms of Service",
        "description": [
            "本服务供公众核实名称的持有机构；请勿批量采集或用于商业推广；个人信息依法不公开。",
            "This service lets the public see who holds a name. No bulk collection, no marketing; personal data is not shown.",
        ],
        "links": [link(asker, "terms-of-service", asker.public_url + TERMS_PATH, "text/html")],
    }


def domain_notices(asker: Asker) -> list[Json]:
    """The two notices that the profile (2.6.3, 2.10) wants with a domain, word for word, and the terms."""
    return [
        {
            "title": "Status Codes",
            "description": [f"For more information on domain status codes, please visit {EPP_PAGE}"],
            "links": [link(asker, "glossary", EPP_PAGE, "text/html")],
        },
        {
            "title": "RDDS Inaccuracy Complaint Form",
            "description": [f"URL of the ICANN RDDS Inaccuracy Complaint Form: {COMPLAINT_PAGE}"],
            "links": [link(asker, "help", COMPLAINT_PAGE, "text/html")],
        },
        terms(asker),
    ]


def event(action: str, at: datetime) -> Json:
    """An event (RFC 9083, section 4.5), in UTC."""
    return {"eventAction": action, "eventDate": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def events(asker: Asker, *pairs: tuple[str, datetime | None]) -> list[Json]:
    """The events that happened, and the last update of the database: we read the register itself, so it is now."""
    return [*(event(action, at) for action, at in pairs if at), event(UPDATE, asker.now)]


def answer(asker: Asker, body: Json, notices: list[Json] | None = None) -> Json:
    """The whole answer around an object."""
    conformance = [*CONFORMANCE, *((REDACTED,) if REDACTED in body else ()), *((JSCARD,) if asker.jscard else ())]
    return {"rdapConformance": conformance, "notices": notices or [terms(asker)], **body}
