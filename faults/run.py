"""`make faults`: every experiment, and for each the run without protection, which must lose.

ROUNDS power cuts (20) and KILLS kills (100) unless told otherwise.
"""

import os
import subprocess
import sys
from pathlib import Path

from faults import LOST

ROUNDS, KILLS = os.environ.get("ROUNDS", "20"), os.environ.get("KILLS", "100")
PYTHON, ROOT = sys.executable, Path(__file__).parents[1]
POSTGRES = str(ROOT / "scripts/with-postgres")
EXPERIMENTS = [  # (what, command, whether it must lose)
    ("power cuts on SQLite, synchronous=FULL", [PYTHON, "-m", "faults.power_cuts", "FULL", ROUNDS], False),
    ("the same with synchronous=NORMAL", [PYTHON, "-m", "faults.power_cuts", "NORMAL", ROUNDS], True),
    ("kill -9 on SQLite", [PYTHON, "-m", "faults.kills", KILLS], False),
    ("kill -9 on PostgreSQL", [POSTGRES, PYTHON, "-m", "faults.kills", KILLS], False),
    ("the same, acknowledging before it is true", [PYTHON, "-m", "faults.kills", KILLS, "early"], True),
]


def main() -> int:
    """Run them in turn and say of each whether it came out as it must."""
    if os.geteuid() != 0:
        print("make faults needs root: it mounts a disk of its own to cut its power", file=sys.stderr)
        return 1
    passed = 0
    told = {name: value for name, value in os.environ.items() if not name.startswith("PLUMBLINE_")}
    for title, command, must_lose in EXPERIMENTS:
        print(f"== {title}{' (must lose)' if must_lose else ''}", flush=True)
        right = subprocess.run(command, cwd=ROOT, env=told).returncode == (LOST if must_lose else 0)
        passed += right
        print("   as it must be" if right else "   FAILED", flush=True)
    print(f"{passed} passed, {len(EXPERIMENTS) - passed} failed")
    return 0 if passed == len(EXPERIMENTS) else 1


if __name__ == "__main__":
    sys.exit(main())
