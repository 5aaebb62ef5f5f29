"""Proves that people can come in and decide: who the meeting is about, who leads, and who says yes to others."""

from collections.abc import Iterator

from protocols.definition import CENTRAL_PERSON, Definition
from protocols.faults import Fault
from protocols.mending import OF_WHO_DECIDES, PARENT, everybody
from protocols.rights import chosen, may_act


def people_faults(definition: Definition) -> Iterator[Fault]:
    """Yield what keeps people from coming in, or from deciding what is theirs to decide."""
    central = definition.roles[definition.central_role]
    if central.side != "circle":
        circle = ", ".join(role for role, made in definition.roles.items() if made.side == "circle")
        yield Fault(
            ("central_role",),
            f"“{definition.central_role}” is not of the circle, and the meeting is about somebody of the circle",
            f"choose one of: {circle}" if circle else "give it the side circle",
        )
    if not any(made.side == "facilitator" for made in definition.roles.values()):
        yield Fault(("roles",), "nobody leads the meeting", "add a role with the side facilitator")
    decided = next((act for act in definition.acts if act in OF_WHO_DECIDES), None)
    if decided is not None and definition.roles.get(PARENT, central).side != "circle":
        yield Fault(("roles", PARENT), "a parent is of the circle", "give it the side circle")
    if decided is not None and PARENT not in definition.roles:
        yield Fault(
            ("acts", decided),
            f"for a child under twelve the parents decide this, and there is no role “{PARENT}”",
            f"add it: {PARENT}: {{side: circle}}",
        )
    yield from _judges_itself(definition)
    yield from _nobody_lets_in(definition)


def _judges_itself(definition: Definition) -> Iterator[Fault]:
    """The circle makes the plan; whether it meets the bottom lines is for who answers for safety (methods.md §3.2)."""
    judges = definition.acts.get("give_verdict")
    circle = [one for one in everybody(definition) if one.side == "circle"]
    for name in judges.by if judges else ():
        if any(chosen((name,), one.role, one.side, one.central) for one in circle):
            others = ", ".join(role for role, made in definition.roles.items() if made.side != "circle")
            yield Fault(
                ("acts", "give_verdict", "by"),
                f"“{name}” lets the circle judge its own plan",
                f"name who answers for safety, from: {others}",
            )


def _nobody_lets_in(definition: Definition) -> Iterator[Fault]:
    """Whoever is put on the list comes in with the yes of who decides, so that has to be asked then or later."""
    asked = {phase for phase in definition.phases if _all_who_decide_may_consent(definition, phase)}
    for phase in definition.phases:
        adds = any(
            may_act(definition, phase, one.role, one.side, one.central, "add_person") for one in everybody(definition)
        )
        if adds and not asked & _later(definition, phase):
            who = f"{CENTRAL_PERSON} and {PARENT}" if PARENT in definition.roles else CENTRAL_PERSON
            yield Fault(
                ("acts", "add_person"),
                f"whoever is put on the list in “{phase}” never comes in, for nobody can say yes to them",
                f"let {who} consent in “{phase}”",
            )


def _all_who_decide_may_consent(definition: Definition, phase: str) -> bool:
    return all(
        may_act(definition, phase, one.role, one.side, one.central, "consent")
        for one in everybody(definition)
        if one.central or one.role == PARENT
    )


def _later(definition: Definition, phase: str) -> set[str]:
    found, new = {phase}, {phase}
    while new:
        new = {move.to for move in definition.moves.values() if new & set(move.from_)} - found
        found |= new
    return found
