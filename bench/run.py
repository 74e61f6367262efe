"""Runs every benchmark and writes the table: `make bench`, or

    python -m bench.run [--sizes 10000,100000,1000000] [--databases sqlite,postgresql] [--only reading,writing,…]

Desks are made once under var/bench and used again while neither the tables nor the generator change. Results go to
bench/results: one JSON file a run, and `table.md`.
"""

import argparse
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.desk import ROOT, copy_of, set_up

PARTS = ("reading", "writing", "running", "live", "hearing")
RESULTS = ROOT / "bench" / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--databases", default="sqlite")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--part", nargs=2, metavar=("PART", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--desk", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--address", default="sqlite", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        _part(options.part[0], Path(options.part[1]), options.desk, options.address)
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    only = options.only.split(",")
    for database in options.databases.split(","):
        with _server(database, options.folder) as server:
            for size in map(int, options.sizes.split(",")):
                _measure(database, server, size, options.folder, only)
    print(table())


# --- One desk --------------------------------------------------------------------------------------------------------


def _measure(database: str, server: str, size: int, folder: Path, only: list[str]) -> None:
    home, address = _desk(database, server, size, folder)
    for part in PARTS:
        if part not in only or (part == "live" and size != 10_000):
            continue  # how many cases there are is nothing to those who listen
        out = RESULTS / f"{database}-{size}-{part}.json"
        print(f"{database}, {size} cases: {part}", flush=True)
        with _place(part, home, address, server) as (where, at):
            _run("-m", "bench.run", "--part", part, str(out), "--desk", str(where), "--address", at)


@contextlib.contextmanager
def _place(part: str, home: Path, address: str, server: str) -> Iterator[tuple[Path, str]]:
    """Where a part is measured: what writes gets a copy, so that the next run finds the same desk."""
    if part in ("reading", "hearing"):
        yield home, address
    elif part == "live":
        empty = home.parent / "live"
        shutil.rmtree(empty, ignore_errors=True)
        yield empty, "sqlite" if address == "sqlite" else _database(server, "live")
    elif address == "sqlite":
        with copy_of(home) as copy:
            yield copy, address
    else:
        name = address.rpartition("/")[2]
        yield home, _database(server, f"{name}_copy", template=name)


def _part(part: str, out: Path, home: Path, address: str) -> None:
    """One part, in a process of its own: nothing that another left in memory weighs on it."""
    set_up(home, address)
    from bench import hearing, reading, running, writing
    from bench.measure import write

    road = {"reading": reading.run, "writing": writing.run, "running": running.run, "live": running.live,
            "hearing": hearing.run}[part]  # fmt: skip
    write(out, road(), part=part, **_about())


def _about() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "commit": commit.stdout.strip(),
    }


# --- Desks that are made once ----------------------------------------------------------------------------------------


def _desk(database: str, server: str, size: int, folder: Path) -> tuple[Path, str]:
    home = folder / f"{database}-{size}"
    address = "sqlite" if database == "sqlite" else _database(server, f"bench_{size}", keep=True)
    stamp = home / "made-by"
    if not stamp.exists() or stamp.read_text() != _fingerprint():
        shutil.rmtree(home, ignore_errors=True)
        if database != "sqlite":
            address = _database(server, f"bench_{size}")
        _run("-m", "bench.generate", str(home), str(size), "--database", address)
        stamp.write_text(_fingerprint())
    return home, address


def _fingerprint() -> str:
    """Changes with the tables and with the generator."""
    digest = hashlib.sha256()
    made_by = [ROOT / "bench" / "generate.py", ROOT / "bench" / "corpus.py", ROOT / "src/tenir/cases/fulltext.py"]
    for path in sorted([*made_by, *ROOT.glob("src/tenir/**/migrations/*.py"), *ROOT.glob("src/tenir/text/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _server(database: str, folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own that waits for the disk as a real one does; nothing for SQLite."""
    if database == "sqlite":
        yield ""
        return
    from tests.postgres_cluster import cluster

    # Its data goes with it: desks in it do not outlive the run.
    for home in folder.glob("postgresql-*"):
        shutil.rmtree(home)
    with cluster(durable=True) as address:
        yield address


def _database(server: str, name: str, *, template: str = "", keep: bool = False) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if exists and not keep:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type,unused-ignore]
        if not (exists and keep):
            source = f" TEMPLATE {template}" if template else ""
            connection.execute(f"CREATE DATABASE {name}{source}")  # type: ignore[arg-type,unused-ignore]
    return f"{server.rpartition('/')[0]}/{name}"


def _run(*arguments: str) -> None:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, check=True)


# --- The table -------------------------------------------------------------------------------------------------------


def table() -> str:
    """Everything measured so far, as a Markdown table; also written to bench/results/table.md."""
    lines = [
        "| desk | what | median ms | p95 ms | CPU ms (least) | bare CPU ms | times bare (CPU / wall) | target |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for path in sorted(RESULTS.glob("*-*-*.json"), key=lambda path: (path.stem.split("-")[0], _size(path), path.stem)):
        told = json.loads(path.read_text())
        database, size, _part = path.stem.split("-")
        lines += [_line(f"{database} {int(size):,}".replace(",", " "), one) for one in told["measures"]]
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "table.md").write_text(text)
    return text


def _size(path: Path) -> int:
    return int(path.stem.split("-")[1])


def _line(desk: str, one: dict[str, Any]) -> str:
    ours, bare = one["ours"], one["bare"]
    if ours is None:
        value = f"{one['value']:.1f} {one['unit']}"
        return f"| {desk} | {one['name']} | **{value}** | | | | | {one['target']} |"
    cpu = f"{ours['cpu_median_ms']:.1f} ({ours['cpu_best_ms']:.1f})" if ours["cpu_median_ms"] else ""
    limit = f"{bare['cpu_median_ms']:.2f}" if bare else ""
    ratio = f"{one['ratio']:.1f} / {one['wall_ratio']:.1f}" if one["ratio"] else ""
    return (
        f"| {desk} | {one['name']} | {ours['median_ms']:.1f} | {ours['p95_ms']:.1f} | {cpu} | {limit} | {ratio} "
        f"| {one['target']} |"
    )


if __name__ == "__main__":
    main()
