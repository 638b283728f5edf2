"""What a run prints, and how it fails."""

import sys
import time

STARTED = time.monotonic()


def say(line):
    print(f"{time.monotonic() - STARTED:6.1f} s  {line}", flush=True)


def fail(line):
    sys.exit(f"error: {line}")


def expect(what, seen, wanted):
    """Prints a line, or ends the run if both differ."""
    if seen != wanted:
        fail(f"{what}: {seen}, and not {wanted}")
    say(f"{seen}  {what}")
