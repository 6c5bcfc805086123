"""``/api/v1/registrar``: a registrar's machines look after its own account.

What the portal asks a second factor for and a machine has none of (networks, users) is not offered here.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from registry.flows.act import Act, Caller
from registry.flows.client.confirm import ConfirmClient, confirm_client
from registry.flows.command_log.search import Wanted, cursor_from, search_commands
from registry.flows.idempotency.once import Outcome
from registry.flows.registrar.account import Account, read_account
from registry.flows.registrar.change_password import ChangePassword, change_password
from registry.flows.registrar.present_certificate import MAX_PEM, PresentCertificate, present_certificate
from registry.flows.registrar.revoke_certificate import RevokeCertificate, revoke_certificate
from registry.flows.registrar.webhook import MAX_URL, SetWebhook, set_webhook
from registry.flows.report.read import list_reports, name_of, read_report
from registry.kernel.errors import Fault, Reason, Refusal
from registry.kernel.web.limits import place_of
from registry.rest.auth import Grant
from registry.rest.door import Answer, Asked, Door, act_as_client, to_json
from registry.rest.reading import storable

PATH = "/api/v1/registrar"
MAX_DOCUMENT = 60_000  # characters; a frame holds 64 KiB
MAX_FILTER = 255
Login = Annotated[str, msgspec.Meta(max_length=16)]


class NewCertificate(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``pem``: a certificate, or a request (PKCS #10); ``user``: the one login that may use it."""

    pem: Annotated[str, msgspec.Meta(max_length=MAX_PEM)]
    user: Login = ""


class Revocation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why."""

    reason: Annotated[str, msgspec.Meta(max_length=500)]


class NewPassword(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``user`` empty: the registrar's own login."""

    password: Annotated[str, msgspec.Meta(max_length=200)]
    user: Login = ""


class NewWebhook(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``renew_secret`` draws a new signing secret."""

    url: Annotated[str, msgspec.Meta(max_length=MAX_URL)]
    paused: bool = False
    renew_secret: bool = False


class Rehearsal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One whole EPP document."""

    document: Annotated[str, msgspec.Meta(max_length=MAX_DOCUMENT)]
    language: Literal["zh", "en"] = "en"


async def show(door: Door, asked: Asked) -> Answer:
    """The account."""
    grant = _grant(asked)

    async def work(act: Act) -> Outcome:
        return Outcome(200, to_json(_told(await read_account(act, grant.registrar_id))))

    return Answer.of(await act_as_client(door, asked, work))


async def bind(door: Door, asked: Asked) -> Answer:
    """Bind the key of a certificate or request."""
    grant, order = _grant(asked), asked.order(NewCertificate)

    async def work(act: Act) -> Outcome:
        bound = await present_certificate(
            act, PresentCertificate(grant.registrar_id, storable(order.pem), storable(order.user))
        )
        told = {"key": bound.spki_sha256.hex(), "subject": bound.subject}
        return Outcome(201, to_json(told | ({"certificate": bound.certificate} if bound.certificate else {})))

    return Answer.of(await act_as_client(door, asked, work))


async def revoke(door: Door, asked: Asked) -> Answer:
    """Revoke the key of the path (hexadecimal SHA-256)."""
    grant, order = _grant(asked), asked.order(Revocation)
    try:
        key = bytes.fromhex(asked.part("key"))
    except ValueError:
        key = b""

    async def work(act: Act) -> Outcome:
        await revoke_certificate(act, RevokeCertificate(grant.registrar_id, key, storable(order.reason)))
        return Outcome(200, to_json({"key": key.hex(), "state": "revoked"}))

    return Answer.of(await act_as_client(door, asked, work))


async def change(door: Door, asked: Asked) -> Answer:
    """Change a login's password."""
    grant, order = _grant(asked), asked.order(NewPassword)

    async def work(act: Act) -> Outcome:
        await change_password(act, ChangePassword(grant.registrar_id, order.password, storable(order.user)))
        return Outcome(200, to_json({"user": order.user or grant.registrar_id, "changed": True}))

    return Answer.of(await act_as_client(door, asked, work))


async def set_hook(door: Door, asked: Asked) -> Answer:
    """Set the webhook."""
    grant, order = _grant(asked), asked.order(NewWebhook)

    async def flow(
        act: Act,
    ) -> str:  # never remembered under an idempotency key: a secret is told once and kept nowhere
        await confirm_client(act, ConfirmClient(grant.client_id, grant.registrar_id, changes=True))
        wanted = SetWebhook(grant.registrar_id, storable(order.url), order.paused, order.renew_secret)
        return await set_webhook(act, wanted)

    secret = await door.runner.run(Caller("registrar", grant.registrar_id), flow)
    told = {"url": order.url, "state": "paused" if order.paused else "active"}
    return Answer(200, to_json(told | ({"secret": secret} if secret else {})))


async def reports(door: Door, asked: Asked) -> Answer:
    """The list of report files."""
    grant = _grant(asked)

    async def work(act: Act) -> Outcome:
        found = await list_reports(act, grant.registrar_id)
        files = [
            {
                "name": name_of(one),
                "kind": one.kind,
                "starts": one.starts,
                "made_at": one.made_at,
                "lines": one.lines,
                "sha256": one.sha256.hex(),
            }
            for one in found
        ]
        return Outcome(200, to_json({"reports": files}))

    return Answer.of(await act_as_client(door, asked, work))


async def report(door: Door, asked: Asked) -> Answer:
    """One file as it was made."""
    grant, name = _grant(asked), asked.part("name")

    async def work(act: Act) -> Outcome:
        return Outcome(200, (await read_report(act, grant.registrar_id, name)).content)

    outcome = await act_as_client(door, asked, work)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(outcome.status, outcome.body, headers, "text/csv")


async def commands(door: Door, asked: Asked) -> Answer:
    """The registrar's own commands, the newest first."""
    grant, query = _grant(asked), asked.request.query
    typed = {name: storable(query.get(name, ""))[:MAX_FILTER] for name in ("object", "trid", "command")}
    code = query.get("code", "")
    wanted = Wanted(
        **typed,
        code=int(code) if code.isascii() and code.isdigit() and len(code) == 4 else None,
        since=_instant(query.get("since", ""), "since"),
        until=_instant(query.get("until", ""), "until"),
        before=cursor_from(query.get("cursor", "")),
    )

    async def work(act: Act) -> Outcome:
        found = await search_commands(act, wanted, own=grant.registrar_id)
        lines = [
            {name: getattr(line, name) for name in line.__dataclass_fields__ if name not in ("seq", "registrar_id")}
            for line in found.lines
        ]
        return Outcome(200, to_json({"commands": lines, "cursor": found.cursor}))

    return Answer.of(await act_as_client(door, asked, work))


async def rehearse(door: Door, asked: Asked) -> Answer:
    """What the command would be answered; outside the client's act, because it runs (and rolls back) one of its own."""
    grant, order = _grant(asked), asked.order(Rehearsal)
    desk = door.extras.get("epp")
    if desk is None:
        raise Fault("this process has no desk of the registrars' door")
    client = ConfirmClient(grant.client_id, grant.registrar_id)
    caller = Caller("registrar", grant.registrar_id)
    await door.runner.read(caller, lambda act: confirm_client(act, client))
    address = place_of(asked.request.remote)
    wish = desk.wish(grant.registrar_id, order.document.encode("utf-8", "replace"), order.language, address)
    answer: bytes = await desk.rehearse(wish, asker=caller.actor)
    return Answer(200, to_json({"answer": answer.decode()}))


def _grant(asked: Asked) -> Grant:
    if asked.grant is None:
        raise Fault("a path of the account asks for a token")
    return asked.grant


def _told(account: Account) -> dict[str, object]:
    standing, limits = account.standing, account.limits
    return {
        "id": standing.id,
        "name": standing.registrar.name,
        "status": standing.registrar.status.value,
        "status_reason": account.status_reason,
        "rights": sorted(standing.rights),
        "rate": limits.rate,
        "burst": limits.burst,
        "left": round(account.level) if limits.rate else None,
        "sessions": len(account.sessions),
        "max_sessions": account.max_sessions,
        "messages": account.messages,
        "certificates": [
            {
                "key": one.spki_sha256.hex(),
                "subject": one.subject,
                "user": one.user_id,
                "not_after": one.not_after,
                "revoked_at": one.revoked_at,
            }
            for one in account.certificates
        ],
        "users": [
            {"id": one.id, "name": one.name, "status": one.status.value, "rights": sorted(one.rights)}
            for one in account.users
        ],
        "networks": [
            {"network": str(one.network), "user": one.user_id, "state": one.state} for one in account.networks
        ],
        "webhook": {"url": account.webhook_url, "state": account.webhook_state} if account.webhook_url else None,
    }


def _instant(text: str, where: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        zh, en = "时间请写作 2026-06-01T00:00:00Z 的样子", "write an instant like 2026-06-01T00:00:00Z"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=text[:40])
    return found
