"""A small register for this door: the official zones and a test zone, two registrars with keys."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from registry.epp.conversation import Conversation, Peer
from registry.flows.act import Act, Caller
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Runner
from registry.model.zone import Zone
from registry.store import tlds

OPERATOR = Caller("job", "test")
REGISTRARS = {"registrar-a": "secret-of-a", "registrar-b": "secret-of-b"}
TEST_ZONE = "zz--main-1234"
ENDS = datetime(2027, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """What the tests of this door stand on."""

    runner: Runner

    def conversation(self, registrar_id: str) -> Conversation:
        """A connection with the registrar's own key, not logged in yet."""
        return Conversation(self.runner, Peer("192.0.2.1", key_of(registrar_id), ENDS))


def key_of(registrar_id: str) -> bytes:
    """A stand-in for the hash of a public key."""
    return hashlib.sha256(registrar_id.encode()).digest()


async def build_world(runner: Runner) -> World:
    async def build(act: Act) -> None:
        await tlds.add(
            act.conn, Zone(TEST_ZONE, TEST_ZONE, TEST_ZONE, "zh-2022-05-31-93149ffa", "none", act.now, idn_only=False)
        )
        for number, (registrar_id, password) in enumerate(REGISTRARS.items()):
            await create_registrar(
                act, CreateRegistrar(registrar_id, f"注册服务机构 {number}", password, 9995 + number)
            )
            await bind_certificate(act, BindCertificate(registrar_id, key_of(registrar_id), registrar_id, ENDS))

    await runner.run(OPERATOR, build)
    return World(runner)
