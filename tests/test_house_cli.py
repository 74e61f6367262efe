"""The `tenir` command: quick, in the user's language, and whole even when a part is missing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tenir.install import cli


def tenir(
    *arguments: str, environ: dict[str, str], given: bytes = b"", language: str = "C.UTF-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tenir", *arguments],
        env=environ | {"LANG": language},
        input=given.decode(),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_lists_every_command_in_both_languages_without_loading_django(desk_environ: dict[str, str]) -> None:
    english = tenir("--help", environ=desk_environ)
    french = tenir("--help", environ=desk_environ, language="fr_FR.UTF-8")
    assert (english.returncode, french.returncode) == (0, 0)
    for name in cli.COMMANDS:
        assert f"  {name} " in english.stdout
    assert "démarrer tout le service" in french.stdout
    probe = "import sys; from tenir.install import cli; cli.run(['--help']); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], env=desk_environ, capture_output=True).returncode == 0


def test_the_supervisor_stays_small(desk_environ: dict[str, str]) -> None:
    probe = (
        "import sys, tenir.install.serve; print([n for n in ('django', 'asyncio', 'structlog') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", probe], env=desk_environ, capture_output=True).stdout == b"[]\n"


def test_an_unknown_command_is_refused_with_a_guess(desk_environ: dict[str, str]) -> None:
    answer = tenir("serv", environ=desk_environ)
    assert answer.returncode == cli.EXIT_USAGE
    assert "Did you mean “serve”?" in answer.stderr


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_of_the_table_is_there_and_explains_itself(name: str, desk_environ: dict[str, str]) -> None:
    answer = tenir(name, "--help", environ=desk_environ)
    assert answer.returncode == 0, answer.stderr
    assert f"tenir {name}" in answer.stdout
    assert not Path(desk_environ["TENIR_DATA_DIR"]).exists()


def test_a_command_whose_module_is_missing_breaks_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = cli.Command("tenir.install.gone:main", cli.Needs.NOTHING, "go", "partir")
    monkeypatch.setitem(cli.COMMANDS, "gone", gone)
    monkeypatch.setenv("LC_ALL", "C")
    assert cli.run(["gone"]) == cli.EXIT_MISSING
    assert "not part of this installation" in capsys.readouterr().err
    assert cli.run(["version"]) == 0


def test_refused_settings_end_the_command_by_name(desk_environ: dict[str, str]) -> None:
    answer = tenir("migrate", environ=desk_environ | {"TENIR_PORT": "many", "TENIR_PROT": "1"})
    assert answer.returncode == cli.EXIT_CONFIGURATION
    assert "TENIR_PORT: “many”" in answer.stderr
    assert "Did you mean TENIR_PORT?" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_settings_are_listed_with_their_origin_and_secrets_hidden(desk_environ: dict[str, str]) -> None:
    key = "a-secret-of-more-than-thirty-two-characters"
    answer = tenir("settings", "--json", environ=desk_environ | {"TENIR_SECRET_KEY": key})
    rows = {row["name"]: row for row in json.loads(answer.stdout)}
    assert rows["TENIR_PORT"]["value"] == desk_environ["TENIR_PORT"]
    assert rows["TENIR_PORT"]["origin"] == "environment"
    assert rows["TENIR_HOLD_SECONDS"]["origin"] == "default"
    assert rows["TENIR_SECRET_KEY"]["value"] == "(hidden)"
    assert key not in tenir("settings", environ=desk_environ | {"TENIR_SECRET_KEY": key}).stdout


def test_a_reader_that_leaves_early_is_no_error(desk_environ: dict[str, str]) -> None:
    answer = subprocess.run(
        f"{sys.executable} -m tenir settings | head -1", shell=True, env=desk_environ, capture_output=True
    )
    assert answer.stderr == b""


def test_version_names_what_matters_in_a_report_of_a_fault(desk_environ: dict[str, str]) -> None:
    said = tenir("version", environ=desk_environ).stdout
    assert said.startswith("Tenir 0.")
    assert "Python 3." in said


def test_migrate_can_be_repeated_and_a_process_refuses_a_database_that_is_behind(
    desk_environ: dict[str, str],
) -> None:
    behind = tenir("work", environ=desk_environ)
    assert behind.returncode == cli.EXIT_CONFIGURATION
    assert "run “tenir migrate” first" in behind.stderr
    first, second = tenir("migrate", environ=desk_environ), tenir("migrate", environ=desk_environ)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "(0 steps done)" not in first.stdout
    assert "(0 steps done)" in second.stdout


def test_a_database_that_does_not_answer_is_said_in_words(desk_environ: dict[str, str]) -> None:
    answer = tenir("migrate", environ=desk_environ | {"TENIR_DATABASE": "postgresql://nobody@127.0.0.1:9/x"})
    assert answer.returncode == cli.EXIT_LATER
    assert "The database does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_read_only_disk_is_said_in_words(desk_environ: dict[str, str]) -> None:
    answer = tenir("migrate", environ=desk_environ | {"TENIR_DATA_DIR": "/proc/tenir"})
    assert answer.returncode == cli.EXIT_CONFIGURATION
    assert "/proc/tenir cannot be used" in answer.stderr


def test_read_prints_what_was_understood_of_a_mail(desk_environ: dict[str, str]) -> None:
    mail = b"From: Emile <emile@client.example>\r\nSubject: Le couvercle\r\n\r\nBonjour, il manque le couvercle.\r\n"
    answer = tenir("read", environ=desk_environ, given=mail)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["subject"] == "Le couvercle"
