"""Creating a REST client of a registrar."""

from dataclasses import dataclass, field

from registry.flows.act import Act


@dataclass(frozen=True, slots=True)
class CreateApiClient:
    """For which registrar."""

    registrar_id: str


@dataclass(frozen=True, slots=True)
class ApiClient:
    """``secret`` is told once and kept only as a hash."""

    client_id: str
    secret: str = field(repr=False)
    registrar_id: str


async def create_api_client(act: Act, order: CreateApiClient) -> ApiClient:
    """Draw an id and a secret."""
    raise NotImplementedError


async def authenticate_api_client(act: Act, client_id: str, secret: str) -> str:
    """The registrar's id, or ``CREDENTIALS_WRONG`` without saying what was wrong."""
    raise NotImplementedError
