"""What the look-up page says about a name: the verdict in one line, and the picture to scan (pure)."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno
from markupsafe import Markup

from registry.kernel.errors import Text
from registry.published.records import DomainRecord, MarkRecord
from whois.words import BODY_STATUS

STATUS_WORDS: dict[str, Text] = {
    "ok": Text("正常", "no restriction"),
    "inactive": Text("未配置域名服务器", "not delegated"),
    "serverHold": Text("注册局暂停解析", "on hold by the registry"),
    "clientHold": Text("注册服务机构暂停解析", "on hold by the registrar"),
    "pendingCreate": Text("待审核", "waiting for review"),
    "pendingDelete": Text("待删除", "on its way out"),
    "pendingTransfer": Text("转移中", "being transferred"),
    "pendingRenew": Text("续期中", "being renewed"),
    "pendingUpdate": Text("变更中", "being changed"),
    "addPeriod": Text("新注册宽限期", "add grace period"),
    "autoRenewPeriod": Text("自动续期宽限期", "auto-renew grace period"),
    "renewPeriod": Text("续期宽限期", "renew grace period"),
    "transferPeriod": Text("转移宽限期", "transfer grace period"),
    "redemptionPeriod": Text("赎回期", "redemption period"),
    "clientDeleteProhibited": Text("禁止删除（注册服务机构）", "deletion locked by the registrar"),
    "clientTransferProhibited": Text("禁止转移（注册服务机构）", "transfer locked by the registrar"),
    "clientUpdateProhibited": Text("禁止变更（注册服务机构）", "update locked by the registrar"),
    "clientRenewProhibited": Text("禁止续期（注册服务机构）", "renewal locked by the registrar"),
    "serverDeleteProhibited": Text("禁止删除（注册局）", "deletion locked by the registry"),
    "serverTransferProhibited": Text("禁止转移（注册局）", "transfer locked by the registry"),
    "serverUpdateProhibited": Text("禁止变更（注册局）", "update locked by the registry"),
    "serverRenewProhibited": Text("禁止续期（注册局）", "renewal locked by the registry"),
}
HELD_BACK = frozenset({"serverHold", "clientHold"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The one line: ``tone`` is good, warn or plain."""

    tone: str
    headline: Text
    words: Text


@dataclass(frozen=True, slots=True)
class NameView:
    """A name as its page shows it."""

    record: DomainRecord
    verdict: Verdict
    statuses: tuple[tuple[str, Text], ...]
    mark: MarkRecord | None
    mark_state: str
    share: str
    picture: Markup


def name_view(record: DomainRecord, now: datetime, public_url: str) -> NameView:
    """The page of a registered name."""
    statuses = (*record.statuses(now), *record.grace_statuses(now))
    mark = next(iter(sorted(record.marks, key=lambda one: record.mark_state(one) != "valid")), None)
    share = share_link(public_url, record.asked.unicode)
    return NameView(
        record=record,
        verdict=_verdict(record, frozenset(statuses)),
        statuses=tuple((one, STATUS_WORDS.get(one, Text(one, ""))) for one in dict.fromkeys(statuses)),
        mark=mark,
        mark_state=record.mark_state(mark) if mark else "",
        share=share,
        picture=picture_of(share),
    )


def share_link(public_url: str, question: str) -> str:
    """The address of the page that answers ``question``."""
    return f"{public_url}/lookup?q={quote(question, safe='')}"


def picture_of(address: str) -> Markup:
    """The address as a QR code, an SVG without any outside reference."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return Markup(drawn)  # noqa: S704  # segno draws shapes; the text is not in the picture


def _verdict(record: DomainRecord, statuses: frozenset[str]) -> Verdict:
    body = record.body
    if body is None:
        return Verdict(
            "plain",
            Text("没有核验过的持有机构", "No verified body holds this name"),
            Text("这不是官方名称，例如测试用的名称。", "This is no official name; it may be one for testing."),
        )
    headline = Text(f"属于 {body.name}", f"held by {body.name}")
    if not record.is_live:
        words = Text(
            "这个名称正在注销，请勿再把它当作官方网站。", "It is on its way out; do not take it for an official site."
        )
        return Verdict("warn", headline, words)
    if not body.alive:
        status = BODY_STATUS[body.status]
        return Verdict(
            "warn",
            headline,
            Text(
                f"登记的机构{status.zh}，名称的归属正在处理。",
                f"The body is {status.en}; what becomes of the name is being decided.",
            ),
        )
    if statuses & HELD_BACK:
        return Verdict(
            "warn",
            headline,
            Text("这个名称目前暂停解析，网站打不开。", "The name is on hold; its site cannot be reached."),
        )
    return Verdict(
        "good",
        headline,
        Text("名称经机构编制名录库核对后分配。", "Assigned after a check against the establishment database."),
    )
