"""Feeds the scanner and the ledger bytes that were never an update, and updates that were bent: a program, run by
test_scanner_fuzz.py, because the fuzzer ends its process.

    python -m tests.faults.fuzz_scanner FOLDER_WITH_SEEDS -runs=N -seed=N
"""

import sys

import atheris

with atheris.instrument_imports():
    from meetings.boards import ledger, scanner

ROOTS = frozenset({"agreements", "notes", "review"})


def feed(content: bytes) -> None:
    """Whatever the bytes: an update, or Refused, or Lacking. Any other exception ends the fuzzer with a report."""
    try:
        scanned = scanner.scan(content)
        judging = ledger.Ledger(ROOTS)
        judging.take_up(judging.judge(scanned, "oma"), "oma")
    except (scanner.Refused, ledger.Lacking):
        pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, feed)
    atheris.Fuzz()
