"""Whether a proved package may be applied now: its region, its number, and the one before it. Pure."""

from dataclasses import dataclass
from typing import Literal

from registry.establishment.exchange.manifest import Manifest
from registry.store.exchange_packages import Exchanged, PeerState

MAX_LISTED = 20  # missing numbers that are named one by one
MAX_AHEAD = 1_000  # packages that may wait for one sender: years of a weekly exchange


@dataclass(frozen=True, slots=True)
class Verdict:
    """``apply`` now, ``parked`` until the gap before it is filled, or ``refused`` for good; and why."""

    state: Literal["apply", "parked", "refused"]
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of the sender: its state, what was taken under this number, and what was applied under the one before."""

    state: PeerState
    same: Exchanged | None
    before: Exchanged | None


def judge(manifest: Manifest, sha256: bytes, record: Record) -> Verdict:
    """The verdict on a data package whose signature holds."""
    number, applied = manifest.sequence, record.state.applied
    if manifest.region != manifest.sender:
        zh = f"数据中心 {manifest.sender} 无权报送地区 {manifest.region} 的数据"
        return Verdict("refused", zh, f"data centre {manifest.sender} may not speak for region {manifest.region}")
    if record.same is not None:
        return _again(number, sha256, record.same)
    if number <= applied:
        return Verdict("refused", f"第 {number} 号早已过去", f"number {number} is past")
    if number > applied + 1:
        return _ahead(number, record.state)
    if manifest.previous != (record.before.manifest_sha256.hex() if record.before else ""):
        zh, en = "与已收到的上一个数据包不相衔接", "it does not continue the package that was applied before it"
        return Verdict("refused", f"第 {number} 号{zh}", f"number {number}: {en}")
    return Verdict("apply")


def _again(number: int, sha256: bytes, same: Exchanged) -> Verdict:
    if same.manifest_sha256 != sha256:
        zh, en = "已用于另一个数据包", "was used for another package"
        return Verdict("refused", f"第 {number} 号{zh}", f"number {number} {en}")
    if same.state == "parked":
        return Verdict(
            "refused", f"第 {number} 号已收到，正等待前面的数据包", f"number {number} is here already and waits"
        )
    return Verdict("refused", f"第 {number} 号已入库，不得重复报送", f"number {number} was applied already: a replay")


def _ahead(number: int, state: PeerState) -> Verdict:
    if number > state.applied + MAX_AHEAD:
        return Verdict("refused", f"第 {number} 号超前过多", f"number {number} is too far ahead of {state.applied}")
    missing = [n for n in range(state.applied + 1, number) if n not in state.parked]
    listed = "、".join(map(str, missing[:MAX_LISTED])) + ("……" if len(missing) > MAX_LISTED else "")
    zh = f"尚缺第 {listed} 号，第 {number} 号暂存等待"
    return Verdict("parked", zh, f"number {number} waits for: {listed.replace('、', ', ')}")
