"""Looking for bodies by whatever people know of them."""

from dataclasses import dataclass

from registry.establishment.search import Found, search
from registry.flows.act import Act
from registry.model.body import Body
from registry.store.bodies import MAX_SEARCHED

MAX_FOUND = MAX_SEARCHED  # matches of one question, over all pages; whoever needs more narrows the question


@dataclass(frozen=True, slots=True)
class SearchBodies:
    """``text``: code, name, part, pinyin, initials; ``region`` two, four or six digits; ``kind`` one or two characters; both may be empty."""

    text: str
    region: str = ""
    kind: str = ""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FoundBody:
    """A body, the name of it that matched (``role``: full, short, alias, former), and how well (``grade``: code, exact, beginning …)."""

    body: Body
    role: str
    name: str
    grade: str


async def search_bodies(act: Act, order: SearchBodies) -> tuple[list[FoundBody], int | None]:
    """One page, the best first, and where the next one begins, if any; at most :data:`MAX_FOUND` over all pages."""
    end = min(order.offset + order.limit, MAX_FOUND)
    found = await search(act.conn, order.text, end + 1, region=order.region, kind=order.kind)
    more = end if end < len(found) else None
    return [_found(one) for one in found[order.offset : end]], more


def _found(one: Found) -> FoundBody:
    return FoundBody(one.body, one.role, one.name, one.grade.name.lower())
