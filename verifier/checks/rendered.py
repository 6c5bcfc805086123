"""What a browser showed, and who may show it. Pure; the browser is behind ``verifier.checks.rendering``."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link as computed styles show it. ``hidden`` says by what it is invisible (empty: visible); box in CSS pixels."""

    url: str
    text: str
    hidden: str
    block: str


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A frame with its box and whether something covers it."""

    src: str
    width: int
    height: int
    hidden: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A page after it was drawn and left alone for some seconds. ``grey`` is 32 by 32, ``small`` 160 by 120 grey values."""

    url: str
    final_url: str
    title: str
    html: str
    links: tuple[ShownLink, ...]
    frames: tuple[ShownFrame, ...]
    requested: tuple[str, ...]  # everything that it asked for, absolute
    navigated: tuple[str, ...]  # where scripts took it
    screenshot: bytes
    grey: bytes
    small: bytes
    failure: str = ""
    axe: str = ""  # the report of axe-core as JSON; empty when it was not at hand


class Renderer(Protocol):
    """A browser that touches the network only through our own fetcher."""

    async def show(self, url: str) -> Shown:
        """Draw the page. Never raises for what a page does."""
        ...
