"""CPU per UDP query: our DNS service against Knot and NSD, same zone, same load, same run.

Prints one JSON line a figure (CONTRACT.md). The load is dnsperf's: 80 % names below delegations, 10 % delegated names, 10 % names
that do not exist. It runs twice: without DNSSEC, and with DO against the signed zone (NSEC3 with opt-out, a tenth of the
delegations signed; the peers serve the file that we signed). CPU is what the server process took, user and system, by
/proc; the clients' is not counted. Usage: ``python bench/dns.py [--names 200000] [--seconds 8]``.
"""

import argparse
import asyncio
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

# A script's own folder comes first on the path, and there this file would hide the library of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from registry.kernel.clock import SystemClock  # noqa: E402  # see above
from registry.kernel.config import load_config  # noqa: E402  # see above
from resolver.chain.responder import Responder  # noqa: E402  # see above
from resolver.export import signed_sets  # noqa: E402  # see above
from resolver.signing.keys import SigningKey  # noqa: E402  # see above
from resolver.signing.signing import Signing  # noqa: E402  # see above
from resolver.transport.udp import UdpDoor  # noqa: E402  # see above
from resolver.zone.apex import make_apex  # noqa: E402  # see above
from resolver.zone.delegation import Delegation  # noqa: E402  # see above
from resolver.zone.records import RecordSet, ds_rdata, to_text, to_wire  # noqa: E402  # see above
from resolver.zone.zone import Zone  # noqa: E402  # see above

ZONE = "xn--55qw42g"
PROVIDERS = 200  # most names lie with few hosting providers
SIGNED = 0.1  # share of delegations with DS
OWN_SERVERS = 0.1  # share of names with a name server, and so glue, below themselves
TICKS = 100  # of /proc/PID/stat a second, on Linux always
CLIENTS = 20


@dataclass(frozen=True)
class Setting:
    """One run: a zone of ``names`` delegations, its file and the servers' in ``folder``."""

    folder: Path
    names: int
    signed: bool
    port: int = 0


def make_zone(names: int, *, signed: bool) -> Zone:
    """The zone, the same for the same arguments (seeded, so that every server is asked for the same names)."""
    chance = random.Random(7)  # noqa: S311  # repeatable on purpose
    key = SigningKey(ec.derive_private_key(4711, ec.SECP256R1()))
    signing = Signing(to_wire(ZONE), key, SystemClock().now()) if signed else None
    zone = Zone(make_apex(ZONE, load_config()), 1, signing)
    for number in range(names):
        label = to_wire(f"xn--name{number}")[:-1]
        provider = chance.randrange(PROVIDERS)
        servers = [to_wire(f"ns{each}.provider{provider}.example") for each in (1, 2)]
        glue: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()
        if chance.random() < OWN_SERVERS:
            own = b"\x03ns1" + label + zone.origin
            servers.append(own)
            glue = ((own, (bytes((198, 18, number >> 8 & 255, number & 255)),)),)
        ds = (ds_rdata(number & 0xFFFF, 13, 2, chance.randbytes(32)),) if chance.random() < SIGNED else ()
        zone.load(Delegation(label, tuple(sorted(servers)), glue, ds))
    return zone


def write_master_file(zone: Zone, path: Path) -> None:
    """The zone as a master file in generic rdata (RFC 3597), which every server reads."""
    with path.open("w") as out:
        for each in signed_sets(zone):
            out.writelines(_lines(each))


def _lines(records: RecordSet) -> Iterator[str]:
    for rdata in records.rdatas:
        yield f"{to_text(records.owner)} {records.ttl} IN TYPE{records.type} \\# {len(rdata)} {rdata.hex()}\n"


def write_questions(names: int, path: Path) -> None:
    """100,000 questions, repeatable."""
    chance = random.Random(11)  # noqa: S311  # repeatable on purpose
    with path.open("w") as out:
        for _ in range(100_000):
            dice, number = chance.random(), chance.randrange(names)
            prefix = "www." if dice < 0.8 else ""
            label = f"xn--name{number}" if dice < 0.9 else f"nothing{number}"
            out.write(f"{prefix}{label}.{ZONE} A\n")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children that run."""
    total = 0.0
    for each in _family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def resident_mib(pid: int) -> float:
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in _family(pid))
    return pages * 4096 / (1 << 20)


def load(setting: Setting, length: list[str]) -> float:
    """Run dnsperf for a time (``-l``) or a number of rounds (``-n``); the number of questions answered."""
    where = ["-s", "127.0.0.1", "-p", str(setting.port), "-d", str(setting.folder / "questions")]
    load = [*length, "-c", str(CLIENTS), "-T", "1", "-q", "100", *(["-e", "-D"] if setting.signed else [])]
    out = subprocess.run(["dnsperf", *where, *load], check=True, capture_output=True, text=True).stdout
    return float(next(line for line in out.splitlines() if "Queries completed" in line).split()[2])


def serve_ours(setting: Setting) -> None:
    """Be the server: the zone built in memory, one UDP door."""
    import uvloop

    zone = make_zone(setting.names, signed=setting.signed)

    async def serve() -> None:
        UdpDoor(Responder({zone.origin: zone}, "udp"), "127.0.0.1", setting.port).open()
        await asyncio.Event().wait()

    uvloop.run(serve())


def ours(setting: Setting) -> list[str]:
    """The command that runs :func:`serve_ours`."""
    words = [sys.executable, str(Path(__file__).resolve()), "--serve", str(setting.port), "--names", str(setting.names)]
    return [*words, "--signed"] if setting.signed else words


def knot(setting: Setting) -> list[str]:
    """Knotd with one UDP worker."""
    config, folder = setting.folder / "knot.conf", setting.folder
    config.write_text(
        f"server:\n    rundir: {folder}\n    user: root:root\n    listen: 127.0.0.1@{setting.port}\n    udp-workers: 1\n"
        f"database:\n    storage: {folder}/knot\nzone:\n  - domain: {ZONE}\n    storage: {folder}\n    file: zone\n"
    )
    return ["knotd", "-c", str(config)]


def nsd(setting: Setting) -> list[str]:
    """Nsd with one server process and no rate limit."""
    config, folder = setting.folder / "nsd.conf", setting.folder
    config.write_text(
        f"""server:
  ip-address: 127.0.0.1@{setting.port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zone.list"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: {ZONE}
  zonefile: zone
"""
    )
    return ["nsd", "-d", "-c", str(config)]


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """The process id of a server that answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while not _answers(port):
            assert process.poll() is None, f"{command[0]} ended"
            assert time.monotonic() < deadline, f"{command[0]} does not answer"
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    query = b"\0\1\0\0\0\1\0\0\0\0\0\0" + to_wire(ZONE) + b"\0\6\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        try:
            client.sendto(query, ("127.0.0.1", port))
            return client.recv(4096)[3] & 0xF == 0
        except OSError:
            return False


def measure(command: Callable[[Setting], list[str]], setting: Setting, seconds: int) -> dict[str, float]:
    """CPU microseconds a query, queries a second, and MiB resident, of one server under load."""
    setting = replace(setting, port=free_port())
    with running(command(setting), setting.port) as pid:
        load(setting, ["-n", "1"])  # every question once, so that what is packed or signed when first asked for is
        before, start = cpu_seconds(pid), time.monotonic()
        answered = load(setting, ["-l", str(seconds)])
        took = time.monotonic() - start
        return {
            "cpu_us_per_query": (cpu_seconds(pid) - before) / answered * 1e6,
            "queries_per_second": answered / took,
            "memory_mib": resident_mib(pid),
        }


UNITS = {"cpu_us_per_query": "µs", "queries_per_second": "1/s", "memory_mib": "MiB"}
PEERS: dict[str, Callable[[Setting], list[str]]] = {"knot": knot, "nsd": nsd}
PROGRAMS = {"knot": "knotd", "nsd": "nsd"}


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--signed", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve_ours(Setting(Path(), args.names, args.signed, args.serve))
        return
    if not shutil.which("dnsperf"):
        print(json.dumps({"bench": "dns", "value": None, "unit": "", "note": "dnsperf is not installed"}))
        return
    for signed in (False, True):
        with tempfile.TemporaryDirectory() as name:
            report(Setting(Path(name), args.names, signed), args.seconds)


def report(setting: Setting, seconds: int) -> None:
    """Measure ours, then every peer that is installed, and print the figures side by side."""
    (setting.folder / "knot").mkdir()
    write_master_file(make_zone(setting.names, signed=setting.signed), setting.folder / "zone")
    write_questions(setting.names, setting.folder / "questions")
    name = "dns.udp.signed" if setting.signed else "dns.udp"
    mine = measure(ours, setting, seconds)
    for peer, command in PEERS.items():
        if not shutil.which(PROGRAMS[peer]):
            continue
        theirs = measure(command, setting, seconds)
        for figure, unit in UNITS.items():
            line = {"bench": f"{name}.{figure}", "value": round(mine[figure], 2), "unit": unit, "peer": peer}
            line |= {"peer_value": round(theirs[figure], 2), "ratio": round(mine[figure] / theirs[figure], 3)}
            print(json.dumps(line | {"names": setting.names}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
