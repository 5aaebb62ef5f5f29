"""The acts of a protocol that leaves them out: what people can do in any meeting, and what its own moves ask for.

A protocol that names acts says all of them, and these do not come on top. `rondom protocol new` writes them out.
"""

from collections.abc import Sequence
from typing import Final

from protocols.definition import CENTRAL_PERSON, EVERYONE, Act, Definition
from protocols.mending import PARENT
from protocols.requirements import REQUIREMENTS

_LEADS: Final = ("facilitator",)
_CIRCLE: Final = ("circle",)
_WHO_MAKE_THE_PLAN: Final = ("circle", "professional")

# Where a protocol has a role that answers for safety, nobody else sets or judges bottom lines (methods.md §3.2).
_SAFETY_OWNER: Final = "safety_owner"
_ABOUT_BOTTOM_LINES: Final = ("set_bottom_line", "give_verdict")

# Who usually does what a requirement asks for; None: who decides for the central person.
_MENDING: Final[dict[str, tuple[str, ...] | None]] = {
    "say_yes_to_meeting": None,
    "say_go": None,
    "say_independent": _LEADS,
    "set_question": ("circle", "facilitator"),
    "set_appointment": _LEADS,
    "give_statement": _CIRCLE,
    "say_no_questions": _CIRCLE,
    "set_bottom_line": ("professional",),
    "read_bottom_lines_aloud": _LEADS,
    "give_verdict": ("professional",),
    "show_board": (CENTRAL_PERSON,),
}


def with_usual_acts(definition: Definition) -> Definition:
    """Return a definition that names its acts: its own, or the usual ones when it names none."""
    if definition.acts:
        return definition
    return definition.model_copy(update={"acts": _usual_acts(definition)})


def _usual_acts(definition: Definition) -> dict[str, Act]:
    open_ = [id_ for id_, phase in definition.phases.items() if not (phase.private or phase.final)]
    private = [id_ for id_, phase in definition.phases.items() if phase.private]
    outside_private_time = [id_ for id_ in definition.phases if id_ not in private]
    written = [id_ for id_ in open_ if _plan_is_written(definition, id_)]
    frozen = [id_ for id_ in open_ if id_ in _after_freezing(definition) and id_ not in written]
    deciders = (CENTRAL_PERSON, PARENT) if PARENT in definition.roles else (CENTRAL_PERSON,)
    acts: dict[str, tuple[tuple[str, ...], Sequence[str]]] = {
        "see_people": ((EVERYONE,), list(definition.phases)),
        "add_person": (("circle", "facilitator"), open_),
        "manage_people": (_LEADS, open_),
        "look_up_contact": (_LEADS, open_),
        "consent": (deciders, open_),
        "call": (_CIRCLE, private),
        "see_answers": ((EVERYONE,), written),
        "answer_agreement": (_WHO_MAKE_THE_PLAN, written),
        "sign": (_WHO_MAKE_THE_PLAN, frozen),
        "read_plan": ((EVERYONE,), outside_private_time if frozen else []),
        "look_ahead": (_LEADS, list(definition.phases)),
        "hand_over_lead": (_LEADS, open_),
    }
    for move in definition.moves.values():
        for use in move.requires:
            asks = REQUIREMENTS.get(use.name)
            for act in asks.mended_by if asks else ():
                if act in _MENDING:
                    known = acts.get(act, ((), []))[1]
                    acts[act] = (
                        _who(definition, act) or deciders,
                        [*known, *(one for one in move.from_ if one not in known)],
                    )
    if "set_bottom_line" in acts:
        acts["read_bottom_lines"] = ((EVERYONE,), list(definition.phases))
    if "give_statement" in acts:
        acts["read_sheet"] = ((EVERYONE,), outside_private_time)
    return {name: Act(by=by, phases=tuple(phases)) for name, (by, phases) in acts.items() if phases}


def _who(definition: Definition, act: str) -> tuple[str, ...] | None:
    if act in _ABOUT_BOTTOM_LINES and _SAFETY_OWNER in definition.roles:
        return (_SAFETY_OWNER,)
    return _MENDING[act]


def _plan_is_written(definition: Definition, phase: str) -> bool:
    plan = definition.plan_board
    rights = definition.phases[phase].boards.get(plan) if plan else None
    return bool(rights and rights.write)


def _after_freezing(definition: Definition) -> set[str]:
    after: set[str] = set()
    new = {move.to for move in definition.moves.values() if move.freezes}
    while new:
        after |= new
        new = {move.to for move in definition.moves.values() if new & set(move.from_)} - after
    return after
