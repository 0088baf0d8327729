"""Run as its own program: puts itself under limits and becomes the program that it is given.

A server of several threads must not run code of its own between fork and exec, so the limits are set in here.
Arguments: bytes of memory, seconds of processor time, bytes of a file it writes, then the command.
"""

import contextlib
import os
import sys


def limit(memory: int, seconds: int, written: int) -> None:
    """Bound memory, processor time and what is written where the system can; children are bound likewise."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit(*(int(argument) for argument in sys.argv[1:4]))
    os.execvp(sys.argv[4], sys.argv[4:])
