"""The services and pages of the whole product, found by name: the one dynamic import (DESIGN: packages never import each other).

``SERVICES`` is the order of starting. ``scaled`` services may run as several processes on one port (``--workers``).
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from registry.kernel.errors import Reason, Refusal
from registry.kernel.service import Factory


@dataclass(frozen=True, slots=True)
class Listed:
    """A service: its name on the command line, and the factory that builds it from ``Parts``.

    One that ``watches`` opens no door to registrars or the public: it gives way to those that do, at the start above all.
    """

    name: str
    factory: str
    scaled: bool = False
    watches: bool = False


SERVICES = (
    Listed("jobs", "registry.jobs.service:create"),
    Listed("epp", "registry.epp.service:create", scaled=True),
    Listed("dns", "resolver.service:create"),
    Listed("whois", "whois.service:create", scaled=True),
    Listed("web", "registry.cli.web:create", scaled=True),
    Listed("monitor", "verifier.monitor.service:create", watches=True),
    Listed("probe", "resolver.probing.service:create", watches=True),
)

# Who puts pages under the one HTTP port; each is ``routes(context) -> list[RouteDef]``.
PAGES = (
    "registry.portal.home:routes",
    "registry.portal.announcements:routes",
    "registry.portal.letters.desk:routes",
    "registry.portal.names.routes:routes",
    "registry.portal.routes:routes",
    "registry.rest.app:routes",
    "whois.web.routes:routes",
    "whois.rdap.routes:routes",
    "verifier.web.routes:routes",
    "resolver.transport.doh:routes",
)

# The door before the web application: what RDAP shares, and the lane in which every connection begins.
RDAP_DOOR = "whois.rdap.door:create"

# Acts of other packages that the command line offers.
EXPORT_ZONE = "resolver.export:export_zone"
CHECK_DELEGATION = "resolver.probing.checking:check_delegation"
FINDINGS_AS_JSON = "resolver.probing.checking:as_json"
ISSUE_MARK = "verifier.marks.issue:issue_mark"
MARK_ORDER = "verifier.marks.issue:MarkOrder"
CASE_DESK = "verifier.reports.desk:CaseDesk"
TXT_RESOLVER = "verifier.checks.txt:DnsTxt"


def resolve(dotted: str) -> Any:
    """The object named ``package.module:attribute``."""
    module, _, attribute = dotted.partition(":")
    return getattr(importlib.import_module(module), attribute)


def find_service(name: str) -> Listed:
    """The service of that name; refuses with NOT_FOUND, naming those there are."""
    for listed in SERVICES:
        if listed.name == name:
            return listed
    known = " ".join(listed.name for listed in SERVICES)
    raise Refusal(
        Reason.NOT_FOUND, f"没有服务 {name}；可用：{known}", f"no service {name}; there are: {known}", value=name
    )


def factory_of(listed: Listed) -> Factory:
    """The factory of a service."""
    return cast(Factory, resolve(listed.factory))


def page_lists() -> list[Callable[[Any], Any]]:
    """The route builders, in order."""
    return [resolve(dotted) for dotted in PAGES]
