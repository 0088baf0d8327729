"""kill -9, again and again, at writers in the middle of creating and uploading.

python -m faults.kills KILLS [early]    (on the database of PLUMBLINE_DATABASE_URL, else SQLite)
"""

import os
import random
import sys
import tempfile
import time
from pathlib import Path

from faults import verdict


def experiment(folder: Path, kills: int, early: bool) -> int:
    """Kill one of three writers at a random moment and start another, many times; returns the exit code."""
    from faults import writers

    acknowledged, random_ = folder / "acknowledged", random.Random(11)
    acknowledged.write_text("")
    writers.migrate()
    writers.apart(writers.begin)
    processes = [writers.started(name, acknowledged, early) for name in range(3)]
    for number in range(kills):
        writers.one_more(acknowledged)
        time.sleep(random_.uniform(0.0, 0.4))
        victim = random_.randrange(3)
        processes[victim].kill()
        processes[victim].join()
        processes[victim] = writers.started(3 + number, acknowledged, early)
    time.sleep(1)
    for process in processes:
        process.kill()
        process.join()
    found = writers.examined(acknowledged, folder)
    for problem in found.problems:
        print(f"  {problem}")
    said = "acknowledged early" if early else "acknowledged once kept"
    print(f"{kills} kills, {said}: {found.acknowledged} records, {found.lost} lost, {found.spoilt} spoilt", flush=True)
    return verdict(found.acknowledged >= kills, found.lost, found.spoilt + len(found.problems))


def main(kills: int, early: bool) -> int:
    """Run one experiment in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="plumbline-kills-") as folder:
        os.environ |= {"PLUMBLINE_DATA": f"{folder}/data", "PLUMBLINE_SECRET": "only for this experiment"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "plumbline.config.settings"
        return experiment(Path(folder), kills, early)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:] == ["early"]))
