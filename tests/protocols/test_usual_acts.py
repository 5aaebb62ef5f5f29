"""What people may do in a protocol that names no acts."""

import pytest

from protocols.definition import Definition
from protocols.rights import may_act
from protocols.usual_acts import with_usual_acts


@pytest.mark.parametrize(("role", "judges"), [("safety_owner", ["safety_owner"]), ("teacher", ["helper", "teacher"])])
def test_who_answers_for_safety_judges_alone_where_there_is_such_a_role(role: str, judges: list[str]):
    definition = with_usual_acts(
        Definition.model_validate(
            {
                "id": "small",
                "roles": {"leader": "facilitator", "youth": "circle", "helper": "professional", role: "professional"},
                "boards": {"plan": ["plan"]},
                "phases": {"table": {"boards": {"plan": {"write": ["everyone"]}}}, "done": {"final": True}},
                "moves": {
                    "close": {
                        "from": ["table"],
                        "to": "done",
                        "by": ["leader"],
                        "requires": ["bottomlines_readable", "bottomlines_met"],
                        "back": None,
                    },
                },
            }
        )
    )
    for act in ("set_bottom_line", "give_verdict"):
        sides = {name: made.side for name, made in definition.roles.items()}
        assert sorted(name for name in sides if may_act(definition, "table", name, sides[name], False, act)) == judges
