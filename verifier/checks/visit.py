"""One visit to one site from one place: what the checks share, so that a page is fetched, decoded and taken apart once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verifier.checks.asking import Asker
from verifier.checks.fact import Evidence, Observation, Outcome, Seen, evidence_of
from verifier.checks.page import Page, take_apart
from verifier.checks.rendered import Renderer, Shown
from verifier.checks.site import Site
from verifier.fetch.answer import Fetched
from verifier.fetch.blocking import blocked_by
from verifier.fetch.charset import Reading, read_page
from verifier.fetch.fetcher import Errand, Fetcher


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker lends to its visits. Without a ``renderer`` the rendered checks say ``not_run``."""

    fetcher: Fetcher
    asker: Asker
    renderer: Renderer | None = None
    believed_marks: Mapping[str, Any] = field(default_factory=dict)  # key id to public key of the marks' issuer


@dataclass(slots=True)
class Visit:
    """``etag`` and ``modified`` of the last answer make the visit conditional; a 304 then says that nothing changed."""

    site: Site
    vantage: str
    at: datetime
    tools: Tools
    etag: str = ""
    modified: str = ""
    candidates: tuple[str, ...] = ()  # hosts that the look-alike index found and check 20 compares
    _shown: Shown | None = None
    _home: Fetched | None = None
    _reading: Reading | None = None
    _page: Page | None = None

    async def home(self) -> Fetched:
        """The home page as it was served, redirects followed."""
        if self._home is None:
            errand = Errand(self.site.origin + "/", etag=self.etag, modified=self.modified)
            self._home = await self.tools.fetcher.fetch(errand)
        return self._home

    async def reading(self) -> Reading:
        """Its characters."""
        if self._reading is None:
            home = await self.home()
            self._reading = read_page(home.body, home.last.header("content-type"))
        return self._reading

    async def page(self) -> Page:
        """Its parts."""
        if self._page is None:
            self._page = take_apart((await self.home()).final_url, await self.reading())
        return self._page

    async def shown(self) -> Shown | None:
        """The home page as a browser drew it; ``None`` without a browser."""
        if self._shown is None and self.tools.renderer is not None:
            self._shown = await self.tools.renderer.show((await self.home()).final_url)
        return self._shown

    async def why_no_page(self) -> str:
        """Why there is no page to look at; empty when there is one."""
        home = await self.home()
        if blocked_by(home.last, home.body):
            return "blocked"
        if home.status == 304:
            return "unchanged"
        if not home.is_page:
            return "no_page"
        kind = home.last.header("content-type").partition(";")[0].strip().lower()
        return "" if not kind or "html" in kind or "xml" in kind or "text" in kind else "not_a_page"

    def seen(self, check: str, facts: Mapping[str, Any], *bodies: tuple[str, bytes, str], target: str = "") -> Seen:
        """The observation of a check that ran. ``bodies``: kind, bytes, media type."""
        kept: list[Evidence] = [evidence_of(*body) for body in bodies]
        observation = Observation(check, target or self.site.hosts[0], self.vantage, self.at, facts, tuple(kept))
        return Seen(observation, {one.digest: body[1] for one, body in zip(kept, bodies, strict=True)})

    def not_run(self, check: str, why: str) -> Seen:
        """The observation of a check that could not be made."""
        outcome = Outcome.BLOCKED if why == "blocked" else Outcome.NOT_RUN
        return Seen(Observation(check, self.site.hosts[0], self.vantage, self.at, {"why": why}, (), outcome))


def digest(body: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()
