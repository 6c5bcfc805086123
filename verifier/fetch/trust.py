"""Whom the watch trusts: the machine's certificate store, and a store of one's own for tests and closed networks."""

import ssl
from functools import lru_cache


@lru_cache(maxsize=8)
def verifying(extra_store: str = "") -> ssl.SSLContext:
    """A context that checks chain, days and name. ``extra_store``: a PEM file beside the machine's store."""
    context = ssl.create_default_context()
    if extra_store:
        context.load_verify_locations(extra_store)
    return context


@lru_cache(maxsize=1)
def looking() -> ssl.SSLContext:
    """A context that accepts any certificate, to see what was refused. Nothing that comes over it is believed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context
