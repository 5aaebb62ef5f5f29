"""The `rondom` command."""

import asyncio
import gc
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from uvicorn.supervisors import Multiprocess

from app.demo import prepare_demo
from app.live.guard import GuardedWebSocket
from app.logs import begin_logging
from app.protocol_commands import protocol_commands
from app.settings import Settings
from app.web import create_app, open_house
from meetings.storage.migrating import migrate
from meetings.storage.sealing import KeyRing
from protocols.catalogue import Catalogue, DefinitionError

FIRST_STEPS = (
    "As the coordinator: press “Ik doe mee”, choose the meeting, then “Deelnemers en voorbereiding”.",
    "Fill in a day and a place and press “Opslaan”. Go back with “Terug naar de bijeenkomst”.",
    "As Sami, in a phone-sized window: press “Ik doe mee”, then “Ja, het mag beginnen”.",
    "As the coordinator: press “Begin de bijeenkomst”. From there each screen says what comes next, up to signing.",
    "In private time two of the circle open the door: as Sami “Wij zijn klaar”, as Oma Fatma “Ja, wij zijn klaar”.",
)

main = typer.Typer(help="Rondom: network meetings, led from preparation to a signed plan.", no_args_is_help=True)
main.add_typer(protocol_commands, name="protocol")

MOST_MESSAGE_BYTES = 300 * 1024
_NEW_OBJECTS_BETWEEN_SEARCHES = 10_000


@main.command()
def serve(
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Annotated[Path | None, typer.Option(help="The folder of the database and the key.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many processes serve; more than one need PostgreSQL.")] = 1,
) -> None:
    """Serve the meetings of this installation."""
    settings = _settings(port, data)
    if workers > 1 and (why := _why_not_several(settings)):
        typer.echo(why, err=True)
        raise typer.Exit(2)
    _prepare(settings)
    if workers == 1:
        _serve(settings, lambda: typer.echo(f"Rondom is open at {settings.public_origin}"))
    else:
        _serve_with(workers, settings)


def _why_not_several(settings: Settings) -> str | None:
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        return (
            "Several workers need PostgreSQL: in SQLite only one process at a time can write, and each board lives in"
            " the process that serves it. Set RONDOM_DATABASE to a postgresql:// URL, or leave out --workers."
        )
    if not settings.bus_url:
        return (
            "Several workers need a Redis or Valkey, by which they tell each other what was written."
            " Set RONDOM_BUS_URL to a redis:// URL, or leave out --workers."
        )
    return None


@main.command()
def restored(
    data: Annotated[Path | None, typer.Option(help="The folder of the database and the key.")] = None,
) -> None:
    """Say that an older copy of the database was put back, before it is served again.

    Every board then begins as a new document, so that what devices still know of the lost time does not stop anybody.
    """
    settings = _settings(None, data)
    begin_logging()
    _refuse_broken_protocols(settings)
    migrate(settings.database_url)
    begun = asyncio.run(_begin_epochs(settings))
    typer.echo(f"{begun} boards begin anew with what this copy holds. Devices give back what it lacks, to be copied.")


async def _begin_epochs(settings: Settings) -> int:
    house = open_house(settings)
    try:
        return await house.begin_epochs()
    finally:
        await house.close()


@main.command()
def demo(
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Annotated[Path | None, typer.Option(help="The folder of the database and the key.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the links to this file too, for a program.")
    ] = None,
) -> None:
    """Serve two demo meetings with made-up people, and print the links to come in by."""
    settings = _settings(port, data)
    _prepare(settings)
    described = asyncio.run(_make_demo(settings))

    def tell() -> None:
        if json_file is not None:
            unfinished = json_file.with_name(json_file.name + ".part")
            unfinished.write_text(json.dumps(described, ensure_ascii=False, indent=2))
            unfinished.replace(json_file)
        typer.echo(_invitation(described))

    _serve(settings, tell)


async def _make_demo(settings: Settings) -> dict[str, Any]:
    house = open_house(settings)
    try:
        return await prepare_demo(house, settings)
    finally:
        await house.close()


def _settings(port: int | None, data: Path | None) -> Settings:
    given = {"port": port, "data": data}
    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _prepare(settings: Settings) -> None:
    begin_logging()
    _refuse_broken_protocols(settings)
    if _taken(settings):
        typer.echo(f"Port {settings.port} is in use. Choose another: make run PORT={settings.port + 1}", err=True)
        raise typer.Exit(2)
    settings.data.mkdir(parents=True, exist_ok=True)
    # Before there are workers, who would each make one.
    KeyRing.from_file(settings.data / "master.key")
    migrate(settings.database_url)


def _refuse_broken_protocols(settings: Settings) -> None:
    """Say what is wrong in each protocol of this installation, and do not begin: nobody should meet by it."""
    try:
        Catalogue.of_installation(*settings.protocols)
    except DefinitionError as error:
        typer.echo("Rondom does not start, because a protocol of this installation has a mistake:", err=True)
        for mistake in error.mistakes:
            typer.echo(f"  {mistake}", err=True)
        typer.echo("`rondom protocol check` says the same; it looks at all of them.", err=True)
        raise typer.Exit(1) from error


def _taken(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return True
    return False


class _Server(uvicorn.Server):
    """A server that says when it can be reached."""

    def __init__(self, config: uvicorn.Config, when_open: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_open = when_open

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_open()


def server_config(settings: Settings, app: FastAPI | str | None = None, **more: Any) -> uvicorn.Config:
    """How the app is served: no messages longer than a board may send, and a ping that finds sleeping phones."""
    return uvicorn.Config(
        create_app(settings) if app is None else app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws=GuardedWebSocket,
        ws_max_size=MOST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=15,
        ws_ping_timeout=15,
        timeout_graceful_shutdown=5,
        **more,
    )


def make_worker_app() -> FastAPI:
    """Return the app for a worker process, with the settings of its environment."""
    begin_logging()
    app = create_app(Settings())
    _spare_the_search_for_garbage()
    return app


def _serve_with(workers: int, settings: Settings) -> None:
    # A worker is a new process: what was chosen on the command line reaches it by its environment.
    os.environ |= {"RONDOM_PORT": str(settings.port), "RONDOM_DATA": str(settings.data)}
    config = server_config(settings, "app.command_line:make_worker_app", factory=True, workers=workers)
    sock = config.bind_socket()
    typer.echo(f"Rondom is open at {settings.public_origin}, with {workers} workers")
    Multiprocess(config, sockets=[sock]).run()


def _serve(settings: Settings, when_open: Callable[[], None]) -> None:
    server = _Server(server_config(settings), when_open)
    _spare_the_search_for_garbage()
    server.run()


def _spare_the_search_for_garbage() -> None:
    """Search less often, and not in what stays as long as the process: it stops everybody (docs/decisions/0016)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_BETWEEN_SEARCHES)


def _invitation(described: dict[str, Any]) -> str:
    lines = [
        "",
        "  Rondom is open. Everybody in these meetings is made up.",
        "",
        "  You are the coordinator. Open this link first:",
        f"    {described['coordinator']['link']}",
        "",
        "  Everybody has a link of their own. Open one in another window, or a phone-sized one:",
    ]
    for meeting in described["meetings"]:
        lines += ["", f"  {meeting['title']}, phase: {meeting['phase']}"]
        for person in meeting["participants"]:
            if person["side"] != "facilitator":
                lines.append(f"    {person['name']:<12} {person['link']}")
    lines += [
        "",
        f"  What to do first, in “{described['meetings'][0]['title']}”:",
        *(f"    {number}. {step}" for number, step in enumerate(FIRST_STEPS, start=1)),
        "",
        "  Stop with Ctrl+C. Your data stays; `make run` goes on where you were.",
        "",
    ]
    return "\n".join(lines)
