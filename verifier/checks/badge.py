"""Check 5: the mark on the home page: one frame of ours with the right id, seen by people; footer code and ICP number."""

import re

from verifier.checks.domains import host_of
from verifier.checks.fact import Seen
from verifier.checks.page import Page
from verifier.checks.visit import Visit

_BADGE = re.compile(r"/badge/([0-9A-Za-z-]{4,64})")
_CODE = re.compile(r"(?:标识码|sitecode|site_code|siteCode)\D{0,12}?((?:bm\d{8})|\d{10,12})(?!\d)", re.IGNORECASE)
_ICP = re.compile(r"([\u4e00-\u9fff])\s*ICP\s*(?:备|证)\s*(\d{5,12})\s*号?(?:\s*-\s*(\d{1,3}))?", re.IGNORECASE)
_SEAL = re.compile(r"(?:red|blue)(?:_error)?\.png|bszs\.conac\.cn|dcs\.conac\.cn", re.IGNORECASE)


def site_codes(page: Page) -> list[str]:
    """The 网站标识码 that the page states, in text or in the address of the correction entry."""
    places = " ".join(
        [
            page.text,
            page.metas.get("sitecode", ""),
            *(link.url for link in page.links),
            *(one.src for one in page.scripts),
        ]
    )
    found = _CODE.findall(places)
    if re.fullmatch(r"(?:bm\d{8}|\d{10})", page.metas.get("sitecode", "")):
        found.append(page.metas["sitecode"])
    return list(dict.fromkeys(found))


def icp_numbers(page: Page) -> list[str]:
    """The ICP numbers that the page states, as ``京ICP备05000001号``, without the ordinal of the site."""
    return list(dict.fromkeys(f"{found[0]}ICP备{found[1]}号" for found in _ICP.findall(page.text)))


def badge_frames(page: Page, mark_origin: str) -> list[dict[str, object]]:
    """Frames of ours, and frames of anybody's that look like ours."""
    ours = host_of(mark_origin + "/")
    return [
        {
            "src": frame.src, "id": found[1], "is_ours": bool(ours) and host_of(frame.src) == ours, "hidden": frame.hidden, "path": frame.path,
            "referrerpolicy": frame.attributes.get("referrerpolicy", "").lower(), "sandbox": frame.attributes.get("sandbox", ""),
            "width": frame.attributes.get("width", ""), "height": frame.attributes.get("height", ""),
        }
        for frame in page.frames
        if (found := _BADGE.search(frame.src))
    ]  # fmt: skip


async def observe(visit: Visit) -> Seen:
    """Facts: ``frames``, ``ids``, ``pictures`` (seals copied as images), ``site_codes``, ``icps``, and the box as drawn when there is a browser."""
    if why := await visit.why_no_page():
        return visit.not_run("badge", why)
    page = await visit.page()
    frames = badge_frames(page, visit.site.mark_origin)
    facts: dict[str, object] = {
        "frames": frames,
        "ids": [frame["id"] for frame in frames],
        "pictures": [image for image in page.images if _SEAL.search(image)],
        "site_codes": site_codes(page),
        "icps": icp_numbers(page),
        "rendered": await _drawn(visit, bool(frames)),
    }
    return visit.seen("badge", facts)


async def _drawn(visit: Visit, worthwhile: bool) -> object:
    if not worthwhile:
        return None
    shown = await visit.shown()
    if shown is None or shown.failure:
        return None
    return [
        {
            "src": frame.src,
            "width": frame.width,
            "height": frame.height,
            "hidden": frame.hidden,
            "covered": frame.covered,
        }
        for frame in shown.frames
        if _BADGE.search(frame.src)
    ]
