"""CPU per UDP query: our DNS service against Knot, NSD, BIND and PowerDNS, same zone, same load, same run.

Prints one JSON line a figure (CONTRACT.md). Three shapes of load by dnsperf: the usual mix (80 % names below delegations, 10 % delegated
names, 10 % names that do not exist), nothing but names that do not exist, and a flood of names below one delegation that each come once.
Each runs twice: without DNSSEC, and with DO against the signed zone (NSEC3 with opt-out, a tenth of the delegations signed; the peers
serve the file that we signed). Ours runs with all that production has: cookies, rate limit, counting. CPU is what the server process
took, user and system, by /proc; the clients' is not counted.
Usage: ``python bench/dns.py [--names 200000] [--seconds 8] [--peers knot,nsd,bind,powerdns]``.
"""

import argparse
import asyncio
import gc
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
from resolver.chain.cookies import Cookies  # noqa: E402  # see above
from resolver.chain.limiting import Limiter  # noqa: E402  # see above
from resolver.chain.options import Manners  # noqa: E402  # see above
from resolver.chain.responder import Responder  # noqa: E402  # see above
from resolver.export import lines, signed_sets  # noqa: E402  # see above
from resolver.signing.keys import SigningKey  # noqa: E402  # see above
from resolver.signing.signing import Signing  # noqa: E402  # see above
from resolver.statistics.tally import Tally  # noqa: E402  # see above
from resolver.transport.doors import networks  # noqa: E402  # see above
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


def write_words(zone: Zone, path: Path) -> None:
    """The zone in the words of each type, for the one server that reads no generic form of what it knows."""
    with path.open("w") as out:
        for each in signed_sets(zone):
            out.writelines(lines(each))


def _lines(records: RecordSet) -> Iterator[str]:
    for rdata in records.rdatas:
        yield f"{to_text(records.owner)} {records.ttl} IN TYPE{records.type} \\# {len(rdata)} {rdata.hex()}\n"


QUESTIONS = 200_000  # of each shape


def write_questions(names: int, folder: Path) -> None:
    """The questions of every shape, repeatable."""
    chance = random.Random(11)  # noqa: S311  # repeatable on purpose
    with (folder / "mix").open("w") as out:
        for _ in range(QUESTIONS):
            dice, number = chance.random(), chance.randrange(names)
            prefix = "www." if dice < 0.8 else ""
            label = f"xn--name{number}" if dice < 0.9 else f"nothing{number}"
            out.write(f"{prefix}{label}.{ZONE} A\n")
    with (folder / "nxdomain").open("w") as out:
        out.writelines(f"nothing{chance.randrange(1 << 40):x}.{ZONE} A\n" for _ in range(QUESTIONS))
    with (folder / "flood").open("w") as out:
        out.writelines(f"{chance.randrange(1 << 40):x}.xn--name7.{ZONE} A\n" for _ in range(QUESTIONS))


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


def load(setting: Setting, shape: str, length: list[str]) -> float:
    """Run dnsperf for a time (``-l``) or a number of rounds (``-n``); the number of questions answered."""
    where = ["-s", "127.0.0.1", "-p", str(setting.port), "-d", str(setting.folder / shape)]
    load = [*length, "-c", str(CLIENTS), "-T", "1", "-q", "100", *(["-e", "-D"] if setting.signed else [])]
    out = subprocess.run(["dnsperf", *where, *load], check=True, capture_output=True, text=True).stdout
    return float(next(line for line in out.splitlines() if "Queries completed" in line).split()[2])


def serve_ours(setting: Setting) -> None:
    """Be the server: the zone built in memory, one UDP door."""
    import uvloop

    zone = make_zone(setting.names, signed=setting.signed)

    now = int(SystemClock().now().timestamp())
    cookies, tally, zones = Cookies(bytes(32), now), Tally(frozenset({zone.origin})), {zone.origin: zone}
    limiter = Limiter(exempt=networks(load_config().dns.rate_exempt), cookies=cookies)
    responder = Responder(zones, "udp", Manners(b"bench", cookies), limiter=limiter, tally=tally)

    async def serve() -> None:
        UdpDoor(responder, "127.0.0.1", setting.port).open()
        while True:
            await asyncio.sleep(1)
            limiter.tick()
            tally.tick()
            tally.harvest()

    gc.collect()
    gc.freeze()
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


def bind(setting: Setting) -> list[str]:
    """Named with one thread, as an authoritative server."""
    config, folder = setting.folder / "named.conf", setting.folder
    config.write_text(
        f"""options {{
  directory "{folder}"; listen-on port {setting.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file "{folder}/named.pid";
  session-keyfile none; recursion no; dnssec-validation no; minimal-responses no-auth; notify no; allow-transfer {{ none; }};
}};
controls {{ }};
zone "{ZONE}" {{ type primary; file "zone"; check-names ignore; masterfile-format text; }};
"""
    )
    return ["named", "-f", "-n", "1", "-c", str(config)]


def powerdns(setting: Setting) -> list[str]:
    """Pdns_server with the BIND backend, one receiver, and its caches as they come."""
    folder = setting.folder / "pdns"
    folder.mkdir(exist_ok=True)
    (folder / "zones.conf").write_text(f'zone "{ZONE}" {{ type master; file "{setting.folder}/words"; }};\n')
    (folder / "pdns.conf").write_text(
        f"launch=bind\nbind-config={folder}/zones.conf\nlocal-address=127.0.0.1\nlocal-port={setting.port}\nsocket-dir={folder}\n"
        "receiver-threads=1\ndistributor-threads=1\ndaemon=no\nguardian=no\nlog-dns-queries=no\nloglevel=3\nzone-cache-refresh-interval=0\n"
        + (f"bind-dnssec-db={folder}/dnssec.db\n" if setting.signed else "")
    )
    if setting.signed and not (folder / "dnssec.db").exists():
        for words in (
            ["create-bind-db", str(folder / "dnssec.db")],
            ["set-presigned", ZONE],
            ["set-nsec3", ZONE, "1 1 0 -"],
        ):
            subprocess.run(["pdnsutil", "--config-dir", str(folder), *words], check=True, capture_output=True)
    return ["pdns_server", f"--config-dir={folder}"]


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """The process id of a server that answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 180
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


def measure(command: Callable[[Setting], list[str]], setting: Setting, seconds: int) -> dict[tuple[str, str], float]:
    """By shape: CPU microseconds a query, queries a second, and MiB resident, of one server under load."""
    setting, found = replace(setting, port=free_port()), dict[tuple[str, str], float]()
    with running(command(setting), setting.port) as pid:
        for shape in SHAPES:
            load(
                setting, shape, ["-n", "1"]
            )  # every question once, so that what is packed or signed when first asked for is
            before, start = cpu_seconds(pid), time.monotonic()
            answered = load(setting, shape, ["-l", str(seconds)])
            took = time.monotonic() - start
            found[shape, "cpu_us_per_query"] = (cpu_seconds(pid) - before) / answered * 1e6
            found[shape, "queries_per_second"] = answered / took
            found[shape, "memory_mib"] = resident_mib(pid)
    return found


SHAPES = ("mix", "nxdomain", "flood")
UNITS = {"cpu_us_per_query": "µs", "queries_per_second": "1/s", "memory_mib": "MiB"}
PEERS: dict[str, Callable[[Setting], list[str]]] = {"knot": knot, "nsd": nsd, "bind": bind, "powerdns": powerdns}
PROGRAMS = {"knot": "knotd", "nsd": "nsd", "bind": "named", "powerdns": "pdns_server"}


def main() -> None:
    """Parse the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--peers", default=",".join(PEERS))
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
            report(Setting(Path(name), args.names, signed), args.seconds, args.peers.split(","))


def report(setting: Setting, seconds: int, peers: list[str]) -> None:
    """Measure ours, then every peer that is installed, and print the figures side by side."""
    setting.folder.chmod(0o755)  # some peers read their files as another user
    (setting.folder / "knot").mkdir()
    zone = make_zone(setting.names, signed=setting.signed)
    write_master_file(zone, setting.folder / "zone")
    if "powerdns" in peers:
        write_words(zone, setting.folder / "words")
    del zone
    write_questions(setting.names, setting.folder)
    mine = measure(ours, setting, seconds)
    for peer in peers:
        if not shutil.which(PROGRAMS[peer]):
            continue
        theirs = measure(PEERS[peer], setting, seconds)
        for (shape, figure), value in mine.items():
            name = ".".join(
                ["dns.udp", *(["signed"] if setting.signed else []), *([shape] if shape != "mix" else []), figure]
            )
            line = {"bench": name, "value": round(value, 2), "unit": UNITS[figure], "peer": peer}
            other = theirs[shape, figure]
            line |= {"peer_value": round(other, 2), "ratio": round(value / other, 3), "names": setting.names}
            print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
