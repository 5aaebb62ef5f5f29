"""The real `rondom` command in a process of its own: started, killed in the middle, and started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class RunningRondom:
    """`rondom serve` or `rondom demo` on a port and a data folder of its own."""

    def __init__(self, data: Path, command: str, *more: str, **settings: str) -> None:
        self.data = data
        self._settings = {f"RONDOM_{name.upper()}": value for name, value in settings.items()}
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        self._arguments = [command, "--port", str(self.port), "--data", str(data), *more]
        self._program = [str(Path(sys.executable).parent / "rondom")]
        self._process: subprocess.Popen[bytes] | None = None

    def take(self, migrated_file: Path) -> None:
        """Begin with a copy of a migrated database and its key."""
        self.data.mkdir(exist_ok=True)
        for file in (migrated_file, migrated_file.with_name("master.key")):
            shutil.copy(file, self.data)

    def run_with(self, before: str) -> None:
        """Do something in the process before it is Rondom, such as making a limit smaller."""
        self._program = [sys.executable, "-c", f"{before}; from app.command_line import main; main()"]

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "It is not running."
        return self._process.pid

    def start(self, seconds: float = 30) -> float:
        """Start it, and return how many seconds it took until it could be reached."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._program, *self._arguments],
                stdout=log,
                stderr=log,
                env=self._environment,
            )
        while not self._answers():
            assert self._process.poll() is None, f"It stopped: {self.log.read_text()}"
            assert time.monotonic() - began < seconds, "It cannot be reached."
            time.sleep(0.02)
        return time.monotonic() - began

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "RONDOM_ORIGIN": "", "PYTHONUNBUFFERED": "1", **self._settings}

    def refusal(self, port: int | None = None) -> str:
        """What it says when it does not start, such as on a port that is taken."""
        port = self.port if port is None else port
        arguments = [*self._arguments[:2], str(port), *self._arguments[3:]]
        said = subprocess.run(
            [*self._program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            env=self._environment,
        )
        assert said.returncode != 0
        return said.stderr

    def run(self, command: str) -> str:
        """What another command says, on the same data."""
        said = subprocess.run(
            [self._program[0], command, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env=self._environment,
        )
        return said.stdout

    def kill(self) -> None:
        """End it as a power cut would: without a word."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        self._end(signal.SIGINT)

    def ask_to_stop(self) -> None:
        """Ask it to end, as a machine that is renewed does, and do not wait for it."""
        assert self._process is not None, "It is not running."
        self._process.terminate()

    def wait(self) -> int:
        """Wait until it has ended, and return what it ended with."""
        assert self._process is not None, "It is not running."
        code = self._process.wait(timeout=20)
        self._process = None
        return code

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class RunningDemo(RunningRondom):
    """`rondom demo`, which writes the links for a program to a file once it can be reached."""

    def __init__(self, data: Path) -> None:
        self._file = data.parent / f"{data.name}.links.json"
        super().__init__(data, "demo", "--json", str(self._file))

    def start(self, seconds: float = 30) -> float:
        self._file.unlink(missing_ok=True)
        return super().start(seconds)

    @property
    def told(self) -> dict[str, Any]:
        """What it wrote."""
        told: dict[str, Any] = json.loads(self._file.read_text())
        return told

    # A port takes connections a moment before the file is written.
    def _answers(self) -> bool:
        return self._file.exists()
