"""A batch over HTTP: what is taken, what is refused by row, what is refused whole, and what a key promises."""

import gzip
import json
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from registry.establishment.rollback import roll_back
from registry.flows.establishment.batch import MAX_BATCH_BYTES, MAX_BATCH_ROWS
from registry.flows.runner import Runner
from registry.kernel.db import Database
from registry.kernel.errors import Refusal
from registry.kernel.web.limits import Buckets
from registry.rest.limits import Limits
from registry.rest.room import PLACES_OF_ONE, Room
from tests.kit.clock import FakeClock
from tests.push.conftest import BATCHES, HUNAN, Sender, code, new_client, row, sign_in


def reasons(answer: Any) -> dict[int, list[tuple[str, str]]]:
    return {one["row"]: [(p["where"], p["reason"]) for p in one["problems"]] for one in answer["rejections"]}


async def test_a_batch_is_taken_and_each_refused_row_is_named(hunan: Sender, db: Database) -> None:
    """Good rows come in; a bad code, an unknown key, no object, a twin and a foreign region are refused by row, field and reason."""
    status, told = await hunan.push(
        "k1",
        row(1, "长沙县教育局"),
        {"uscc": "11430121000000019X", "name": "代码有误"},
        {**row(2, "长沙县卫生局"), "colour": "red"},
        ["no", "object"],
        row(1, "长沙县教育局二"),
        row(3, "广州市教育局", "440100", level="city"),
        row(4, "国家教育总局", "100000", level="central"),
        row(5, "长沙县民政局", aliases=["县民政局", "民政局"]),
    )
    assert status == 201
    assert (told["state"], told["centre"], told["rows"]) == ("applied", HUNAN, 8)
    assert told["counts"] == {"inserted": 2, "updated": 0, "unchanged": 0, "rejected": 6}
    assert reasons(told) == {
        2: [("uscc", "value_invalid")],
        3: [("line", "syntax_invalid")],
        4: [("line", "syntax_invalid")],
        5: [("uscc", "already_exists")],
        6: [("region", "not_permitted")],
        7: [("region", "not_permitted")],
    }
    foreign = told["rejections"][4]["problems"][0]
    assert foreign["value"] == "440100"
    assert "所属数据中心" in foreign["message"]["zh"]
    assert "data centre" in foreign["message"]["en"]
    assert {one["name"] for one in await db.fetch("select name from body")} == {"长沙县教育局", "长沙县民政局"}


async def test_json_lines_are_numbered_by_line(hunan: Sender) -> None:
    """Empty lines count but are no rows; a line that is no text in UTF-8 or no JSON is refused alone."""
    good = json.dumps(row(1, "长沙县教育局"), ensure_ascii=False).encode()
    status, told = await hunan.push("k", raw=b"\n".join([good, b"", b"\xff\xfe", b"{"]), media="application/x-ndjson")
    assert (status, told["rows"]) == (201, 3)
    assert reasons(told) == {3: [("encoding", "syntax_invalid")], 4: [("line", "syntax_invalid")]}


async def test_a_province_cannot_take_or_give_a_body_away(hunan: Sender, guangdong: Sender, db: Database) -> None:
    """A row is foreign when the body is another centre's on file, or would become another centre's."""
    await hunan.push("k", row(1, "长沙县教育局"))
    status, told = await guangdong.push("k", {**row(1, "抢来的教育局"), "region": "440100"})
    assert (status, reasons(told)) == (201, {1: [("region", "not_permitted")]})
    _, told = await hunan.push("k2", {**row(1, "长沙县教育局"), "region": "440100"})
    assert reasons(told) == {1: [("region", "not_permitted")]}
    assert await db.fetchval("select name || region from body") == "长沙县教育局430121"


async def test_the_central_data_centre_owns_central_bodies(centre: Sender) -> None:
    """It may send those, and nothing of a province."""
    _, told = await centre.push("k", row(1, "国家教育总局", "100000", level="central"), row(2, "长沙县卫生局"))
    assert told["counts"]["inserted"] == 1
    assert list(reasons(told)) == [2]


async def test_the_same_key_gets_the_same_answer(hunan: Sender, db: Database) -> None:
    """Sent again, a batch is answered as before, byte for byte, and not carried out; another batch under the key is refused."""
    rows = (row(1, "长沙县教育局"), row(2, "x", "440100"))
    first = await hunan.push("once", *rows)
    assert await hunan.push("once", *rows) == first
    status, told = await hunan.push("once", row(1, "长沙县教育体育局"))
    assert (status, told["reason"], told["where"]) == (422, "value_invalid", "Idempotency-Key")
    assert await db.fetchval("select count(*) from import_run") == 1
    assert await db.fetchval("select name from body") == "长沙县教育局"


async def test_keys_belong_to_their_client(hunan: Sender, guangdong: Sender) -> None:
    """Two clients may use one key."""
    assert (await hunan.push("1", row(1, "长沙县教育局")))[0] == 201
    status, told = await guangdong.push("1", row(1, "越秀区教育局", "440104"))
    assert (status, told["counts"]["inserted"]) == (201, 1)


async def test_a_batch_needs_a_key(hunan: Sender) -> None:
    """Without one a lost answer could not be asked for again."""
    status, told = await hunan.push("", row(1, "长沙县教育局"))
    assert (status, told["reason"], told["where"]) == (400, "parameter_missing", "Idempotency-Key")


async def test_a_preview_changes_nothing(hunan: Sender, db: Database) -> None:
    """It says what would change and what would be refused; the register, the audit log and the key are as before."""
    await hunan.push("k1", row(1, "长沙县教育局"))
    entries = await db.fetchval("select count(*) from audit_entry")
    batch = (row(1, "长沙县教育体育局"), row(2, "长沙县卫生局"), row(3, "x", "440100"))
    status, told = await hunan.push("k2", *batch, query="?preview=true")
    assert (status, told["state"]) == (200, "preview")
    assert told["counts"] == {"inserted": 1, "updated": 1, "unchanged": 0, "rejected": 1}
    assert told["changes"]["renamed"] == 1
    assert told["examples"][0]["changes"] == {"name": ["长沙县教育局", "长沙县教育体育局"]}
    assert list(reasons(told)) == [3]
    assert await db.fetchval("select count(*) from audit_entry") == entries
    assert await db.fetchval("select string_agg(name, '') from body") == "长沙县教育局"
    status, told = await hunan.push("k2", *batch)
    assert (status, told["counts"]["updated"]) == (201, 1)
    assert (await hunan.push("", *batch, query="?preview=maybe"))[0] == 422
    assert (await hunan.push("", *batch, query="?previw=true"))[0] == 400


@pytest.mark.parametrize(
    ("raw", "media", "status", "reason"),
    [
        (b"{", "application/json", 400, "syntax_invalid"),
        (b"[]", "application/json", 400, "syntax_invalid"),
        (b'{"rows":[],"more":1}', "application/json", 400, "syntax_invalid"),
        (b'{"rows":[]}', "application/json", 400, "syntax_invalid"),
        (b'{"rows":' + b"[" * 100_000, "application/json", 400, "syntax_invalid"),
        (b" \n \n", "application/x-ndjson", 400, "syntax_invalid"),
        (b"uscc,name\n", "text/csv", 400, "syntax_invalid"),
        (b"{}", "application/json; charset=gb18030", 400, "syntax_invalid"),
        (b"{}\n" * (MAX_BATCH_ROWS + 1), "application/x-ndjson", 413, "too_large"),
        (b'{"rows":[' + b"{}," * MAX_BATCH_ROWS + b"{}]}", "application/json", 413, "too_large"),
        (b" " * (MAX_BATCH_BYTES + 1), "application/json", 413, "too_large"),
    ],
)
async def test_what_is_no_batch_is_refused_whole(
    hunan: Sender, db: Database, raw: bytes, media: str, status: int, reason: str
) -> None:
    """As a problem in both languages, without a trace in the register."""
    found, told = await hunan.push("k", raw=raw, media=media)
    assert (found, told["reason"], told["status"]) == (status, reason, status)
    assert told["message"]["zh"] != told["message"]["en"]
    assert await db.fetchval("select count(*) from import_run") == 0


async def test_too_many_rows_say_how_many_are_too_many(hunan: Sender) -> None:
    """The problem names the limit and what was found, in the language that was asked for."""
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "k", "Accept-Language": "en"}
    answer = await hunan.http.post(
        BATCHES, data=b"{}\n" * 10_001, headers={**headers, "Authorization": f"Bearer {hunan.token}"}
    )
    assert answer.content_type == "application/problem+json"
    told = await answer.json()
    assert told["detail"] == "a batch has at most 10000 rows, this one has 10001; please send several batches"
    assert told["evidence"] == {"limit": 10_000, "found": 10_001}


async def test_a_small_bomb_does_not_unpack_in_memory(hunan: Sender) -> None:
    """A compressed body is taken, and bounded by what it unpacks to."""
    packed = gzip.compress(json.dumps({"rows": [row(1, "长沙县教育局")]}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    status, _ = await hunan.call("POST", BATCHES, data=packed, headers={**headers, "Idempotency-Key": "a"})
    assert status == 201
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    status, told = await hunan.call("POST", BATCHES, data=bomb, headers={**headers, "Idempotency-Key": "b"})
    assert (status, told["reason"]) == (413, "too_large")


async def test_the_full_batch_of_ten_thousand_rows_is_taken(hunan: Sender) -> None:
    """The largest number of rows that the page promises."""
    rows = [row(number, f"长沙县第{number}小学", kind="") for number in range(MAX_BATCH_ROWS)]
    status, told = await hunan.push("big", *rows)
    assert (status, told["counts"]["inserted"]) == (201, MAX_BATCH_ROWS)


async def test_batches_are_found_again_by_their_centre(runner: Runner, hunan: Sender, guangdong: Sender) -> None:
    """By id, by key and page by page, also by another client of the centre; to others they are not there."""
    made = [(await hunan.push(f"k{number}", row(number, f"长沙县第{number}局")))[1] for number in range(3)]
    colleague = await sign_in(hunan.http, await new_client(runner, HUNAN))
    assert await colleague.get(f"{BATCHES}/{made[1]['id']}") == (200, made[1])
    assert (await guangdong.get(f"{BATCHES}/{made[1]['id']}"))[0] == 404
    _, listed = await colleague.get(f"{BATCHES}?limit=2")
    assert [one["id"] for one in listed["batches"]] == [made[2]["id"], made[1]["id"]]
    _, rest = await colleague.get(f"{BATCHES}?limit=2&before={listed['next_before']}")
    assert ([one["id"] for one in rest["batches"]], rest["next_before"]) == ([made[0]["id"]], None)
    _, by_key = await colleague.get(f"{BATCHES}?key=k1")
    assert [one["id"] for one in by_key["batches"]] == [made[1]["id"]]
    assert (await guangdong.get(BATCHES))[1]["batches"] == []
    assert (await guangdong.get(f"{BATCHES}?before={made[1]['id']}"))[1]["batches"] == []
    for wrong in ("limit=0", "limit=101", "limit=x", "limit=1&limit=2", "page=2"):
        assert (await hunan.get(f"{BATCHES}?{wrong}"))[0] in (400, 422), wrong


async def test_a_batch_that_was_taken_back_says_so(hunan: Sender, db: Database, clock: FakeClock) -> None:
    """A batch is one import, which an operator rolls back as one; who asks again, also under its key, hears of it."""
    await hunan.push("k1", row(1, "长沙县教育局"))
    _, told = await hunan.push("k2", row(1, "长沙县教育体育局"), row(2, "长沙县卫生局"))
    await roll_back(db, told["run"], actor="operator:test", clock=clock)
    assert {one["name"] for one in await db.fetch("select name from body")} == {"长沙县教育局"}
    assert (await hunan.get(f"{BATCHES}/{told['id']}"))[1] == {**told, "state": "rolled_back"}
    status, again = await hunan.push("k2", row(1, "长沙县教育体育局"), row(2, "长沙县卫生局"))
    assert (status, again["state"]) == (201, "rolled_back")


async def test_the_trail_names_the_client(hunan: Sender, db: Database) -> None:
    """Audit log, history and register of imports say which client of which centre it was."""
    await hunan.push("k1", row(1, "长沙县教育局"))
    _, told = await hunan.push("k2", row(1, "长沙县教育体育局"))
    actor = f"centre:43 by client:{hunan.account.client_id}"
    entry = await db.fetchrow(
        "select actor, detail from audit_entry where act = 'establishment.push' and subject = $1", told["id"]
    )
    assert entry
    assert entry["actor"] == actor
    detail = json.loads(entry["detail"])
    assert (detail["key"], detail["run"], detail["updated"]) == ("k2", told["run"], 1)
    assert await db.fetchval("select actor from history where object = 'body' and subject = $1", code(1)) == actor
    assert await db.fetchval("select actor from import_run where id = $1", told["run"]) == actor
    assert await db.fetchval("select scope from import_run where id = $1", told["run"]) == "43"


def test_a_client_that_sends_batch_upon_batch_has_to_wait(clock: FakeClock) -> None:
    """Large requests have a pace of their own, each client for itself."""
    limits = Limits(clock, batches=Buckets(per_second=0.5, burst=2))
    for _ in range(2):
        limits.send_batch_as("a")
    with pytest.raises(Refusal, match="too many requests; please try again in 2 seconds"):
        limits.send_batch_as("a")
    limits.send_batch_as("b")


def test_one_client_does_not_take_all_places() -> None:
    """Bodies in memory are counted, by client and in all; a place that is left is free again."""
    room = Room()
    with room.place("a"), room.place("a"):
        with pytest.raises(Refusal, match=f"at most {PLACES_OF_ONE} batches at once"), room.place("a"):
            pass
        with ExitStack() as others:
            for client in "bbccdd":
                others.enter_context(room.place(client))
            with pytest.raises(Refusal, match="too many batches"), room.place("e"):
                pass
        with room.place("e"):
            pass
    with room.place("a"), room.place("a"):
        pass


async def test_a_small_request_to_a_large_path_needs_a_token_first(http: "TestClient[Any, Any]") -> None:
    """Nothing of a large body is read for somebody who has not signed in."""
    answer = await http.post(BATCHES, data=BytesIO(b" " * (1024 * 1024)), headers={"Content-Type": "application/json"})
    assert answer.status == 401
