"""The settings of an installation, from RONDOM_… variables and a .env file."""

import json
import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.live.allowance import Limits

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Settings(BaseSettings):
    """What an installation can choose. Each has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="RONDOM_", env_file=".env", extra="ignore")

    data: Path = Field(default=Path("data"), description="The folder of the database and the master key.")
    database: str = Field(default="", description="A database URL; empty: SQLite in the data folder.")
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535)
    origin: str = Field(default="", description="Where people find it, such as https://rondom.example.")
    messages_per_second: int = Field(
        default=30, ge=1, description="What one connection may send, with bursts of 4 times."
    )
    bytes_per_second: int = Field(default=64 * 1024, ge=1024, description="The same in bytes, with bursts of 8 times.")
    sockets_per_participant: int = Field(default=4, ge=1, description="Open connections of one person on one board.")
    sockets_per_board: int = Field(default=40, ge=1, description="Open connections on one board.")
    sockets_per_address: int = Field(default=200, ge=1, description="Open connections from one network address.")
    requests_at_once: int = Field(default=200, ge=1, description="Requests that one process serves at the same time.")
    seconds_for_a_body: float = Field(default=20, gt=0, description="How long sending one form may take.")
    bus_url: str = Field(default="", description="A Redis or Valkey, when several workers serve one house.")
    protocols: Annotated[list[Path], NoDecode] = Field(
        default=[], description="Folders with protocols of this installation, separated as in PATH."
    )

    @field_validator("protocols", mode="before")
    @classmethod
    def _folders(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        return json.loads(given) if given.startswith("[") else [one for one in given.split(os.pathsep) if one]

    @property
    def public_origin(self) -> str:
        """The scheme, host and port that links carry and that requests must come from."""
        return (self.origin or f"http://localhost:{self.port}").rstrip("/")

    @property
    def origins(self) -> frozenset[str]:
        """The origins a browser may send from. A loopback address goes by three names."""
        parts = urlsplit(self.public_origin)
        if parts.hostname in ("localhost", "127.0.0.1", "::1"):
            port = f":{parts.port}" if parts.port else ""
            return frozenset(f"{parts.scheme}://{name}{port}" for name in LOOPBACK)
        return frozenset({self.public_origin})

    @property
    def secure(self) -> bool:
        """Whether people come in over https, so that cookies can say so."""
        return self.public_origin.startswith("https://")

    @property
    def limits(self) -> Limits:
        """How much one connection may send, and how many connections there may be."""
        return Limits(
            messages_a_second=self.messages_per_second,
            bytes_a_second=self.bytes_per_second,
            places_for_a_participant=self.sockets_per_participant,
            places_on_a_board=self.sockets_per_board,
            places_for_an_address=self.sockets_per_address,
        )

    @property
    def database_url(self) -> str:
        """The URL of the database, with its asyncio driver."""
        kind, separator, rest = self.database.partition("://")
        if kind in ("postgres", "postgresql"):
            return f"postgresql+asyncpg{separator}{rest}"
        return self.database or f"sqlite+aiosqlite:///{self.data / 'rondom.sqlite'}"
