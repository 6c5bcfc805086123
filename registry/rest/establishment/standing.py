"""The data centre that a client speaks for."""

from registry.kernel.errors import Fault
from registry.rest.auth import Grant
from registry.rest.door import Asked


def centre_grant(asked: Asked) -> Grant:
    """The token's grant; the scopes of these paths are given to clients of data centres only (``registry.rest.token``)."""
    if asked.grant is None or not asked.grant.centre:
        raise Fault("a path of data centres was reached without a client of one")
    return asked.grant
