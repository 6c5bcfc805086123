"""The take-down package: everything that a registrar, a hosting company or the police needs, in one file whose parts are hashed.

A zip archive: a letter in both languages, the file's facts and history, the evidence, and ``SHA256SUMS`` over all of them, which
``sha256sum -c`` checks. The same case gives the same octets. How to reach the people who reported is never in it.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

import msgspec

from registry.kernel.clock import BEIJING
from registry.kernel.names import to_u
from verifier.reports.cases import Case, Evidence

WHEN = (2026, 1, 1, 0, 0, 0)  # zip wants an instant; one and the same keeps packages comparable
SUMS = "SHA256SUMS"


def pack_case(case: Case, evidence: Iterable[Evidence], official_url: str, public_url: str, now: datetime) -> bytes:
    """The archive. ``now`` stands in the letter."""
    parts = {
        "letter.txt": _letter(case, official_url, public_url, now).encode(),
        "case.json": _facts(case, official_url),
        **{f"evidence/{one.number:02}-{one.name}": one.content for one in evidence},
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(parts.items()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted({**parts, SUMS: sums.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _letter(case: Case, official_url: str, public_url: str, now: datetime) -> str:
    shown = _shown(case.host)
    day = now.astimezone(BEIJING)
    posed = case.official or "公共机构"
    real = f"\n真正的官方网站 The genuine site: {official_url}" if official_url else ""
    return f"""关于处置假冒网站的函 / Request to take down a fake site

编号 Number: {case.id}
日期 Date: {day.year}年{day.month}月{day.day}日

主机 Host: {shown} ({case.host})
地址 Address: {case.address}
被冒充的机构 The body it poses as: {posed}{real}

经核查，上述网站冒充{posed}。请依法停止解析或者关闭该网站，保存相关记录，并将处理结果告知本系统。
随函附证据及其散列值（见 {SUMS}，可用 sha256sum -c {SUMS} 核对）。

The site above was looked into and found to pose as the body named. Please suspend its resolution or hosting, keep your
records, and tell us the outcome. The evidence is enclosed with its hashes ({SUMS}; check with sha256sum -c {SUMS}).

认定意见 Finding: {case.answer}
核对任何网站 Check any site: {public_url}/verify
"""


def _facts(case: Case, official_url: str) -> bytes:
    told = {
        "id": case.id, "host": case.host, "host_unicode": _shown(case.host), "address": case.address, "mark": case.mark_id,
        "uscc": case.uscc, "body": case.official, "official_url": official_url, "verdict": case.verdict, "state": case.state,
        "opened_at": case.opened_at.isoformat(), "answered_at": case.answered_at.isoformat() if case.answered_at else None,
        "answer": case.answer, "reports": case.reports,
        "history": [{"at": one.at.isoformat(), "kind": one.kind} for one in case.steps],
        "evidence": [
            {
                "name": one.name, "kind": one.kind, "at": one.at.isoformat(), "sha256": one.sha256.hex(),
                "received_sha256": one.received.hex() if one.received else None, "octets": one.size,
            }
            for one in case.evidence
        ],
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def _shown(host: str) -> str:
    try:
        return to_u(host)
    except ValueError:
        return host
