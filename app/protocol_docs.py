"""Writes the parts of docs/ that are made from the protocols: the schemas for editors, and a diagram of each protocol.

Run as `python -m app.protocol_docs`, or `make docs`. A test finds when they are no longer what they are made from.
"""

import json
from pathlib import Path
from typing import Any, Final

from protocols.catalogue import Catalogue
from protocols.mermaid import mermaid
from protocols.schema import protocol_schema, words_schema

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
SCHEMA: Final = "protocol.schema.json"
WORDS_SCHEMA: Final = "protocol-words.schema.json"
_LANGUAGE: Final = "nl"


def made_docs() -> dict[str, str]:
    """Return each file of docs/ that is made, by its name."""
    return {
        SCHEMA: as_text(protocol_schema()),
        WORDS_SCHEMA: as_text(words_schema()),
        "diagrams.md": _diagrams(),
    }


def as_text(schema: dict[str, Any]) -> str:
    """Return a schema as it stands in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _diagrams() -> str:
    parts = [
        "# The protocols of the library, drawn",
        "",
        "Made from the definitions by `make docs`; do not edit this page. In brackets stands how many requirements a",
        "step has, after the plus the soft ones. A dark phase is private. `rondom protocol draw NAME` draws any",
        "protocol as SVG.",
    ]
    for protocol in Catalogue.of_library().all():
        parts += ["", f"## {protocol.words(_LANGUAGE).title}", "", f"`{protocol.definition.id}`", ""]
        parts += ["```mermaid", mermaid(protocol, _LANGUAGE).rstrip(), "```"]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    for name, text in made_docs().items():
        (DOCS / name).write_text(text, encoding="utf-8")
