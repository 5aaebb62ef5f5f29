"""Executes a protocol: which moves there are, who may make them, what they lack, and where they lead.

The only module that knows python-statemachine. A machine lives as long as one decision; the phase of record is
elsewhere, and a phase that this version of the protocol does not know is refused.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from statemachine import StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import create_machine_class_from_definition

from protocols.definition import Definition, Move, Requirement
from protocols.requirements import REQUIREMENTS, Facts, Missing
from protocols.rights import chosen

# The library keeps names such as "prepare" for itself; ours never meet them.
_PHASE: Final = "phase_"
_MOVE: Final = "move_"

Code = Literal["unknown_move", "unknown_phase", "not_from_here", "not_yours", "missing", "reason_needed"]


@dataclass(frozen=True)
class Mover:
    """Who makes a move."""

    id: str
    role: str
    side: str
    central: bool = False


@dataclass(frozen=True)
class Decision:
    """A move that may happen: where it leads, and which soft requirements it passes."""

    move: Move
    to: str
    passed: tuple[Missing, ...] = ()


@dataclass
class MoveRefused(Exception):
    """A move that may not happen, why, and what is missing."""

    code: Code
    missing: list[Missing] = field(default_factory=list)


def moves_from(definition: Definition, phase: str) -> list[Move]:
    """Return the moves that leave a phase, in the order of the file."""
    return [move for move in definition.moves.values() if phase in move.from_]


def may_move(definition: Definition, move: Move, mover: Mover) -> bool:
    """Tell whether this person is one of those who make the move."""
    return chosen(move.by, mover.role, mover.side, mover.central)


def missing_for(definition: Definition, move: Move, facts: Facts) -> list[tuple[Requirement, Missing]]:
    """Return all that a move still lacks, with the requirement that asks for it."""
    return [
        (requirement, missing)
        for requirement in move.requires
        if not requirement.frames or facts.frame in requirement.frames
        for missing in REQUIREMENTS[requirement.name](facts, requirement)
    ]


def decide(
    definition: Definition, phase: str, move_id: str, mover: Mover, facts: Facts, reason: str | None = None
) -> Decision:
    """Decide on a move. Raises MoveRefused; nothing else ever says no."""
    if phase not in definition.phases:
        raise MoveRefused("unknown_phase")
    move = definition.moves.get(move_id)
    if move is None:
        raise MoveRefused("unknown_move")
    machine = _machine_class(definition)(start_value=_PHASE + phase)
    question = _Question(definition, move, mover, facts, reason)
    try:
        machine.send(_MOVE + move_id, question=question)
    except TransitionNotAllowed as error:
        raise question.refused or MoveRefused("not_from_here") from error
    return Decision(move, str(next(iter(machine.configuration_values))).removeprefix(_PHASE), tuple(question.passed))


@dataclass
class _Question:
    """One person asking for one move: the guard that the machine calls, and what it found."""

    definition: Definition
    move: Move
    mover: Mover
    facts: Facts
    reason: str | None
    refused: MoveRefused | None = None
    passed: list[Missing] = field(default_factory=list)

    def allowed(self) -> bool:
        if not may_move(self.definition, self.move, self.mover):
            self.refused = MoveRefused("not_yours")
            return False
        found = missing_for(self.definition, self.move, self.facts)
        hard = [missing for requirement, missing in found if requirement.hard]
        if hard:
            self.refused = MoveRefused("missing", hard)
            return False
        soft = [missing for _requirement, missing in found]
        if (soft or self.move.reason) and not (self.reason or "").strip():
            self.refused = MoveRefused("reason_needed", soft)
            return False
        self.passed = soft
        return True


def _guard(question: _Question) -> bool:
    return question.allowed()


_compiled: Final[dict[str, type[StateChart[Any]]]] = {}


def _machine_class(definition: Definition) -> type[StateChart[Any]]:
    compiled = _compiled.get(definition.fingerprint)
    if compiled is None:
        compiled = _compiled[definition.fingerprint] = compile_machine(definition)
    return compiled


def compile_machine(definition: Definition) -> type[StateChart[Any]]:
    """Compile a definition to a machine class, with every check of the library on."""
    states: dict[str, Any] = {}
    for position, (id_, phase) in enumerate(definition.phases.items()):
        state: dict[str, Any] = {"initial": position == 0, "final": phase.final, "on": {}}
        for move in moves_from(definition, id_):
            state["on"][_MOVE + move.id] = [{"target": _PHASE + move.to, "cond": [_guard]}]
        if not state["on"]:
            del state["on"]
        states[_PHASE + id_] = state
    made: type[StateChart[Any]] = create_machine_class_from_definition(
        f"Protocol_{definition.id}",
        states=states,
        allow_event_without_transition=False,
        catch_errors_as_events=False,
        atomic_configuration_update=True,
        validate_disconnected_states=True,
        validate_trap_states=True,
        validate_final_reachability=True,
    )
    return made
