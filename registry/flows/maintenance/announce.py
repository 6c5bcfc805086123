"""Announcing maintenance, changing it and calling it off (RFC 9167): every registrar is told by poll."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from registry.flows.act import Act
from registry.flows.registrar.permission import already_exists, not_found, require_operator
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_public_id
from registry.model.maintenance import ENVIRONMENTS, IMPACTS, REASONS, Impact, Maintenance, maintenance_json
from registry.store import maintenance, tlds

ID_BITS = 60  # read out on the telephone, guarded by nothing because it is no secret
MAX_TEXT = 2000  # characters of a description; it stands in a poll message
MAX_TITLE = 120
Told = Literal["create", "update", "delete", "courtesy", "end"]  # maint:pollType
TEXTS = {
    "create": ("系统维护通知：{}", "maintenance announced: {}"),
    "update": ("系统维护安排有变：{}", "maintenance changed: {}"),
    "delete": ("系统维护已取消：{}", "maintenance called off: {}"),
    "courtesy": ("系统维护即将开始：{}", "maintenance begins soon: {}"),
    "end": ("系统维护已结束：{}", "maintenance is over: {}"),
}


@dataclass(frozen=True, slots=True)
class AnnounceMaintenance:
    """``tlds`` empty: all zones. ``id`` empty: one is drawn; one that exists is changed to what this says."""

    title: str
    systems: tuple[Impact, ...]
    starts_at: datetime
    ends_at: datetime
    description_zh: str
    description_en: str
    id: str = ""
    environment: str = "production"
    reason: str = "planned"
    detail: str = ""
    tlds: tuple[str, ...] = ()
    reconnect: bool = False
    reimplement: bool = False


async def announce_maintenance(act: Act, order: AnnounceMaintenance) -> Maintenance:
    """Write it down and tell every registrar.

    Refuses with ``NOT_PERMITTED`` (no operator), ``PARAMETER_MISSING`` (title, description, system), ``VALUE_INVALID`` (a word that
    RFC 9167 does not have, a zone that is not ours), ``VALUE_OUT_OF_RANGE`` (ends before it starts, or is over), ``TOO_LARGE``.
    """
    require_operator(act, "")
    await _check(act, order)
    one = Maintenance(
        id=order.id or f"M-{new_public_id(ID_BITS)}",
        title=order.title.strip(),
        systems=order.systems,
        environment=order.environment,
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        reason=order.reason,
        description_zh=order.description_zh.strip(),
        description_en=order.description_en.strip(),
        created_at=act.now,
        created_by=act.caller.actor,
        detail=order.detail.strip(),
        tlds=order.tlds,
        reconnect=order.reconnect,
        reimplement=order.reimplement,
    )
    try:
        await maintenance.add(act.conn, one)
    except UniqueViolation:
        raise already_exists("维护", "maintenance", where="id", value=one.id) from None
    await _keep(act, one, "maintenance.announced", "create")
    return one


async def change_maintenance(act: Act, order: AnnounceMaintenance) -> Maintenance:
    """Make an announced one what the order says. Refuses as the announcement does, with ``NOT_FOUND`` and ``STATUS_FORBIDS`` (over)."""
    require_operator(act, "")
    await _check(act, order)
    before = await _open(act, order.id)
    fields = {field: getattr(order, field) for field in AnnounceMaintenance.__slots__}
    one = replace(before, **fields, updated_at=act.now, reminded_at=None)
    await maintenance.save(act.conn, one)
    await _keep(act, one, "maintenance.changed", "update")
    return one


async def cancel_maintenance(act: Act, identifier: str) -> Maintenance:
    """Call it off. Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``, ``STATUS_FORBIDS`` (over or called off before)."""
    require_operator(act, "")
    one = replace(await _open(act, identifier), updated_at=act.now, cancelled_at=act.now)
    await maintenance.save(act.conn, one)
    await _keep(act, one, "maintenance.cancelled", "delete")
    return one


async def tell_maintenance(act: Act, one: Maintenance, told: Told) -> None:
    """Queue the message for every registrar."""
    zh, en = TEXTS[told]
    payload = maintenance_json(one) | {"poll_type": told}
    for registrar_id in await maintenance.audience(act.conn):
        await act.tell(registrar_id, zh.format(one.title), en.format(one.title), kind="maintenance", payload=payload)


async def _keep(act: Act, one: Maintenance, kind: str, told: Told) -> None:
    await act.remember(kind, one.id, maintenance_json(one))
    await tell_maintenance(act, one, told)


async def _open(act: Act, identifier: str) -> Maintenance:
    one = await maintenance.lock(act.conn, identifier)
    if one is None:
        raise not_found("维护", "maintenance", where="id", value=identifier)
    if one.cancelled_at or one.ends_at <= act.now:
        zh, en = "这次维护已结束或已取消", "this maintenance is over or was called off"
        raise Refusal(Reason.STATUS_FORBIDS, zh, en, where="id", value=identifier)
    return one


async def _check(act: Act, order: AnnounceMaintenance) -> None:
    _check_texts(order)
    zones = tuple(zone.name for zone in await tlds.find_all(act.conn))
    words = [("environment", order.environment, ENVIRONMENTS), ("reason", order.reason, REASONS)]
    words += [("impact", each.impact, IMPACTS) for each in order.systems]
    words += [("tlds", tld, zones) for tld in order.tlds]
    for where, value, known in words:
        if value not in known:
            zh, en = f"{where} 只能是 {'、'.join(known)}", f"{where} is one of {', '.join(known)}"
            raise Refusal(Reason.VALUE_INVALID, zh, en, where=where, value=value)
    if order.ends_at <= order.starts_at or order.ends_at <= act.now:
        zh, en = "结束时间须晚于开始时间，也须晚于现在", "it ends after it starts, and after now"
        raise Refusal(Reason.VALUE_OUT_OF_RANGE, zh, en, where="ends_at", value=order.ends_at.isoformat())


def _check_texts(order: AnnounceMaintenance) -> None:
    texts = (
        ("title", order.title, MAX_TITLE),
        ("description_zh", order.description_zh, MAX_TEXT),
        ("description_en", order.description_en, MAX_TEXT),
        ("systems", "".join(each.name for each in order.systems), MAX_TEXT),
    )
    for where, text, most in texts:
        if not text.strip():
            raise Refusal(Reason.PARAMETER_MISSING, f"缺少 {where}", f"{where} is missing", where=where)
        if len(text) > most:
            raise Refusal(Reason.TOO_LARGE, "文字过长", "the text is too long", where=where)
