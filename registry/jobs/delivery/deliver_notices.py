"""Carry notices out of the house: route what is new, then send what is due (registry/store/deliveries.py holds the theory)."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from registry.flows.notice.code import code_for, load_code_key
from registry.flows.responsible.link import KIND, link_code
from registry.flows.runner import Runner
from registry.jobs.delivery.email import send_email
from registry.jobs.delivery.outcome import Outcome, Result, outcome
from registry.jobs.delivery.sms import send_sms
from registry.jobs.delivery.webhook import send_webhook
from registry.kernel.db import Connection, Record
from registry.kernel.errors import Fault, Text
from registry.model.notice import Notice, Recipient
from registry.store import deliveries, notices
from registry.store.deliveries import ASKED, Delivery

LEASE = timedelta(minutes=2)  # longer than any attempt may take
ROUTED_AT_ONCE = 500
SENT_AT_ONCE = 20  # attempts that run side by side: a slow receiver holds up nobody for longer than its own time-out
# After which time an attempt follows the one before; about two days in all, then a person has to look.
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 28800, 57600, 86400))


async def deliver_notices(runner: Runner) -> int:
    """Until nothing is due; returns how many arrived."""
    while await runner.db.run(lambda conn: deliveries.route(conn, runner.clock.now(), ROUTED_AT_ONCE)):
        pass
    arrived = 0
    while batch := await runner.db.run(partial(_take, runner.clock.now())):
        arrived += sum(await asyncio.gather(*(_deliver(runner, one) for one in batch)))
    return arrived


async def _take(now: datetime, conn: "Connection[Record]") -> list[Delivery]:
    return await deliveries.take(conn, now, now + LEASE, SENT_AT_ONCE)


async def _deliver(runner: Runner, one: Delivery) -> bool:
    told = await _send(runner, one)
    await runner.db.run(partial(_settle, one, told, runner.clock.now()))
    return told.result is Result.SENT


async def _send(runner: Runner, one: Delivery) -> Outcome:
    try:
        one = _with_code(runner, one)
        match one.channel:
            case "email":
                return await send_email(runner.config, one, _code(runner, one))
            case "sms":
                return await send_sms(runner.config, one, _code(runner, one))
            case _:
                return await send_webhook(runner.config, one, runner.clock.now())
    except (Fault, OSError) as error:  # a key that is gone is ours to mend; the row waits for it
        return outcome(Result.LATER, f"{type(error).__name__}: {error}")


def _with_code(runner: Runner, one: Delivery) -> Delivery:
    """The link of whoever answers for an application, complete: its code is kept nowhere."""
    if one.kind != KIND:
        return one
    asked_at = datetime.fromisoformat(one.payload["asked_at"])
    code = link_code(runner.config, one.payload["application"], one.address, asked_at)
    return replace(one, link=f"{one.link}?code={code}")


def _code(runner: Runner, one: Delivery) -> str:
    """The code that proves the address, in the one letter that asks for it."""
    if one.kind != ASKED:
        return ""
    asked_at = datetime.fromisoformat(one.payload["asked_at"])
    return code_for(load_code_key(runner.config), one.owner, one.channel, one.address, asked_at)


async def _settle(one: Delivery, told: Outcome, now: datetime, conn: "Connection[Record]") -> None:
    if told.result is Result.SENT:
        await deliveries.note_sent(conn, one, now, told.answer)
    elif told.result is Result.LATER and one.attempts <= len(WAITS):
        await deliveries.try_again(conn, one, now + WAITS[one.attempts - 1], told.answer)
    elif await deliveries.note_failed(conn, one, now, told.answer):
        await notices.add(conn, now, [_failure(one, told)])


def _failure(one: Delivery, told: Outcome) -> Notice:
    """One to the operators; it lies in their inbox, and goes out like others: a relay that is down fails once an address a notice."""
    return Notice(
        Recipient("role", "operator"),
        "notice.undelivered",
        Text("通知未能送达", "A notice could not be delivered"),
        Text(
            f"发给 {one.owner} 的通知“{one.subject_zh}”经 {one.channel} 未能送达，最后一次应答：{told.answer}",
            f"The notice “{one.subject_en}” to {one.owner} could not be delivered by {one.channel}; the last answer: {told.answer}",
        ),
        link="/portal/deliveries",
        once=f"undelivered {one.channel} {one.owner} {one.at.date().isoformat()}",
    )
