"""``zhengming audit verify``: the whole chain, checked from its first entry."""

import argparse
import asyncio
import json

from registry.audit.sequencer import seal_once
from registry.audit.verify import verify_chain
from registry.cli.command import Command, configuration, open_database

MAX_BREAKS_SHOWN = 50  # the first breaks tell the story; a chain cut early breaks at every entry after


def _run(args: argparse.Namespace) -> int:
    return asyncio.run(_verify(args))


async def _verify(args: argparse.Namespace) -> int:
    async with open_database(configuration(args)) as db:
        await seal_once(db)
        verdict = await verify_chain(db)
    for found in verdict.breaks[:MAX_BREAKS_SHOWN]:
        print(f"第 {found.position} 条：{found.zh} / entry {found.position}: {found.en}")  # noqa: T201  # the command's answer
    answer = {
        "holds": verdict.holds,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "head": verdict.head.hex(),
    }
    print(json.dumps({**answer, "breaks": len(verdict.breaks)}))  # noqa: T201  # the command's answer
    return 0 if verdict.holds else 1


COMMAND = Command(("audit", "verify"), "校验审计链 / verify the audit chain", lambda _: None, _run)
