"""A throw-away PostgreSQL: its own folder, its own port on loopback, gone after the tests."""

import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

#: A lost cluster costs nothing here, so nothing waits for the disk.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 64MB
log_min_messages = fatal
"""


def program(name: str) -> str:
    """The path of a PostgreSQL program; Debian keeps them out of PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(places[0]) if places else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: apt-get install postgresql")
    return found


def _as_owner() -> list[str]:
    """PostgreSQL refuses to run as root: root starts it as the user `postgres`."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int

    @classmethod
    def start(cls, folder: Path) -> "Cluster":
        """Make and start a cluster in `folder`, with an empty database `tenir`."""
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            for parent in (folder, folder.parent):
                parent.chmod(parent.stat().st_mode | 0o111)
        _run(
            "initdb", "-D", str(folder), "-U", "tenir", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        with (folder / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
        cluster = cls(folder, _free_port())
        _run(
            "pg_ctl", "-D", str(folder), "-o", f"-p {cluster.port}", "-l", str(folder / "log"), "-w", "start"
        )
        cluster.create("tenir")
        return cluster

    def create(self, name: str) -> str:
        """An empty database more; its address."""
        _run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "tenir", name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://tenir@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        _run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")


def _run(name: str, *arguments: str) -> None:
    subprocess.run(
        [*_as_owner(), program(name), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
