"""``zhengming serve NAME``: one service alone, in the foreground."""

import argparse
import gc
import os
from contextlib import ExitStack

from registry.cli.catalogue import SERVICES, factory_of, find_service
from registry.cli.certificates import ensure_certificates
from registry.cli.command import Command, configuration
from registry.kernel.log import configure
from registry.kernel.pg.cluster import Cluster
from registry.kernel.service import run_service

GIVES_WAY = 5  # steps of niceness of a service that watches: the doors open first, and answer first


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=[listed.name for listed in SERVICES], help="服务 / service")
    parser.add_argument("--port-base", type=int, default=None, metavar="N", help="端口基数，默认 8700 / first port")
    parser.add_argument("--ote", action="store_true", default=None, help="测试评估实例的服务 / of the OT&E instance")
    parser.add_argument(
        "--worker", type=int, default=0, metavar="N", help="同一服务的第几个进程 / which process of this service"
    )


def _run(args: argparse.Namespace) -> int:
    gc.disable()  # what is imported stays: nothing to collect before the service runs, which turns it on again
    config = configuration(args)
    configure(args.name, config.log_level)
    listed = find_service(args.name)
    if listed.watches:
        os.nice(GIVES_WAY)
    ensure_certificates(config)
    factory = factory_of(listed)
    with ExitStack() as stack:
        dsn = config.database.url or stack.enter_context(Cluster(config)).dsn
        run_service(args.name, factory, config, dsn, worker=args.worker)
    return 0


COMMAND = Command(("serve",), "单独运行一个服务 / run one service alone", _arguments, _run)
