"""The answer of the public check for programs: one shape for one address, for many, and for the table that a spreadsheet opens."""

from datetime import datetime
from typing import Any

from registry.kernel.errors import Reason, Refusal
from verifier.address import MAX_ADDRESS, Address
from verifier.marks.store import Mark, Name
from verifier.verdict import Finding, Judgement, Verdict

_TOLD: dict[Finding, dict[str, Any]] = {}  # the fixed findings, told once
MAX_TOLD = 256


def answer_of(judgement: Judgement, public_url: str, checked_at: str) -> dict[str, Any]:
    """As the contract gives it, with the explanation beside it."""
    return {
        "verdict": judgement.verdict,
        "official_url": judgement.official_url,
        "body": body_of(judgement),
        "mark": _mark(judgement.mark, public_url),
        "checked_at": checked_at,
        "address": _address(judgement.address),
        "findings": [_finding(one) for one in judgement.findings],
    }


def stamp(at: datetime) -> str:
    """An instant as the answers write it: UTC, milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def bounded(typed: str, where: str = "url") -> str:
    """The text, when it is no longer than an address may be; ``TOO_LARGE`` otherwise."""
    if len(typed) > MAX_ADDRESS:
        raise Refusal(
            Reason.TOO_LARGE,
            f"网址最长 {MAX_ADDRESS} 个字符",
            f"an address has at most {MAX_ADDRESS} characters",
            where=where,
        )
    return typed


def body_of(judgement: Judgement) -> dict[str, Any] | None:
    """The body that the answer is about: behind the site, or behind the name that was copied."""
    source: Mark | Name | None = judgement.name
    if judgement.mark is not None and judgement.verdict is not Verdict.IMPERSONATION:
        source = judgement.mark
    if source is None or not source.body_name:
        return None
    return {
        "uscc": source.uscc,
        "name": source.body_name,
        "kind": source.kind,
        "region": source.region,
        "level": source.level,
        "status": source.body_status,
    }


def _finding(one: Finding) -> dict[str, Any]:
    told = _TOLD.get(one)
    if told is None:
        told = {"code": one.code, "message": {"zh": one.zh, "en": one.en}}
        if len(_TOLD) < MAX_TOLD:
            _TOLD[one] = told
    return told


def _mark(mark: Mark | None, public_url: str) -> dict[str, Any] | None:
    if mark is None:
        return None
    return {
        "id": mark.id,
        "state": mark.state,
        "look": mark.look,
        "origin": mark.origin,
        "hosts": mark.hosts,
        "issued_at": mark.issued_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "url": f"{public_url}/v/{mark.id}",
    }


def _address(address: Address) -> dict[str, Any] | None:
    if not address.host:
        return None
    return {
        "scheme": address.scheme,
        "host": address.host,
        "host_unicode": address.host_u,
        "port": address.port,
        "tricks": address.tricks,
    }
