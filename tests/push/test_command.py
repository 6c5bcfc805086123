"""``zhengming establishment push`` and ``exchange client``, as a province and an operator run them."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.cli.establishment_push import parcels
from registry.cli.push_remote import MAX_TRIES, Remote
from registry.establishment.exporting import write_bodies
from registry.establishment.files import open_source
from registry.establishment.rows import Rejected
from registry.flows.establishment.batch import MAX_BATCH_BYTES
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from tests.kit.database import TestDatabases
from tests.push.conftest import code, row
from tests.push.serving import Serving


@pytest.fixture
async def register(databases: TestDatabases) -> AsyncIterator[Database]:
    """A migrated database whose URL processes of their own may use."""
    async with databases.clone_dsn() as dsn:
        db = await Database.open(dsn, size=2)
        yield db
        await db.close()


@pytest.fixture
def serving(register: Database, tmp_path: Path) -> Iterator[Serving]:
    with Serving(register.dsn, tmp_path) as started:
        yield started


def write(path: Path, *, rename: str = "") -> Path:
    """Twelve bodies of Hunan, of which the fourth is renamed on request; one of Guangdong; a line that is no row."""
    bodies = [Body(code(n), f"长沙县第{n}局", region="430121", level="county") for n in range(12)]
    bodies[3] = Body(code(3), rename or bodies[3].name, region="430121", level="county")
    write_bodies(path, [*bodies, Body(code(90, "440100"), "广州市第九十局", region="440100", level="city")])
    with path.open("a") as file:
        file.write("too,few\n")
    return path


async def test_a_file_is_sent_in_batches_and_once(register: Database, serving: Serving, tmp_path: Path) -> None:
    """Refused rows are named by their line in the file; the same command again changes nothing and says the same."""
    made = json.loads(serving.cli("exchange", "client", "create", "43", "--note", "省级名录库").stdout)
    path = write(tmp_path / "bodies.csv")
    words = (
        "establishment",
        "push",
        str(path),
        "--url",
        serving.url,
        "--client-id",
        made["client_id"],
        "--batch-rows",
        "5",
    )
    secret = made["client_secret"]
    trial = serving.cli(*words, "--preview", secret=secret)
    assert json.loads(trial.stdout.splitlines()[-1]) == {
        "preview": {"inserted": 12, "updated": 0, "unchanged": 0, "rejected": 2}
    }
    assert await register.fetchval("select count(*) from body") == 0
    first = serving.cli(*words, secret=secret)
    assert first.returncode == 0, first.stderr
    foreign, unreadable, counts = first.stdout.splitlines()
    assert foreign.startswith(f"第 14 行 / line 14 {code(90, '440100')}: region: 不属于报送单位的地区")
    assert unreadable.startswith("第 15 行 / line 15")
    assert json.loads(counts) == {"inserted": 12, "updated": 0, "unchanged": 0, "rejected": 2}
    assert first.stderr.count("applied") == 3
    again = serving.cli(*words, secret=secret)
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert await register.fetchval("select count(*) from import_run where state = 'applied'") == 3
    write(path, rename="长沙县教育体育局")
    assert json.loads(serving.cli(*words, "--series", "b", secret=secret).stdout.splitlines()[-1])["updated"] == 1
    assert await register.fetchval("select count(*) from push_batch where key like 'b-%'") == 3
    assert await register.fetchval("select count(*) from body") == 12


async def test_a_client_is_listed_and_revoked(register: Database, serving: Serving, tmp_path: Path) -> None:
    """The list holds no secret; who was revoked is told so, in two languages and no traceback."""
    made = json.loads(serving.cli("exchange", "client", "create", "43", "--scope", "establishment.push").stdout)
    assert made["scope"] == "establishment.push"
    listed = serving.cli("exchange", "client", "list", "--centre", "43").stdout
    assert json.loads(listed)["client_id"] == made["client_id"]
    assert made["client_secret"] not in listed
    assert serving.cli("exchange", "client", "list", "--centre", "44").stdout == ""
    assert serving.cli("exchange", "client", "revoke", made["client_id"]).returncode == 0
    assert json.loads(serving.cli("exchange", "client", "list").stdout)["revoked_by"] == "person:cli"
    words = (
        "establishment",
        "push",
        str(write(tmp_path / "b.csv")),
        "--url",
        serving.url,
        "--client-id",
        made["client_id"],
    )
    refused = serving.cli(*words, secret=made["client_secret"])
    assert refused.returncode == 1
    assert refused.stderr == "zhengming: 客户端标识或密钥不正确\nzhengming: the client id or the secret is wrong\n"
    assert serving.cli(*words).stderr.startswith("zhengming: 没有密钥")
    assert serving.cli("exchange", "client", "create", "99").returncode == 1
    assert await register.fetchval("select count(*) from body") == 0


async def test_a_server_that_is_away_is_waited_for(register: Database, serving: Serving) -> None:
    """A batch goes through when the server is back, and a token that has ended is asked for anew."""
    made = json.loads(serving.cli("exchange", "client", "create", "43").stdout)
    waits: list[float] = []
    said: list[str] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            serving.start()

    remote = Remote(serving.url, made["client_id"], made["client_secret"], wait, said.append)
    serving.kill()
    line = json.dumps(row(1, "长沙县教育局")).encode() + b"\n"
    assert remote.push("k", line)["counts"]["inserted"] == 1
    assert waits == [2.0, 4.0]
    assert all("连接中断" in one for one in said)
    remote._token = "ended"
    assert remote.push("k", line)["counts"]["inserted"] == 1
    assert await register.fetchval("select count(*) from push_batch") == 1
    with pytest.raises(Refusal) as caught:
        remote.push("k", json.dumps(row(2, "长沙县卫生局")).encode())
    assert (caught.value.reason, caught.value.where) == (Reason.VALUE_INVALID, "Idempotency-Key")
    serving.kill()
    waits[:] = [0.0] * MAX_TRIES  # beyond the second, so that nobody starts it again
    with pytest.raises(Refusal) as caught:
        remote.push("k", line)
    assert caught.value.reason is Reason.UNAVAILABLE
    assert len(waits) == 2 * MAX_TRIES - 1


@pytest.mark.parametrize(("url", "reason"), [
    ("http://registry.example", Reason.POLICY_FORBIDS), ("registry.example", Reason.VALUE_INVALID), ("ftp://localhost", Reason.VALUE_INVALID),
])  # fmt: skip
def test_a_secret_does_not_travel_in_the_clear(url: str, reason: Reason) -> None:
    """Only to this machine itself a secret goes without TLS."""
    with pytest.raises(Refusal) as caught:
        Remote(url, "id", "secret", lambda _: None, lambda _: None)
    assert caught.value.reason is reason


def test_parcels_keep_within_the_bounds_of_the_server(tmp_path: Path) -> None:
    """A parcel ends before it has too many rows or octets; each row knows its line."""
    path = tmp_path / "long.jsonl"
    long = "|".join("长" * 190 + f"{n:03}" for n in range(50))
    path.write_text("\n" + "".join(json.dumps(row(n, f"局{n}", aliases=long)) + "\n" for n in range(400)) + "[]\n")
    bad: list[Rejected] = []
    made = list(parcels(open_source(path), 10_000, bad))
    assert len(made) > 1
    assert all(len(parcel.content) <= MAX_BATCH_BYTES for parcel in made)
    assert [line for parcel in made for line in parcel.lines] == list(range(2, 402))
    assert [parcel.number for parcel in made] == list(range(1, len(made) + 1))
    assert [one.line for one in bad] == [402]
    counted: list[Any] = [len(parcel.lines) for parcel in parcels(open_source(path), 150, [])]
    assert counted == [150, 150, 100]
