"""Simulated power cuts under SQLite: a file system that drops what was not synced, while three writers write.

python -m faults.power_cuts FULL|NORMAL ROUNDS    (root; ext4 in a file, loop-mounted)
"""

import fcntl
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from faults import verdict

SHUTDOWN, WITHOUT_FLUSH = 0x8004587D, (2).to_bytes(4, sys.byteorder)  # FS_IOC_SHUTDOWN and its flag, linux/fs.h
IMAGE = 400 * 1024 * 1024  # bytes


def _run(*command: str) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


class Disk:
    """A small disk that can lose its power."""

    def __init__(self, folder: Path) -> None:
        self.image, self.place = folder / "image", folder / "disk"
        self.place.mkdir()
        with self.image.open("wb") as image:
            image.truncate(IMAGE)

    def format(self) -> None:
        """Begin with an empty disk."""
        self.remove()
        if not _run("mkfs.ext4", "-q", "-F", str(self.image)):
            raise RuntimeError("mkfs.ext4 failed: scripts/debian-packages faults installs it")
        self.mount()

    def mount(self) -> None:
        """Mount it; after a cut this replays the file system's journal."""
        if not _run("mount", "-o", "loop", str(self.image), str(self.place)):
            raise RuntimeError("the image cannot be mounted: this needs root and loop devices")

    def cut(self) -> None:
        """Lose the power: what was not synced is gone."""
        descriptor = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_FLUSH)
        os.close(descriptor)

    def remove(self) -> None:
        """Unmount, as soon as nobody holds a file any more."""
        while os.path.ismount(self.place) and not _run("umount", str(self.place)):
            time.sleep(0.05)


def _round(disk: Disk, template: Path, acknowledged: Path, seconds: float) -> Any:
    """Let three writers write, lose the power in the middle, and look what is left."""
    from faults import writers

    disk.format()
    shutil.copytree(template, disk.place / "data")
    os.sync()
    acknowledged.write_text("")
    processes = [writers.started(name, acknowledged) for name in range(3)]
    writers.one_more(acknowledged)
    time.sleep(seconds)
    writers.frozen(processes)
    disk.cut()
    for process in processes:
        process.kill()
        process.join()
    disk.remove()
    disk.mount()
    return writers.examined(acknowledged, disk.image.parent)


def experiment(folder: Path, rounds: int) -> int:
    """Cut the power again and again; tells on standard output and returns the exit code."""
    from faults import writers

    disk, template, acknowledged = Disk(folder), folder / "template", folder / "acknowledged"
    random_ = random.Random(7)
    total = lost = spoilt = 0
    try:
        disk.format()
        writers.migrate()
        writers.apart(writers.begin)
        shutil.copytree(disk.place / "data", template)
        for number in range(rounds):
            found = _round(disk, template, acknowledged, random_.uniform(0.0, 2.0))
            total, lost = total + found.acknowledged, lost + found.lost
            spoilt += found.spoilt + len(found.problems)
            for problem in found.problems:
                print(f"  round {number}: {problem}")
    finally:
        disk.remove()
    mode = os.environ["PLUMBLINE_SQLITE_SYNCHRONOUS"]
    print(f"synchronous={mode}: {rounds} power cuts, {total} acknowledged, {lost} lost, {spoilt} spoilt", flush=True)
    return verdict(total >= rounds, lost, spoilt)


def main(mode: str, rounds: int) -> int:
    """Run one experiment in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="plumbline-cuts-") as folder:
        os.environ |= {"PLUMBLINE_DATA": f"{folder}/disk/data", "PLUMBLINE_SECRET": "only for this experiment"}
        os.environ |= {"PLUMBLINE_SQLITE_SYNCHRONOUS": mode, "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
        return experiment(Path(folder), rounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
