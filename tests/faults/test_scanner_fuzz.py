"""No bytes break the scanner: a fuzzer that sees which lines it reaches looks for some."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pycrdt import Array, Doc, Map, Text

from tests.hostile_updates import LACKING, REFUSED
from tests.seeds import rounds, seeded

SECONDS = rounds("RONDOM_FUZZ_SECONDS", 10)


@pytest.mark.timeout(60 + SECONDS)
def test_whatever_the_bytes_the_scanner_reads_them_or_refuses_them(tmp_path: Path):
    seed = seeded("fuzzer").randrange(1, 2**31)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, update in enumerate([*_real_updates(), *_hostile_updates()]):
        (corpus / str(number)).write_bytes(update)
    said = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.fuzz_scanner",
            corpus,
            f"-seed={seed}",
            f"-max_total_time={SECONDS}",
            "-timeout=5",
            "-rss_limit_mb=1024",
            f"-artifact_prefix={tmp_path}/",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert said.returncode == 0, said.stdout[-1000:] + said.stderr[-3000:]
    assert "Done " in said.stderr, said.stderr[-3000:]


def _real_updates() -> list[bytes]:
    document: Doc[Map] = Doc()
    states = []
    rows = document.get("agreements", type=Map)
    for number in range(5):
        before = document.get_state()
        rows[f"rij{number}"] = Map({"order": "a0", "what": Text("haalt Sami op 🙂"), "who": Map({"oma": True})})
        what: Text = rows[f"rij{number}"]["what"]
        what += " en جدتي"
        del what[0:5]
        rows[f"rij{number}"]["list"] = Array([1, 2.5, None, "x", True])
        states += [document.get_update(before), document.get_update()]
    return states


def _hostile_updates() -> list[bytes]:
    return [*REFUSED.values(), *LACKING.values()]
