"""A desk for benchmarks: its own folder, either database, prepared from nothing, never anybody's real desk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def set_up(folder: Path, database: str = "sqlite", **more: str) -> dict[str, str]:
    """Sets this process (and those that it starts) on the desk in `folder`, brings its database to this version and
    sets Django up; the environment that says so. Call it once, before anything of Tenir is imported."""
    for name in [name for name in os.environ if name.startswith(("TENIR_", "DJANGO_"))]:
        del os.environ[name]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tenir.toml").touch()
    os.environ |= {
        "TENIR_CONFIG": str(folder / "tenir.toml"),
        "TENIR_DATA_DIR": str(folder / "desk"),
        "TENIR_DATABASE": database,
        "TENIR_LOG_LEVEL": "error",
        **more,
    }
    from tenir.install import cli
    from tenir.install.migrate import migrate
    from tenir.install.words import compile_all

    compile_all()
    refusal = cli.make_ready("bench")
    if refusal:
        raise SystemExit(refusal)
    migrate()
    return dict(os.environ)


@contextmanager
def copy_of(folder: Path) -> Iterator[Path]:
    """A throw-away copy of a generated desk, for what writes."""
    home = Path(tempfile.mkdtemp(prefix="tenir-bench-", dir=folder.parent))
    try:
        shutil.copytree(folder, home / "desk", dirs_exist_ok=True)
        yield home / "desk"
    finally:
        shutil.rmtree(home, ignore_errors=True)
