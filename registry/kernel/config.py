"""Configuration: one typed tree, safe when absent, refused when misspelt.

Order of precedence: command line, environment (``ZHENGMING_DATA``, ``ZHENGMING_DATABASE_URL``, ``ZHENGMING_CONFIG``),
the TOML file, the defaults below. Every field has a default that is safe on a public machine: all doors listen on
loopback, nothing is a demo. Secrets are never written in the file: a field that ends in ``_file`` names where one lies.
An unknown key is refused with its line, because a misspelt limit that is silently ignored is an outage later.
"""

import dataclasses
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from registry.kernel.errors import Reason, Refusal

MAX_CONFIG_BYTES = 1 << 20  # a hundred times the longest file we can imagine an operator writing


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """``url_file`` names a file that holds the URL (it may carry a password); unset means the embedded PostgreSQL.

    ``replica_url`` (or its file) is a streaming replica that look-ups read; unset, or while it lags, they read the primary.
    """

    url: str = ""
    url_file: str = ""
    replica_url: str = ""
    replica_url_file: str = ""
    pool_size: int = 10
    shared_buffers: str = "256MB"
    statement_timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class EppConfig:
    """Limits of the registrars' door. ``roid_suffix`` must stand in IANA's EPP repository identifier registry.

    ``max_connections`` counts in one process, ``max_connections_per_registrar`` over all; the latter may be set for each registrar.
    """

    roid_suffix: str = "CONAC"
    server_id: str = "正名 Zhengming EPP"
    max_frame_bytes: int = 1 << 16
    idle_seconds: float = 600.0
    login_seconds: float = 30.0
    max_connections: int = 2500
    max_connections_per_registrar: int = 512
    command_log_days: int = 400
    certificate_file: str = ""
    key_file: str = ""
    client_ca_file: str = ""


@dataclass(frozen=True, slots=True)
class DnsConfig:
    """Apex data of the zones, and how the doors behave. Lengths in seconds; name servers as host names with their addresses.

    ``nsid`` is what the server calls itself (RFC 5001; empty: the name of the machine). ``rate_limit`` are like answers a second to one network
    over UDP (0: no limit), of which beyond that every ``rate_slip``-th is shortened; ``rate_exempt`` are networks that are never limited.
    ``dnstap`` is the file or (when one listens there) Unix socket that gets a copy of every message.
    """

    primary: str = "ns1.nic.xn--zfr164b"
    name_servers: dict[str, list[str]] = field(
        default_factory=lambda: {"ns1.nic.xn--zfr164b": ["127.0.0.1"], "ns2.nic.xn--55qw42g": ["127.0.0.1"]}
    )
    mailbox: str = "hostmaster.nic.xn--zfr164b"
    ttl: int = 3600
    negative_ttl: int = 300
    refresh: int = 1800
    retry: int = 900
    expire: int = 1209600
    max_tcp_connections: int = 1000
    tcp_idle_seconds: float = 10.0
    nsid: str = ""
    cookie_key_file: str = ""
    rate_limit: int = 200
    rate_slip: int = 2
    rate_exempt: list[str] = field(default_factory=lambda: ["127.0.0.0/8", "::1/128"])
    dnstap: str = ""


@dataclass(frozen=True, slots=True)
class ProbeConfig:
    """Looking at name servers. ``resolvers`` are addresses of recursive servers (empty: the machine's own); ``port`` is where name servers are
    asked, and ``private_addresses`` lets private ones be asked, both for exercises. ``child_keys`` takes over the DS that zones below ours
    want by CDS and CDNSKEY.
    """

    resolvers: list[str] = field(default_factory=list)
    port: int = 53
    private_addresses: bool = False
    watch_seconds: float = 60.0
    child_keys: bool = True
    child_keys_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class WhoisConfig:
    """Limits of port 43 and of RDAP. ``cache_megabytes`` is what each process may keep of answers, for each of the two; 0 keeps none.

    ``unlimited_networks`` are asked no patience of (ICANN's ``rdap.clientACL``).
    """

    max_query_bytes: int = 1024
    query_seconds: float = 5.0
    max_connections: int = 2000
    queries_per_minute: int = 600
    rdap_queries_per_minute: int = 6000
    cache_megabytes: int = 256
    unlimited_networks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """``public_url`` is the address that people and programs are told; empty means the address of the listener."""

    public_url: str = ""
    max_body_bytes: int = 1 << 20
    token_minutes: int = 60
    token_key_file: str = ""


@dataclass(frozen=True, slots=True)
class VerificationConfig:
    """Signed codes (``verificationCode-1.0``): how long one may be presented after it was issued."""

    issuer: int = 1
    code_days: int = 30
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class MarkConfig:
    """Marks (verifier.md 3.1): ``token_days`` is the life of one signed statement, not of the mark. ``questions_per_second`` is
    what one place may ask the public check in each process, ten times as much at once; 0 sets no limit.
    """

    token_days: int = 7
    questions_per_second: float = 50.0
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class MonitorConfig:
    """The watch over official sites. ``vantage`` is the name of the place that this process looks from, ``vantages`` those of all places (empty: this
    one), ``rounds`` what it does here (empty: everything), ``resolvers`` validating name servers as ``address`` or ``address#port`` (empty: the
    machine's), ``ct_logs`` the certificate logs that are read (RFC 6962). ``stage`` plays canary sites on the loopback for the self-test.
    """

    enabled: bool = True
    vantage: str = "local"
    vantages: list[str] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    resolvers: list[str] = field(default_factory=list)
    ct_logs: list[str] = field(default_factory=list)
    stage: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        """All places that look."""
        return tuple(self.vantages) or (self.vantage,)


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """``registrar`` is the id of the registrar through which names are registered that agencies apply for in the portal.

    ``letter_font`` is a TrueType file that is embedded in letters; without one the reader's program sets them in its own Song.
    """

    registrar: str = "registrar-a"
    letter_font: str = ""


@dataclass(frozen=True, slots=True)
class MailConfig:
    """The relay that takes our letters; without ``host`` they wait. ``security`` is ``tls``, ``starttls`` or ``none`` (loopback)."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password_file: str = ""
    ca_file: str = ""
    sender: str = "正名 <no-reply@nic.xn--zfr164b>"


@dataclass(frozen=True, slots=True)
class DocumentConfig:
    """``scanner`` is a command with its arguments that reads a file from its standard input and answers with its exit code: 0 clean, 1 not
    (``["clamdscan", "--no-summary", "-"]``); anything else, or no answer in time, and the file is not taken. Empty: files are kept as not scanned.
    """

    scanner: list[str] = field(default_factory=list)
    scanner_seconds: float = 30.0
    uploads_at_once: int = 4
    key_file: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """The whole tree. ``data`` is absolute; ``port_base`` + 0 … + 5 are the doors of CONTRACT.md.

    ``ote`` marks an instance for operational testing and evaluation: registrars practise on it, nothing of it is real.
    """

    data: Path = Path("var")
    port_base: int = 8700
    address: str = "127.0.0.1"
    demo: bool = False
    ote: bool = False
    workers: int = 1
    log_level: str = "info"
    database: DatabaseConfig = DatabaseConfig()
    epp: EppConfig = EppConfig()
    dns: DnsConfig = field(default_factory=DnsConfig)
    whois: WhoisConfig = field(default_factory=WhoisConfig)
    probe: ProbeConfig = field(default_factory=ProbeConfig)
    web: WebConfig = WebConfig()
    portal: PortalConfig = PortalConfig()
    verification: VerificationConfig = VerificationConfig()
    mark: MarkConfig = MarkConfig()
    mail: MailConfig = MailConfig()
    document: DocumentConfig = field(default_factory=DocumentConfig)
    monitor: MonitorConfig = field(default_factory=MonitorConfig)
    sms_folder: str = ""  # where the carrier's gateway picks messages up; empty: data/sms

    @property
    def public_url(self) -> str:
        """The base of every address that we hand out, without a slash at the end."""
        return self.web.public_url.rstrip("/") or f"http://{self.address}:{self.port('web')}"

    def port(self, door: str) -> int:
        """The port of a door: ``web epp dns whois dot ops``."""
        return self.port_base + PORTS[door]

    def secret(self, name: str, configured: str = "") -> Path:
        """Where a key lies: the configured file, else one of our own under ``data/keys``."""
        return Path(configured) if configured else self.data / "keys" / name


PORTS: Mapping[str, int] = {"web": 0, "epp": 1, "dns": 2, "whois": 3, "dot": 4, "ops": 5}
ENVIRONMENT = {"data": "ZHENGMING_DATA", "database.url": "ZHENGMING_DATABASE_URL"}


def load_config(path: Path | None = None, **overrides: Any) -> Config:
    """Read file and environment, apply ``overrides`` that are not None (``data``, ``port_base``, ``demo`` …).

    Refuses with ``VALUE_INVALID`` (unknown key, wrong type, unreadable file), naming the line.
    """
    source = path or _path_from_environment()
    tree = _read(source) if source else {}
    config: Config = _build(Config, tree, "", source)
    if data := os.environ.get(ENVIRONMENT["data"]):
        config = dataclasses.replace(config, data=Path(data))
    config = dataclasses.replace(config, **{key: value for key, value in overrides.items() if value is not None})
    database = dataclasses.replace(
        config.database, url=_database_url(config.database), replica_url=_replica_url(config.database)
    )
    config = dataclasses.replace(config, data=config.data.absolute(), database=database)
    _check_bounds(config)
    return config


def _path_from_environment() -> Path | None:
    named = os.environ.get("ZHENGMING_CONFIG")
    return Path(named) if named else None


def _database_url(database: DatabaseConfig) -> str:
    if url := os.environ.get(ENVIRONMENT["database.url"]):
        return url
    if database.url_file:
        return Path(database.url_file).read_text().strip()
    return database.url


def _replica_url(database: DatabaseConfig) -> str:
    return Path(database.replica_url_file).read_text().strip() if database.replica_url_file else database.replica_url


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _wrong(f"配置文件读不到：{path}", f"the configuration file cannot be read: {error}", str(path)) from error
    if len(raw) > MAX_CONFIG_BYTES:
        raise _wrong(f"配置文件过大：{path}", f"the configuration file is over {MAX_CONFIG_BYTES} bytes", str(path))
    try:
        return tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(
            f"配置文件不是合法的 TOML：{error}", f"the configuration file is not TOML: {error}", str(path)
        ) from error


def _build(kind: type[Any], tree: Mapping[str, Any], prefix: str, source: Path | None) -> Any:
    hints = get_type_hints(kind)
    values = {}
    for key, value in tree.items():
        dotted = f"{prefix}{key}"
        if key not in hints:
            known = "、".join(sorted(hints))
            place = f"{source}:{_line_of(source, prefix, key)}"
            raise _wrong(f"{place} 没有配置项 {dotted}；可用：{known}", f"{place}: unknown key {dotted}", place)
        values[key] = _value(hints[key], value, dotted, source)
    return kind(**values)


def _value(wanted: Any, value: Any, dotted: str, source: Path | None) -> Any:
    if dataclasses.is_dataclass(wanted) and isinstance(value, dict):
        return _build(wanted, value, f"{dotted}.", source)  # type: ignore[arg-type]  # a dataclass class, not an instance
    if wanted is Path and isinstance(value, str):
        return Path(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not _fits(wanted, value):
        prefix, _, key = dotted.rpartition(".")
        place = f"{source}:{_line_of(source, prefix and prefix + '.', key)}"
        raise _wrong(f"{place} {dotted} 的类型不对", f"{place}: {dotted} must be {wanted}", place)
    return value


def _fits(wanted: Any, value: Any) -> bool:
    origin = get_origin(wanted)
    if origin is dict:
        key_type, value_type = get_args(wanted)
        return isinstance(value, dict) and all(_fits(key_type, k) and _fits(value_type, v) for k, v in value.items())
    if origin is list:
        return isinstance(value, list) and all(_fits(get_args(wanted)[0], item) for item in value)
    if origin in (Union, UnionType):
        return any(_fits(one, value) for one in get_args(wanted))
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _line_of(source: Path | None, prefix: str, key: str) -> int:
    """The line that holds the key: the last one that names it inside its table."""
    if source is None:
        return 0
    table = prefix.rstrip(".")
    current, found = "", 0
    for number, line in enumerate(source.read_text().splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            current = header[1].strip()
            if current == (f"{table}.{key}" if table else key):
                return number
        elif current == table and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            found = number
    return found


def _check_bounds(config: Config) -> None:
    highest = 65535 - max(PORTS.values())
    if not 1 <= config.port_base <= highest:
        raise _wrong(f"port_base 须在 1 到 {highest} 之间", f"port_base must be 1 to {highest}", str(config.port_base))
    if config.workers < 1:
        raise _wrong("workers 至少为 1", "workers must be at least 1", str(config.workers))


def _wrong(zh: str, en: str, value: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where="config", value=value)
