"""The JSON Schema of protocol.yaml and of a text file, for editors: made from the models that read those files.

A schema says what each part may be by itself. Whether the parts fit each other (a role that is named exists, an end can
be reached) no schema can say: `rondom protocol check` does.
"""

from typing import Any, Final

from pydantic import BaseModel

from protocols.definition import ACTS, Definition, Words

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ABOUT: Final = (
    "Whether the parts fit each other is not said here: `rondom protocol check` tells it, with the line and the remedy."
)


def protocol_schema() -> dict[str, Any]:
    """Return the schema of protocol.yaml."""
    schema = _schema(Definition, "A protocol of Rondom: protocol.yaml")
    schema["properties"]["acts"]["description"] = "\n".join(
        ["Who may do what, and when. Left out: the usual acts.", *(f"{act}: {said}" for act, said in ACTS.items())]
    )
    return schema


def words_schema() -> dict[str, Any]:
    """Return the schema of a text file, such as nl.yaml."""
    return _schema(Words, "The words of a protocol of Rondom, in one language")


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    made = _tidied(model.model_json_schema(by_alias=True, mode="validation"))
    return {"$schema": _DIALECT, **made, "title": title, "description": f"{made['description']} {_ABOUT}"}


def _tidied(part: Any) -> Any:
    """Without what says nothing to an editor; and names that fit no pattern are refused, as the models do."""
    if isinstance(part, list):
        return [_tidied(one) for one in part]
    if not isinstance(part, dict):
        return part
    # A title is pydantic's own repetition of a name; only what is called "title" in a file is a schema itself.
    tidied = {key: _tidied(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    tidied.pop("discriminator", None)
    return tidied
