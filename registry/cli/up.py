"""``zhengming up``: everything in one go, supervised, until Ctrl-C."""

import argparse
import asyncio
import fcntl
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from aiohttp import web

from registry.cli import instance
from registry.cli.catalogue import SERVICES, Listed
from registry.cli.certificates import ensure_certificates
from registry.cli.command import Command, configuration
from registry.kernel.config import PORTS, Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from registry.kernel.health import is_ready
from registry.kernel.log import configure, get_logger
from registry.kernel.ops import build_ops
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import migrate
from registry.kernel.supervise import Child, Process, Supervisor, spawn, use_pidfd_watcher, watch_pid

READY_SECONDS = 120.0  # a first start on a slow disk: initdb, migration, demo data
ASK_AGAIN_SECONDS = 0.05


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port-base", type=int, default=None, metavar="N", help="端口基数，默认 8700 / first port")
    parser.add_argument(
        "--demo", action=argparse.BooleanOptionalAction, default=None, help="写入演示数据 / write demo data"
    )
    parser.add_argument(
        "--ote",
        action="store_true",
        help="测试评估实例，数据在 DATA/ote，端口加 100 / the OT&E instance beside production",
    )
    parser.add_argument(
        "--workers", type=int, default=None, metavar="N", help="每个可扩展服务的进程数 / processes a scaled service"
    )


def _run(args: argparse.Namespace) -> int:
    config = configuration(args)
    if args.ote:
        config = instance.as_ote(config, has_data=args.data is not None, has_port=args.port_base is not None)
    configure("up", config.log_level)
    with _only_one(config):
        use_pidfd_watcher()
        return asyncio.run(_up(config))


COMMAND = Command(("up",), "启动全部服务 / start everything and supervise it", _arguments, _run)


@contextmanager
def _only_one(config: Config) -> Iterator[None]:
    """One supervisor a data directory: two would fight over ports and PostgreSQL."""
    config.data.mkdir(parents=True, exist_ok=True)
    with (config.data / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault(
                f"数据目录 {config.data} 已有一个 zhengming up 在运行 / zhengming up already runs on {config.data}"
            ) from None
        yield


async def _up(config: Config) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _heard, stopping)
    supervisor = Supervisor()
    ops: web.AppRunner | None = None
    try:
        dsn = config.database.url or await _start_postgresql(supervisor, config)
        await migrate(dsn)
        ensure_certificates(config)
        await _fill(config, dsn)
        children = [child for listed in SERVICES for child in _children(config, listed, dsn)]
        for child in children:
            await supervisor.add(child)
        ops = await _serve_ops(config, [child.instance for child in children])
        if await _until_ready(config, children, stopping):
            _announce_ready(config)
        await stopping.wait()
        get_logger().info("stopping")
        await supervisor.stop_together(children)
    finally:
        if ops:
            await ops.cleanup()
        await supervisor.stop()
    return 0


def _heard(stopping: asyncio.Event) -> None:
    if stopping.is_set():
        os._exit(1)  # a second Ctrl-C: the kernel tells the children
    stopping.set()


async def _start_postgresql(supervisor: Supervisor, config: Config) -> str:
    cluster = Cluster(config)
    cluster.prepare()
    await supervisor.add(Child("postgresql", partial(_postgresql, cluster), stop_signal=signal.SIGINT))
    await asyncio.to_thread(cluster.wait_until_ready)
    cluster.hold()
    cluster.create_database()
    return cluster.dsn


async def _postgresql(cluster: Cluster) -> Process:
    """Start the server, or adopt the one that a short command left running."""
    if pid := cluster.running_pid():
        return Process(pid, watch_pid(pid))
    child = cluster.spawn_child()
    return Process(child.pid, _ended(child))


async def _ended(child: "object") -> int | None:
    pid: int = child.pid  # type: ignore[attr-defined]  # a subprocess.Popen, whose wait would block the loop
    await watch_pid(pid)
    code: int | None = child.wait()  # type: ignore[attr-defined]  # it has ended: this only reaps it
    return code


async def _fill(config: Config, dsn: str) -> None:
    db = await Database.open(dsn)
    try:
        await instance.claim(config, db)
        if config.ote:
            from registry.cli import ote  # these bring the whole establishment reader along

            await ote.fill(config, db)
        elif config.demo:
            from registry.cli import demo

            await demo.fill(config, db)
    finally:
        await db.close()


def _children(config: Config, listed: Listed, dsn: str) -> Iterator[Child]:
    for worker in range(config.workers if listed.scaled else 1):
        command = [sys.executable, "-m", "registry.cli.main", "serve", listed.name, "--worker", str(worker)]
        command += ["--data", str(config.data), "--port-base", str(config.port_base)]
        command += ["--ote"] if config.ote else []
        environment = {"ZHENGMING_DATABASE_URL": dsn, "ZHENGMING_SUPERVISED": "1"}
        yield Child(f"{listed.name}.{worker}", partial(spawn, command, environment))


async def _serve_ops(config: Config, instances: list[str]) -> web.AppRunner:
    runner = web.AppRunner(build_ops(config, lambda: instances), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, config.address, config.port("ops")).start()
    return runner


async def _until_ready(config: Config, children: list[Child], stopping: asyncio.Event) -> bool:
    """Wait for every service; False when told to stop meanwhile. Faults when one does not come up at all."""
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    waiting = list(children)
    while waiting and not stopping.is_set():
        if asyncio.get_running_loop().time() > deadline:
            names = "、".join(child.instance for child in waiting)
            raise Fault(f"未能就绪：{names} / did not become ready: {names}")
        answers = await asyncio.gather(*(is_ready(config, child.instance) for child in waiting))
        waiting = [child for child, fine in zip(waiting, answers, strict=True) if not fine]
        await asyncio.sleep(ASK_AGAIN_SECONDS if waiting else 0)
    return not stopping.is_set()


def _announce_ready(config: Config) -> None:
    event = {
        "event": "ready",
        "web": config.public_url,
        "ports": {door: config.port(door) for door in PORTS},
        "data": str(config.data),
        "demo": config.demo,
        "ote": config.ote,
        "pid": os.getpid(),
    }
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()
