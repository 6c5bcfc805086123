"""Who logs in (RFC 5730 section 2.9.1.1)."""

from dataclasses import dataclass, field

from registry.flows.runner import Runner
from registry.model.registrar import Registrar


@dataclass(frozen=True, slots=True)
class Authenticate:
    """``spki_sha256`` is the key of the client certificate of the TLS session, None when there was none."""

    registrar_id: str
    password: str = field(repr=False)
    spki_sha256: bytes | None


async def authenticate(runner: Runner, order: Authenticate) -> Registrar:
    """The registrar when id, password and certificate belong together and it may log in, else ``CREDENTIALS_WRONG``.

    It takes the runner, not an act: no connection of the pool may wait while a password is hashed.
    """
    raise NotImplementedError
