"""Short messages through a folder: one JSON file each, which the carrier's gateway picks up and removes.

The file's name is the delivery's, and it appears whole: a message that is written twice is there once.
"""

import asyncio
import json
from pathlib import Path

from registry.jobs.delivery.letter import short_text_of
from registry.jobs.delivery.outcome import Outcome, Result, outcome
from registry.kernel.config import Config
from registry.store.deliveries import Delivery


async def send_sms(config: Config, one: Delivery, code: str) -> Outcome:
    """Put one message into the folder."""
    folder = Path(config.sms_folder) if config.sms_folder else config.data / "sms"
    try:
        await asyncio.to_thread(
            _write, folder / f"{one.id}.json", {"to": one.address, "text": short_text_of(one, code)}
        )
    except OSError as error:
        return outcome(Result.LATER, f"{type(error).__name__}: {error.strerror}")
    return outcome(Result.SENT, "written")


def _write(path: Path, message: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(message, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)
