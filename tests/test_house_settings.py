"""Settings: one declaration each, values from three places, bad ones refused by name."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tenir.install.settings import Loaded, SettingsRefused, load, meanings, prepare, secret_key


def environ(tmp_path: Path, toml: str = "", **given: str) -> dict[str, str]:
    file = tmp_path / "tenir.toml"
    file.write_text(toml, "utf-8")
    return {"TENIR_CONFIG": str(file), **given}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load(environ)
    return str(refused.value)


def origin(loaded: Loaded, name: str) -> str:
    return loaded.origins[name]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_defaults_are_all_accepted_and_say_where_they_come_from(tmp_path: Path) -> None:
    loaded = load(environ(tmp_path))
    assert loaded.settings.port == 8000
    assert loaded.settings.base_url == "http://localhost:8000"
    assert set(loaded.origins.values()) == {"default"}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    loaded = load(environ(tmp_path, 'port = 9000\nhold_seconds = 3\nlog_level = "debug"\n', TENIR_PORT="9001"))
    assert (loaded.settings.port, loaded.settings.hold_seconds) == (9001, 3)
    assert origin(loaded, "TENIR_PORT") == "environment"
    assert origin(loaded, "TENIR_HOLD_SECONDS") == str(tmp_path / "tenir.toml")
    assert loaded.settings.base_url == "http://localhost:9001"


def test_a_secret_is_read_from_its_own_file_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    loaded = load(environ(tmp_path, TENIR_SECRET_KEY_FILE=str(tmp_path / "key")))
    assert loaded.settings.secret_key == "k" * 40
    row = next(row for row in loaded.rows() if row.name == "TENIR_SECRET_KEY")
    assert row.value == "(hidden)"
    assert row.origin == f"TENIR_SECRET_KEY_FILE ({tmp_path / 'key'})"
    assert "kkkk" not in str(loaded.rows())


def test_every_fault_is_named_at_once_with_what_is_accepted(tmp_path: Path) -> None:
    said = refusal(environ(tmp_path, "web_threads = 0\n", TENIR_PORT="http", TENIR_TIME_ZONE="Mars/Olympus"))
    assert "TENIR_PORT: “http” (environment) is refused. Accepted: a whole number from 1 to 65535." in said
    assert "TENIR_WEB_THREADS: “0”" in said
    assert "TENIR_TIME_ZONE: “Mars/Olympus”" in said


def test_an_unknown_name_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert "TENIR_PROT: no such setting (environment). Did you mean TENIR_PORT?" in refusal(
        environ(tmp_path, TENIR_PROT="8000")
    )
    assert "Did you mean TENIR_BASE_URL?" in refusal(environ(tmp_path, 'base_uri = "http://x"\n'))


def test_a_refused_secret_is_not_repeated_in_the_refusal(tmp_path: Path) -> None:
    said = refusal(environ(tmp_path, TENIR_SECRET_KEY="hunter2", TENIR_DATABASE="mysql://u:swordfish@h/n"))
    assert "TENIR_SECRET_KEY" in said
    assert "TENIR_DATABASE" in said
    assert "hunter2" not in said
    assert "swordfish" not in said


def test_a_value_and_its_file_together_are_refused(tmp_path: Path) -> None:
    both = environ(tmp_path, TENIR_SECRET_KEY="k" * 40, TENIR_SECRET_KEY_FILE="/nowhere")
    assert "either TENIR_SECRET_KEY or TENIR_SECRET_KEY_FILE" in refusal(both)


@pytest.mark.parametrize("name", ["TENIR_SECRET_KEY_FILE", "TENIR_CONFIG"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    assert f"{name}: /nowhere/at/all cannot be read" in refusal(environ(tmp_path) | {name: "/nowhere/at/all"})


def test_a_broken_toml_file_is_named_with_the_place_of_the_fault(tmp_path: Path) -> None:
    assert "line 1" in refusal(environ(tmp_path, "port = = 3"))


def test_refusals_speak_the_language_of_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert "Accepté\u00a0: un nombre entier de 1 à 65535." in refusal(environ(tmp_path, TENIR_PORT="x"))


@pytest.mark.parametrize(
    ("url", "engine", "name", "host"),
    [
        ("sqlite", "sqlite", "", ""),
        ("postgresql://tenir:a%2Fb@db.example:5433/desk", "postgresql", "desk", "db.example"),
        ("postgres:///desk", "postgresql", "desk", ""),
        ("postgresql://tenir@%2Frun%2Fpostgresql/desk", "postgresql", "desk", "/run/postgresql"),
    ],
)
def test_databases_are_named_by_address(tmp_path: Path, url: str, engine: str, name: str, host: str) -> None:
    database = load(environ(tmp_path, TENIR_DATABASE=url)).settings.database
    assert (database.engine, database.name, database.host) == (engine, name, host)


@pytest.mark.parametrize("bad", ["oracle://x/y", "postgresql://host", "sqlite://host/x", "postgresql://h:x/n", ""])
def test_other_databases_are_refused(tmp_path: Path, bad: str) -> None:
    assert "TENIR_DATABASE" in refusal(environ(tmp_path, TENIR_DATABASE=bad))


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = load(environ(tmp_path, TENIR_DATA_DIR=str(tmp_path / "desk"))).settings
    prepare(settings)
    key = secret_key(settings)
    prepare(settings)
    assert secret_key(settings) == key
    assert len(key) > 50
    assert stat.S_IMODE(settings.secret_key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret_key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    code = "from tenir.install.settings import *; s = current(); prepare(s); print(secret_key(s))"
    given = {**os.environ, **environ(tmp_path, TENIR_DATA_DIR=str(tmp_path / "desk"))}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=given, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_every_setting_says_what_it_is_in_both_languages() -> None:
    for name, meaning in meanings().items():
        assert meaning.english.endswith("."), name
        assert meaning.french.endswith("."), name
        assert meaning.english != meaning.french, name
