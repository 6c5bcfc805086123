"""``/api/v1/establishment/batches``: bodies that a data centre sends, and what became of them."""

from typing import Annotated

import msgspec

from registry.flows.act import Act, Caller
from registry.flows.establishment.batch import MAX_BATCH_BYTES, MAX_BATCH_ROWS, Batch, Form, read_batch
from registry.flows.establishment.find_batches import FindBatches, find_batch, find_batches
from registry.flows.establishment.push_batch import PushBatch, Rehearsed, push_batch, rehearse_batch
from registry.flows.establishment.pushed import Pushed, RefusedRow
from registry.kernel.errors import Reason, Refusal
from registry.rest.auth import Grant
from registry.rest.door import Answer, Asked, Door, to_json
from registry.rest.establishment.standing import centre_grant
from registry.rest.problems import problem_member
from registry.rest.reading import idempotency_key, query, whole_number

PATH = "/api/v1/establishment/batches"
MAX_BODY = MAX_BATCH_BYTES
MEDIA: dict[str, Form] = {
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
}
MAX_LISTED = 100  # batches on a page
YES_NO = {"": False, "false": False, "true": True}


class BodyRow(msgspec.Struct, frozen=True):
    """One body, the keys of an establishment file. A list is an array, or a text whose items ``|`` separates."""

    uscc: str
    name: str
    aliases: list[str] | str = ""
    short_names: list[str] | str = ""
    former_names: list[str] | str = ""
    kind: str = ""
    administrative: bool | int | str = ""
    region: str = ""
    level: str = ""
    sponsor_uscc: str = ""
    authority: str = ""
    address: str = ""
    legal_representative: str = ""
    phone: str = ""
    status: str = ""
    established_on: str = ""
    valid_until: str = ""
    annual_report_year: int | str = ""
    successor_uscc: list[str] | str = ""
    changed_at: str = ""


class NewBatch(msgspec.Struct, frozen=True):
    """What the documentation says of a batch; each row is read by itself (``registry.flows.establishment.batch``)."""

    rows: Annotated[list[BodyRow], msgspec.Meta(min_length=1, max_length=MAX_BATCH_ROWS)]


async def send(door: Door, asked: Asked) -> Answer:
    """201 with what became of each row; 200 with ``preview=true`` and nothing written."""
    grant, batch = centre_grant(asked), _batch(asked)
    if _wants_preview(asked):
        rehearsed = await rehearse_batch(door.desk, PushBatch(grant.client_id, grant.centre, batch))
        return Answer(200, to_json(_rehearsed(rehearsed)))
    key = idempotency_key(asked.request)
    if not key:
        zh, en = "报送批次须带 Idempotency-Key", "a batch needs an Idempotency-Key"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="Idempotency-Key")
    made = await push_batch(door.desk, PushBatch(grant.client_id, grant.centre, batch, key))
    return Answer(
        201, to_json({**_pushed(made), "rejections": _refused(made.refused)}), {"Location": f"{PATH}/{made.id}"}
    )


async def show(door: Door, asked: Asked) -> Answer:
    """A batch of one's own centre, its refused rows included."""
    grant = centre_grant(asked)

    async def flow(act: Act) -> Pushed:
        return await find_batch(act, grant.client_id, grant.centre, asked.part("id"))

    found = await door.runner.read(_caller(grant), flow)
    return Answer(200, to_json({**_pushed(found), "rejections": _refused(found.refused)}))


async def show_list(door: Door, asked: Asked) -> Answer:
    """Batches of one's own centre, the newest first: ``key`` finds the one whose answer was lost, ``before`` the next page."""
    grant, wanted = centre_grant(asked), query(asked.request, ("key", "before", "limit"))
    limit = whole_number(wanted, "limit", 20, 1, MAX_LISTED)
    order = FindBatches(grant.client_id, grant.centre, wanted.get("key", ""), wanted.get("before", ""), limit)

    async def flow(act: Act) -> tuple[list[Pushed], str]:
        return await find_batches(act, order)

    found, more = await door.runner.read(_caller(grant), flow)
    return Answer(200, to_json({"batches": [_pushed(one) for one in found], "next_before": more or None}))


def _caller(grant: Grant) -> Caller:
    return Caller("centre", grant.centre, behind=f"client:{grant.client_id}")


def _batch(asked: Asked) -> Batch:
    form, charset = MEDIA.get(asked.request.content_type), (asked.request.charset or "utf-8").lower()
    if form is None or charset not in ("utf-8", "utf8"):
        zh = "Content-Type 须为 application/json 或 application/x-ndjson（UTF-8）"
        en = "the Content-Type must be application/json or application/x-ndjson (UTF-8)"
        raise Refusal(Reason.SYNTAX_INVALID, zh, en, where="Content-Type", value=asked.request.content_type)
    return read_batch(form, asked.body)


def _wants_preview(asked: Asked) -> bool:
    text = query(asked.request, ("preview",)).get("preview", "")
    if text not in YES_NO:
        raise Refusal(Reason.VALUE_INVALID, "应为 true 或 false", "expected true or false", where="preview", value=text)
    return YES_NO[text]


def _pushed(made: Pushed) -> dict[str, object]:
    return {
        "id": made.id,
        "state": made.state,
        "centre": made.centre,
        "client_id": made.client_id,
        "key": made.key,
        "run": made.run,
        "at": made.at,
        "rows": made.rows,
        "counts": made.counts,
    }


def _rehearsed(found: Rehearsed) -> dict[str, object]:
    return {
        "state": "preview",
        "centre": found.centre,
        "rows": found.rows,
        "counts": found.counts,
        "changes": found.plan.counts,
        "examples": [
            {"row": one.line, "uscc": one.uscc, "name": one.name, "changes": one.changes} for one in found.plan.examples
        ],
        "rejections": _refused(found.refused),
    }


def _refused(rows: tuple[RefusedRow, ...]) -> list[dict[str, object]]:
    return [
        {"row": one.row, "uscc": one.uscc, "problems": [problem_member(problem) for problem in one.problems]}
        for one in rows
    ]
