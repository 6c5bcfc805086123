"""``/api/v1/bodies``: looking for bodies, and reading the life of one."""

import re
from datetime import date

from registry.flows.act import Act, Caller
from registry.flows.establishment.authenticate_client import confirm_centre_client
from registry.flows.establishment.search_bodies import MAX_FOUND, FoundBody, SearchBodies, search_bodies
from registry.flows.establishment.show_body import ShowBody, ShownBody, show_body
from registry.kernel.errors import Reason, Refusal
from registry.rest.auth import Grant
from registry.rest.door import Answer, Asked, Door, to_json
from registry.rest.establishment.standing import centre_grant
from registry.rest.reading import query, whole_number

PATH = "/api/v1/bodies"
MAX_QUESTION = 200  # characters, as long as a name may be; of more than 60 the search reads the beginning
MAX_CODE = 64  # a code has 18 characters; a pasted one may be spaced or full width
REGION = re.compile(r"(\d\d){1,3}", re.ASCII)
KIND = re.compile(r"[0-9A-Za-z]{1,2}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


async def search(door: Door, asked: Asked) -> Answer:
    """One page of matches, the best first."""
    grant, order = centre_grant(asked), _question(asked)

    async def flow(act: Act) -> tuple[list[FoundBody], int | None]:
        await confirm_centre_client(act.conn, grant.client_id, grant.centre)
        return await search_bodies(act, order)

    found, more = await door.runner.read(_caller(grant), flow)
    return Answer(200, to_json({"bodies": [_found(one) for one in found], "next_offset": more}))


async def show(door: Door, asked: Asked) -> Answer:
    """A body with its names, its history, what it came from and what became of it."""
    grant, order = centre_grant(asked), ShowBody(asked.part("uscc")[:MAX_CODE], _day(asked))

    async def flow(act: Act) -> ShownBody:
        await confirm_centre_client(act.conn, grant.client_id, grant.centre)
        return await show_body(act, order)

    shown = await door.runner.read(_caller(grant), flow)
    return Answer(200, to_json({"alive": shown.body.alive, **_members(shown)}))


def _caller(grant: Grant) -> Caller:
    return Caller("centre", grant.centre, behind=f"client:{grant.client_id}")


def _question(asked: Asked) -> SearchBodies:
    wanted = query(asked.request, ("q", "region", "kind", "limit", "offset"))
    text, region, kind = (wanted.get(name, "").strip() for name in ("q", "region", "kind"))
    if not text:
        raise Refusal(Reason.PARAMETER_MISSING, "请给出要查找的内容", "say what to look for", where="q")
    if len(text) > MAX_QUESTION:
        zh, en = f"过长（上限 {MAX_QUESTION} 个字符）", f"too long (at most {MAX_QUESTION} characters)"
        raise Refusal(Reason.TOO_LARGE, zh, en, where="q")
    if region and not REGION.fullmatch(region):
        zh, en = "应为两位、四位或六位行政区划代码", "expected two, four or six digits of a region code"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="region", value=region)
    if kind and not KIND.fullmatch(kind):
        zh, en = "应为代码的前一位或前两位", "expected the first one or two characters of a code"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="kind", value=kind)
    limit = whole_number(wanted, "limit", 20, 1, MAX_FOUND)
    return SearchBodies(text, region, kind, whole_number(wanted, "offset", 0, 0, MAX_FOUND), limit)


def _day(asked: Asked) -> date | None:
    text = query(asked.request, ("as_of",)).get("as_of", "")
    if not text:
        return None
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    zh, en = "不是日期（应为 2024-03-01 的形式）", "no date (expected like 2024-03-01)"
    raise Refusal(Reason.VALUE_INVALID, zh, en, where="as_of", value=text)


def _found(one: FoundBody) -> dict[str, object]:
    body = one.body
    return {
        "uscc": body.uscc,
        "name": body.name,
        "kind": body.kind,
        "region": body.region,
        "level": body.level,
        "status": body.status,
        "alive": body.alive,
        "matched": {"name": one.name, "role": one.role, "grade": one.grade},
    }


def _members(shown: ShownBody) -> dict[str, object]:
    return {
        "uscc": shown.uscc,
        "as_of": shown.as_of,
        "valid_from": shown.valid_from,
        "valid_to": shown.valid_to,
        "body": shown.body,
        "names": shown.names,
        "history": shown.history,
        "successors": shown.successors,
        "predecessors": shown.predecessors,
    }
