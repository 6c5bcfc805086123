"""Configuration: safe when absent, refused when misspelt."""

from pathlib import Path

import pytest

from registry.kernel.config import Config, load_config
from registry.kernel.errors import Refusal


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "zhengming.toml"
    path.write_text(text)
    return path


def test_without_a_file_everything_listens_on_loopback_only() -> None:
    """A registry that was started without configuration is reachable by nobody else and is no demo."""
    config = load_config()

    assert (config.address, config.port("web"), config.port("ops"), config.demo) == ("127.0.0.1", 8700, 8705, False)
    assert config.data.is_absolute()


def test_a_file_sets_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    """Fields of nested tables are typed; whole numbers serve where a length in seconds is asked for."""
    config = load_config(
        write(
            tmp_path,
            'port_base = 9000\n[epp]\nidle_seconds = 30\n[dns]\nttl = 60\nname_servers = {"ns1.a" = ["192.0.2.1"]}\n',
        )
    )

    assert (config.port("epp"), config.epp.idle_seconds, config.dns.ttl) == (9001, 30.0, 60)
    assert config.dns.name_servers == {"ns1.a": ["192.0.2.1"]}
    assert config.whois == Config().whois


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("port_base = 9000\nport_bse = 1\n", ":2"),
        ("\n[epp]\nidle_seconds = 3\n\nidle_secnds = 30\n", ":5"),
        ("[eppp]\nx = 1\n", ":1"),
        ("[dns]\nttl = 'long'\n", ":2"),
        ("port_base = true\n", ":1"),
    ],
)
def test_an_unknown_key_or_wrong_type_is_refused_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    """A misspelt limit is not silently ignored: the refusal names file and line in both languages."""
    path = write(tmp_path, text)
    with pytest.raises(Refusal) as refused:
        load_config(path)

    assert f"{path}{place}" in refused.value.text.en
    assert f"{path}{place}" in refused.value.text.zh


@pytest.mark.parametrize("text", ["port_base = ", "\x00", "port_base = 99999", "workers = 0"])
def test_a_broken_file_is_a_refusal_and_no_traceback(tmp_path: Path, text: str) -> None:
    """Broken TOML and values out of bounds are said in two languages."""
    with pytest.raises(Refusal):
        load_config(write(tmp_path, text))


def test_the_command_line_stands_above_environment_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Precedence: command line, environment, file, default."""
    path = write(tmp_path, f'data = "{tmp_path}/file"\nport_base = 9000\n')
    monkeypatch.setenv("ZHENGMING_DATA", f"{tmp_path}/environment")
    monkeypatch.setenv("ZHENGMING_DATABASE_URL", "postgresql://elsewhere/db")

    assert load_config(path).data == tmp_path / "environment"
    assert load_config(path).database.url == "postgresql://elsewhere/db"
    assert load_config(path, data=tmp_path / "line", port_base=7000).data == tmp_path / "line"


def test_a_secret_is_named_by_file(tmp_path: Path) -> None:
    """The database URL, which may hold a password, is read from the file that the configuration names."""
    (tmp_path / "url").write_text("postgresql://u:p@h/d\n")

    assert (
        load_config(write(tmp_path, f'[database]\nurl_file = "{tmp_path}/url"\n')).database.url
        == "postgresql://u:p@h/d"
    )
