"""How things are measured: what the product does and its bare limit take turns, so that a busy machine slows both.

Wall time is what a person waits; processor time is what the machine really spends, and moves much less when others
work beside. Of each: median and 95th centile.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Action = Callable[[int], object]


@dataclass(frozen=True)
class Spent:
    """Milliseconds of wall and processor time of one thing done many times.

    On a machine that others use as well, even processor time swells (caches, shared cores): `cpu_best_ms` is the least
    that was ever spent, and comes nearest to what a machine of its own would show.
    """

    times: int
    median_ms: float
    p95_ms: float
    cpu_median_ms: float
    cpu_p95_ms: float
    cpu_best_ms: float

    @property
    def per_second(self) -> float:
        return 1000 / self.median_ms if self.median_ms else 0.0


@dataclass
class Measure:
    """One line of the report: the product, its bare limit where there is one, and what it is held against."""

    name: str
    ours: Spent | None = None
    bare: Spent | None = None
    value: float | None = None
    unit: str = "ms"
    target: str = ""
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times the bare limit's processor time the product spends."""
        if self.ours is None or self.bare is None or not self.bare.cpu_median_ms:
            return None
        return self.ours.cpu_median_ms / self.bare.cpu_median_ms

    @property
    def wall_ratio(self) -> float | None:
        if self.ours is None or self.bare is None or not self.bare.median_ms:
            return None
        return self.ours.median_ms / self.bare.median_ms

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "wall_ratio": self.wall_ratio}


def spent(wall: Sequence[float], cpu: Sequence[float]) -> Spent:
    return Spent(
        len(wall),
        statistics.median(wall) * 1000,
        _centile(wall, 0.95) * 1000,
        statistics.median(cpu) * 1000,
        _centile(cpu, 0.95) * 1000,
        min(cpu) * 1000,
    )


def _centile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))]


def side_by_side(ours: Action, bare: Action | None = None, *, times: int, warm: int = 5) -> tuple[Spent, Spent | None]:
    """Does both `times` times, taking turns, after some that are not counted. Each gets the number of the turn."""
    taken: dict[str, tuple[list[float], list[float]]] = {"ours": ([], []), "bare": ([], [])}
    actions = {"ours": ours} | ({"bare": bare} if bare else {})
    gc.collect()
    gc.disable()
    try:
        for turn in range(-warm, times):
            for name, action in actions.items():
                cpu, wall = time.process_time(), time.perf_counter()
                action(turn)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                if turn >= 0:
                    taken[name][0].append(wall)
                    taken[name][1].append(cpu)
    finally:
        gc.enable()
    return spent(*taken["ours"]), spent(*taken["bare"]) if bare else None


# --- The same statements, bare ---------------------------------------------------------------------------------------


Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every statement that this thread sends to the database inside, with its values."""
    from django.db import connection

    seen: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def bare_cursor() -> Any:
    """A cursor of the database's own driver, with the desk's own settings of the connection."""
    from django.db import connection

    connection.ensure_connection()
    return connection.connection.cursor()


def for_driver(sql: str, params: Any) -> tuple[str, Any]:
    """A statement of Django's and its values as the driver takes them."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return sql, params
    from django.db.backends.sqlite3.base import SQLiteCursorWrapper

    names = list(params) if isinstance(params, Mapping) else None
    cursor = connection.connection.cursor(factory=SQLiteCursorWrapper)
    return cursor.convert_query(sql, param_names=names), params or ()


def replay(seen: Sequence[Statement]) -> Action:
    """A function that sends these reading statements again and fetches every row: the least that the page can cost."""
    cursor = bare_cursor()
    reading = [(sql, params) for sql, params in seen if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    prepared = [for_driver(sql, params) for sql, params in reading]

    def send(_turn: int) -> None:
        for sql, params in prepared:
            cursor.execute(sql, params)
            cursor.fetchall()

    return send


# --- Memory --------------------------------------------------------------------------------------------------------


def pss_mib(*pids: int) -> float:
    """The memory of processes and all their children, each shared page counted in parts (PSS), in MiB."""
    total = 0
    for pid in _with_children(pids):
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue  # it ended meanwhile
    return total / 1024


def _with_children(pids: Sequence[int]) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], list(pids)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found


def write(path: Path, measures: Sequence[Measure], **about: Any) -> None:
    """The measures and what they were taken on, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(about | {"measures": [m.as_dict() for m in measures]}, indent=1, ensure_ascii=False))
