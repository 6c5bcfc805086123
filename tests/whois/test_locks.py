"""Registry lock in every door: the domain shows it, and so does the host below it, until a window opens and again when it ends."""

from datetime import timedelta

from registry.model.lock import Lock, lock_json
from tests.whois.conftest import Doors
from tests.whois.test_port43 import asked
from tests.whois.world import UNIVERSITY

HOST = f"ns1.{UNIVERSITY}"


async def shown(doors: Doors, path: str) -> set[str]:
    async with doors.client.get(f"{doors.url}/rdap/{path}") as answer:
        return set((await answer.json(content_type=None))["status"])


async def test_a_lock_is_shown_on_the_domain_and_on_its_hosts(doors: Doors) -> None:
    """RFC 8056 words in RDAP, EPP words on port 43; a window takes them away for its hours without any further act, though the answers lie
    in memory.
    """
    now = doors.clock.now()
    lock = Lock(now, now + timedelta(hours=4))
    await doors.db.execute("update domain set lock = $1 where name = $2", lock_json(Lock(now)), UNIVERSITY)
    await doors.sees()
    for _ in range(2):
        assert {"server delete prohibited", "server update prohibited", "server transfer prohibited"} <= await shown(
            doors, f"domain/{UNIVERSITY}"
        )
        assert {"server delete prohibited", "server update prohibited"} <= await shown(doors, f"nameserver/{HOST}")
        assert "Host Status: serverUpdateProhibited" in await asked(doors.port, f"nameserver {HOST}\r\n".encode())
    await doors.db.execute("update domain set lock = $1 where name = $2", lock_json(lock), UNIVERSITY)
    await doors.sees()
    for _ in range(2):
        assert "server update prohibited" not in await shown(doors, f"domain/{UNIVERSITY}") | await shown(
            doors, f"nameserver/{HOST}"
        )
    await doors.clock.move(hours=5)
    assert "server update prohibited" in await shown(doors, f"domain/{UNIVERSITY}")
    assert "server update prohibited" in await shown(doors, f"nameserver/{HOST}")
    assert "Host Status: serverUpdateProhibited" in await asked(doors.port, f"nameserver {HOST}\r\n".encode())
