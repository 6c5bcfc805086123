"""Logs: one JSON event a line on stderr, no secrets.

An event is created where a request comes in, filled on the way, and emitted once. Fields whose names say that they hold a
secret are masked wherever they were put in, as the last step before an event leaves.
"""

import logging
import sys
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import structlog

SECRET_WORDS = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "auth_info",
    "authinfo",
    "pw",
    "newpw",
    "private",
)
MASK = "***"
MAX_NAMES = 1024  # field names are written in our code, so there are some hundred; the bound is for those that are not


def configure(service: str, level: str = "info") -> None:
    """Set up logging for this process; call once, first."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _service(service),
            mask_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s %(levelname)s %(message)s"
    )


def _service(name: str) -> structlog.typing.Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = name
        return event

    return add


def mask_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every field that is named like a secret."""
    for key in event:
        if _is_secret(key):
            event[key] = MASK
    return event


@lru_cache(maxsize=MAX_NAMES)
def _is_secret(key: str) -> bool:
    lowered = key.lower()
    return any(lowered == word or lowered.endswith(f"_{word}") for word in SECRET_WORDS)


def get_logger(**fields: Any) -> structlog.typing.FilteringBoundLogger:
    """A logger with fields that every event of it carries."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(**fields)
    return logger
