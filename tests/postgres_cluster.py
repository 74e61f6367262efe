"""A throw-away PostgreSQL: its own folder, its own port on loopback, gone after the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

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


def new_database(server: str, name: str) -> str:
    """An empty database more on the server of this address; the new one's address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')  # type: ignore[arg-type,unused-ignore]
    return server.rpartition("/")[0] + "/" + name


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Make and start a cluster; the address of its empty database `tenir`. With `durable`, it survives its own death.

    Root starts it as the user `postgres`, since PostgreSQL refuses to run as root.
    """
    home = Path(tempfile.mkdtemp(prefix="tenir-postgresql-"))
    folder = home / "data"
    folder.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        home.chmod(0o711)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        _run("initdb", "-D", str(folder), "-U", "tenir", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        configuration = CONFIGURATION.replace(" = off", " = on") if durable else CONFIGURATION
        with (folder / "postgresql.conf").open("a") as file:
            file.write(configuration)
        port = _free_port()
        _run("pg_ctl", "-D", str(folder), "-o", f"-p {port}", "-l", str(folder / "log"), "-w", "start")
        try:
            yield new_database(f"postgresql://tenir@127.0.0.1:{port}/postgres", "tenir")
        finally:
            _run("pg_ctl", "-D", str(folder), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _program(name: str) -> str:
    """The path of a PostgreSQL program; Debian keeps them out of PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(places[0]) if places else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed: apt-get install postgresql")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(name: str, *arguments: str) -> None:
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    subprocess.run(
        [*(as_postgres if os.geteuid() == 0 else []), _program(name), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
