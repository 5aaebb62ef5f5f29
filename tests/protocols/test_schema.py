"""The schemas that editors use say what the parser takes, no more and no less; and docs/ holds what is made."""

import copy
import re
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from app.protocol_docs import DOCS, made_docs
from protocols.catalogue import LIBRARY, DefinitionError, load_protocol
from protocols.checks import faults_of
from protocols.definition import Definition, Words
from protocols.machine import compile_machine
from protocols.schema import protocol_schema, words_schema
from protocols.usual_acts import with_usual_acts

SHORT: dict[str, Any] = {
    "id": "short",
    "roles": {"coordinator": "facilitator", "youth": "circle", "parent": {"side": "circle", "proposes": True}},
    "boards": {
        "plan": ["plan", "review", "text"],
        "map": {
            "instruments": [
                {"id": "map", "kind": "columns", "columns": {"worries": ["harm", "danger"], "good": []}},
                {"id": "houses", "kind": "houses"},
                {"id": "pairs", "kind": "pairs", "most": 2},
                {"id": "things", "kind": "list", "person": False, "most": 10},
            ]
        },
    },
    "voices": {
        "safe": {"kind": "scale", "of": "map.pairs", "by": ["everyone"], "asked_by": ["facilitator"], "phases": ["a"]},
        "heard": {"kind": "round", "by": ["circle"], "asked_by": ["facilitator"], "phases": ["a"]},
    },
    "phases": {"a": {"minutes": 30, "boards": {"plan": {"write": ["circle"], "shown": ["facilitator"]}}}, "b": {}},
    "moves": {"go": {"from": ["a"], "to": "b", "by": ["circle"], "requires": ["www"], "back": None}},
}
DEFINITIONS = [SHORT, *(yaml.safe_load(file.read_text()) for file in sorted(LIBRARY.glob("*/protocol.yaml")))]
TEXTS = [yaml.safe_load(file.read_text()) for file in sorted(LIBRARY.glob("*/??.yaml"))]

anything = st.one_of(
    st.sampled_from([None, True, False, 0, 1, 3, 5, 50, 51, 600, 601, -1, 2.0, 2.5, 1e6, 1e300, "3", "true"]),
    st.sampled_from(["", "a", "A", "plan", "pairs", "circle", "voluntary", "all", "required", "back", "x" * 25, "nl"]),
    st.sampled_from([35, 41, 61, 121, 141, 201]).map(lambda length: "é" * length),
    st.sampled_from([[], {}, ["a"], ["a", 1], [[]], {"a": {}}, {"a": None}, {"Not": {}}, ["plan"], {"a\n": "b"}]).map(
        copy.deepcopy
    ),
)


def places(part: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place inside a definition, by the way there."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def at(part: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        part = part[step]
    return part


@st.composite
def mutants(draw: st.DrawFn, valid: list[Any]) -> Any:
    """A valid definition that was changed in one or two places."""
    mutant = copy.deepcopy(draw(st.sampled_from(valid)))
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(places(mutant)[1:] or [()]))
        if not path:
            return mutant
        *way, last = path
        around = at(mutant, tuple(way))
        how = draw(st.sampled_from(["put", "move", "take out", "add", "repeat"]))
        if how == "repeat":
            # The same part once more, under a name or place of its own: mostly still valid.
            if isinstance(around, dict):
                around[draw(st.sampled_from(["another", "a" * 40, "a" * 41, "9"]))] = copy.deepcopy(around[last])
            else:
                around.append(copy.deepcopy(around[last]))
        elif how == "put":
            around[last] = draw(anything)
        elif how == "move":
            around[last] = copy.deepcopy(at(mutant, draw(st.sampled_from(places(mutant)))))
        elif how == "take out":
            del around[last]
        elif isinstance(around, dict):
            around[draw(st.sampled_from(["id", "from_", "extra", "minutes", "private", "most", "of", "Ab"]))] = draw(
                anything
            )
        else:
            around.append(draw(anything))
    return mutant


def parses(model: type[BaseModel], content: Any) -> bool:
    try:
        model.model_validate(content)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("model", "schema", "valid"),
    [(Definition, protocol_schema(), DEFINITIONS), (Words, words_schema(), TEXTS)],
    ids=["protocol", "words"],
)
def test_the_schema_takes_what_the_parser_takes_and_nothing_else(
    model: type[BaseModel], schema: dict[str, Any], valid: list[Any]
):
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert all(validator.is_valid(content) and parses(model, content) for content in valid)

    @given(mutants(valid))
    @settings(max_examples=1200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def agree(mutant: Any) -> None:
        assert validator.is_valid(mutant) == parses(model, mutant)

    agree()


def test_a_mutant_is_refused_about_as_often_as_it_is_taken():
    """Else the comparison above would tell nothing."""
    taken: list[bool] = []

    @given(mutants(DEFINITIONS))
    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    def count(mutant: Any) -> None:
        taken.append(parses(Definition, mutant))

    count()
    assert 0.1 < sum(taken) / len(taken) < 0.9


@given(mutants(DEFINITIONS))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_wrong_is_told_in_words_of_the_house(tmp_path_factory: pytest.TempPathFactory, mutant: Any):
    file = tmp_path_factory.getbasetemp() / "mutant" / "protocol.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(mutant, sort_keys=False, allow_unicode=True))
    told: list[str] = []
    try:
        load_protocol(file.parent)
    except DefinitionError as error:
        told = error.mistakes
    assert not [said for said in told if re.search("nput should|validat|valid |alue error|python|None", said)]


@pytest.mark.parametrize("name", made_docs())
def test_what_is_made_in_docs_is_what_it_would_be_made_now(name: str):
    assert (DOCS / name).read_text() == made_docs()[name], f"docs/{name} is old: run `make docs`"


@given(mutants(DEFINITIONS))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_can_be_read_can_be_checked_and_what_is_sound_can_be_executed(mutant: Any):
    """A broken protocol is told in faults, never by a crash of the checks."""
    try:
        definition = Definition.model_validate(mutant)
    except ValidationError:
        return
    if not faults_of(with_usual_acts(definition)):
        compile_machine(definition)
