"""A throw-away PostgreSQL: made by initdb in a temporary folder, run by nobody important, gone afterwards.

Standard library only, so that `scripts/with-postgres COMMAND...` can run it as a file.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWNER, APPLICATION, DATABASE = "plumbline_owner", "plumbline_app", "plumbline"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # a test's server may lose everything


@dataclass(frozen=True)
class Server:
    """Where the server listens, and the two roles' addresses of its empty database."""

    folder: Path
    port: int
    url: str
    owner_url: str


def programs() -> Path:
    """Return the folder of the newest PostgreSQL installed; LookupError says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise LookupError("PostgreSQL's initdb was not found: scripts/debian-packages test installs it")


def _runner() -> dict:
    """Return how to start PostgreSQL's programs: they refuse to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise LookupError("root cannot run PostgreSQL, and there is no user postgres or nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def throwaway(durable: bool = False) -> Iterator[Server]:
    """Run a server for as long as the block lasts; `durable` keeps fsync on, for measurements and faults."""
    bin_, runner = programs(), _runner()
    folder = Path(tempfile.mkdtemp(prefix="plumbline-postgres-"))
    if runner:
        os.chown(folder, runner["user"], runner["group"])
    port = _free_port()

    def run(*command: str, **more) -> None:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **runner, **more)
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr or done.stdout}")

    # Trust holds for the socket only, and that lies in a folder nobody else may enter.
    run(f"{bin_}/initdb", "-D", f"{folder}/data", "-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 80}
    settings |= {"shared_buffers": "128MB"} | ({} if durable else FAST)
    with (folder / "data/postgresql.conf").open("a") as configuration:
        configuration.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    try:
        run(f"{bin_}/pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "start", stdin=subprocess.DEVNULL)
        passwords = {role: secrets.token_hex(8) for role in (OWNER, APPLICATION)}
        run(f"{bin_}/psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(folder), "-p", str(port), "-U", "postgres",
            "-c", f"CREATE ROLE {APPLICATION} LOGIN PASSWORD '{passwords[APPLICATION]}'",
            "-c", f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}' IN ROLE {APPLICATION}",
            "-c", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")  # fmt: skip
        address = f"@127.0.0.1:{port}/{DATABASE}"
        yield Server(
            folder,
            port,
            f"postgresql://{APPLICATION}:{passwords[APPLICATION]}{address}",
            f"postgresql://{OWNER}:{passwords[OWNER]}{address}",
        )
    finally:
        with contextlib.suppress(RuntimeError):  # it never started
            run(f"{bin_}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run a command beside a throw-away server and answer with the command's exit code."""
    durable = arguments[:1] == ["--durable"]
    command = arguments[durable:]
    if not command:
        print("usage: with-postgres [--durable] COMMAND...", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with throwaway(durable) as server:
            told = {"PLUMBLINE_DATABASE_URL": server.url, "PLUMBLINE_DATABASE_OWNER_URL": server.owner_url}
            return subprocess.run(command, env=os.environ | told).returncode
    except LookupError as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
