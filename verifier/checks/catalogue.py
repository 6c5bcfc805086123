"""The twenty checks, in order (verifier.md 3.2), and the service functions beside them. The one list: whoever schedules, shows or judges reads it.

``observe`` is a dotted name, so that reading the list loads no check: ``async def observe(visit: Visit) -> Seen`` (``verifier.checks.visit``).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, cast

from verifier.checks.fact import Seen
from verifier.judge.finding import Severity

if TYPE_CHECKING:
    from verifier.checks.visit import Visit


class Needs(StrEnum):
    """What a check works with, so that cheap ones never wait behind dear ones."""

    NAMES = "names"  # DNS and the register alone
    PAGE = "page"  # one fetch of the home page, shared by all checks of a visit
    CONNECTIONS = "connections"  # connections of its own to every address
    PAGES = "pages"  # several fetches
    RENDERING = "rendering"  # Chromium; without it the check says ``not_run``


@dataclass(frozen=True, slots=True)
class Check:
    """One row. ``every`` is the ordinary time between two runs at one vantage; ``worst`` the highest severity that its rules may give."""

    id: str
    number: int  # of the specification; 0: a service function
    zh: str
    en: str
    needs: Needs
    every: timedelta
    worst: Severity

    @property
    def observe(self) -> "Callable[[Visit], Awaitable[Seen]]":
        """The function that makes the check."""
        return cast("Callable[[Visit], Awaitable[Seen]]", import_module(f"verifier.checks.{self.id}").observe)


PULSE = timedelta(minutes=72)  # twenty visits a day, the official number
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

CHECKS: tuple[Check, ...] = (
    Check("delegation", 1, "域名解析与授权", "DNS answers and delegation", Needs.NAMES, HOUR, Severity.P1),
    Check("dnssec", 2, "DNSSEC 与签名有效期", "DNSSEC and signature expiry", Needs.NAMES, DAY, Severity.P1),
    Check("registration", 3, "注册状态与曾用域名", "Registration and former official names", Needs.PAGES, DAY, Severity.P1),
    Check("dns_mark", 4, "DNS 绑定标识", "DNS-bound mark", Needs.NAMES, DAY, Severity.P2),
    Check("badge", 5, "页面标识", "Mark on the page", Needs.PAGE, DAY, Severity.P3),
    Check("stapled_mark", 6, "随站标识凭证", "Stapled mark", Needs.PAGES, HOUR, Severity.P2),
    Check("availability", 7, "可用性", "Availability", Needs.PAGE, PULSE, Severity.P2),
    Check("redirects", 8, "跳转", "Redirects", Needs.PAGES, HOUR, Severity.P1),
    Check("certificate", 9, "证书", "Certificate on every address", Needs.CONNECTIONS, DAY, Severity.P1),
    Check("tls_versions", 10, "加密协议", "TLS versions and ciphers", Needs.CONNECTIONS, WEEK, Severity.P4),
    Check("headers", 11, "安全响应头与 Cookie", "Security headers and cookies", Needs.PAGE, DAY, Severity.P4),
    Check("ipv6", 12, "IPv6", "IPv6 with the same content", Needs.CONNECTIONS, DAY, Severity.P4),
    Check("tampering", 13, "篡改", "Tampering", Needs.PAGE, HOUR, Severity.P1),
    Check("defacement", 14, "涂改用语与画面", "Defacement words and picture", Needs.PAGE, HOUR, Severity.P1),
    Check("hidden_links", 15, "暗链", "Hidden links", Needs.RENDERING, DAY, Severity.P1),
    Check("cloaking", 16, "伪装与搜索劫持", "Cloaking and search hijack", Needs.PAGES, WEEK, Severity.P1),
    Check("third_parties", 17, "第三方资源", "Third-party hosts", Needs.PAGE, DAY, Severity.P1),
    Check("links", 18, "链接", "Broken and dangerous links", Needs.PAGES, WEEK, Severity.P2),
    Check("freshness", 19, "信息更新", "Freshness", Needs.PAGES, DAY, Severity.P3),
    Check("lookalikes", 20, "仿冒", "Look-alikes and impersonation", Needs.PAGES, DAY, Severity.P1),
    Check("services", 0, "服务功能", "Service functions", Needs.PAGE, WEEK, Severity.P4),
    Check("accessibility", 0, "无障碍", "Accessibility", Needs.RENDERING, WEEK, Severity.P4),
)  # fmt: skip
BY_ID = {check.id: check for check in CHECKS}
