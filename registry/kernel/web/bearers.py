"""Who asks with an access token, said to doors that make no tokens themselves.

The machines' door makes and reads tokens; ``registry.cli.web`` lends its reading to the other doors of the web process as
``context.extras["bearers"]``, a callable of the type :data:`Bearers`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that has signed in: it speaks for a registrar or for a data centre of the establishment offices; the other one is empty."""

    client_id: str
    registrar_id: str
    centre: str
    scopes: frozenset[str]


# The value of the header ``Authorization`` to who it is; refuses with CREDENTIALS_WRONG.
Bearers = Callable[[str], Awaitable[Bearer]]
