"""S1: one meeting of 30 people who each make 2 edits a second; from an edit to all the others, ours against Hocuspocus.

Prints the ratio of the 95th percentiles, in one run on this machine: the server on one core, the load on the other,
the two servers by turns. `python benchmarks/one_meeting.py [PEOPLE] [RATE] [SECONDS] [ROUNDS]`, after
`npm ci` in benchmarks/ (its database needs a compiler: npm_config_ignore_scripts=false).
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.app.driving import Meeting, Rondom, let_in, meeting_in
from tests.running import RunningRondom, free_port

HERE = Path(__file__).resolve().parent
SERVER_CORE, LOAD_CORE = {0}, {1}


def people_of(meeting: Meeting, count: int) -> list[dict[str, str]]:
    """Fill the circle up to `count` people, and return a socket on the circle's board for each."""
    circle = [meeting.sami, meeting.mama, meeting.oma]
    while len(circle) < count:
        invited = meeting.marieke.does("people", name=f"Familie {len(circle)}", role="family")["id"]
        for decider in (meeting.sami, meeting.mama):
            decider.does(f"people/{invited}/consent", answer="yes")
        meeting.marieke.does(f"people/{invited}/safety", safe=True)
        circle.append(let_in(meeting.rondom, meeting.marieke, invited))
    meeting.until("preparation")
    for person in circle[3:]:
        meeting.marieke.does(f"people/{person.id}/prepared", prepared=True)
    meeting.until("information")
    meeting.marieke.moves("begin_private_time", reason="Dit is een meting.")
    origin = meeting.rondom.origin.replace("http", "ws")
    return [{"url": f"{origin}/ws/m/{person.id}/boards/private", "cookie": person.cookie} for person in circle[:count]]


def run_load(config: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run the load program on its own core."""
    file = folder / "load.json"
    file.write_text(json.dumps(config))
    said = subprocess.run(
        ["node", HERE / "load.mjs", file],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, LOAD_CORE),
    )
    if said.returncode:
        raise SystemExit(f"The load stopped: {said.stderr[-2000:]}")
    measured: dict[str, Any] = json.loads(said.stdout)
    return measured


def ours(people: int, rate: float, seconds: float, folder: Path) -> dict[str, Any]:
    """Measure Rondom, with the scanner and durable storage on."""
    running = RunningRondom(folder / "rondom", "serve")
    running.start()
    try:
        os.sched_setaffinity(running.pid, SERVER_CORE)
        rondom = Rondom(Settings(_env_file=None, data=running.data, port=running.port))
        rondom.make_account()
        sockets = people_of(meeting_in(rondom, "circle"), people)
        return run_load({"wire": "rondom", "sockets": sockets, "rate": rate, "seconds": seconds}, folder)
    finally:
        running.stop()


def theirs(people: int, rate: float, seconds: float, folder: Path) -> dict[str, Any]:
    """Measure Hocuspocus with its SQLite extension."""
    port = free_port()
    server = subprocess.Popen(
        ["node", HERE / "hocuspocus.mjs", str(port), folder / "hocuspocus.sqlite"],
        preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORE),
    )
    time.sleep(2)
    try:
        sockets = [{"url": f"ws://127.0.0.1:{port}", "cookie": ""}] * people
        return run_load({"wire": "hocuspocus", "sockets": sockets, "rate": rate, "seconds": seconds}, folder)
    finally:
        server.kill()
        server.wait()


def main() -> None:
    """Measure both by turns, and print the ratio."""
    people, rate, seconds, rounds = (
        float(given) for given in (sys.argv[1:] + ["30", "2", "8", "3"][len(sys.argv) - 1 :])
    )
    results: dict[str, list[dict[str, Any]]] = {"rondom": [], "hocuspocus": []}
    for _ in range(int(rounds)):
        for name, measure in (("rondom", ours), ("hocuspocus", theirs)):
            with tempfile.TemporaryDirectory() as folder:
                measured = measure(int(people), rate, seconds, Path(folder))
            results[name].append(measured)
            print(f"  {name:<11} {measured}", flush=True)
    p95 = {name: statistics.median(one["p95"] for one in measured) for name, measured in results.items()}
    mine, peer = p95["rondom"], p95["hocuspocus"]
    print(f"S1 p95: ours {mine:.2f} ms, Hocuspocus {peer:.2f} ms, ratio {mine / peer:.2f}")


if __name__ == "__main__":
    main()
