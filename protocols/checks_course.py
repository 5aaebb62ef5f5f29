"""Proves that a meeting by a protocol can always go on: every phase is reached, and from everywhere an end.

Breadth first over phase × what holds there × who may move, in each frame. At its worst, all that can come to be missing
in a phase is missing when one comes there; what somebody can mend there, they mend; and nobody stops the meeting.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from protocols.definition import CENTRAL_PERSON, FRAMES, Definition, Move, Requirement
from protocols.faults import Fault
from protocols.mending import means_somebody, mended_in, remedies, undone_in
from protocols.requirements import REQUIREMENTS

# What people said of the plan as it reads, so that another plan takes it away.
OF_THIS_PLAN: Final = frozenset({"owner_said_yes", "bottomlines_met"})

# What a requirement looks at: two uses with the same key hold together.
Key = tuple[str, str, int, str]


@dataclass(frozen=True)
class Node:
    """A place in the course of a meeting: its phase, and which requirements hold."""

    phase: str
    holds: frozenset[Key]


def course_faults(definition: Definition) -> list[Fault]:
    """Return what keeps a meeting from going on; what is plain first, for the rest follows from it."""
    plain = [*_nobody_moves(definition), *_ends(definition), *_stops(definition), *_ways_back(definition)]
    plain += [*_no_way(definition), *_asked_for_nothing(definition)]
    plain += _nobody_mends(definition)
    if plain:
        return plain
    found: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for frame in FRAMES:
        for fault in Course(definition, frame).faults():
            found.setdefault((fault.path, fault.problem, fault.remedy), []).append(frame)
    return [Fault(path, f"{_in_frames(frames)}{problem}", remedy) for (path, problem, remedy), frames in found.items()]


def _in_frames(frames: list[str]) -> str:
    return "" if len(frames) == len(FRAMES) else f"when the frame is {' or '.join(frames)}, "


def moves_by_somebody(definition: Definition) -> list[Move]:
    """Return the moves that anybody can make."""
    return [move for move in definition.moves.values() if any(means_somebody(definition, name) for name in move.by)]


def _nobody_moves(definition: Definition) -> Iterator[Fault]:
    for part, chosen in (
        *((("moves", id_, "by"), move.by) for id_, move in definition.moves.items()),
        *((("voices", id_, "by"), voice.by) for id_, voice in definition.voices.items()),
        *((("voices", id_, "asked_by"), voice.asked_by) for id_, voice in definition.voices.items()),
    ):
        for name in chosen:
            if not means_somebody(definition, name):
                yield Fault(
                    part, f"no role of this protocol stands on the side “{name}”", "choose others, or add such a role"
                )


def _ends(definition: Definition) -> Iterator[Fault]:
    for id_, phase in definition.phases.items():
        leaving = [move for move in definition.moves.values() if id_ in move.from_]
        if phase.final and leaving:
            yield Fault(("phases", id_), f"it is final, but “{leaving[0].id}” leaves it", "take one of the two out")


def _stops(definition: Definition) -> Iterator[Fault]:
    stopping = [move for move in definition.moves.values() if move.direction == "stop"]
    for move in stopping:
        if move.by != (CENTRAL_PERSON,) or move.requires or move.reason or move.confirm:
            yield Fault(
                ("moves", move.id),
                "stopping is the central person's alone, and asks nothing",
                "by: [central_person], without requires, reason or confirm",
            )
        if not definition.phases[move.to].final:
            yield Fault(("moves", move.id, "to"), f"it stops the meeting, but “{move.to}” goes on", "lead to an end")
    for id_ in _before_the_plan_is_frozen(definition):
        if not any(id_ in move.from_ for move in stopping):
            yield Fault(
                ("phases", id_),
                "the central person cannot stop the meeting here",
                f"add {id_} to the `from` of a move with direction: stop",
            )


def _before_the_plan_is_frozen(definition: Definition) -> Iterator[str]:
    frozen = {move.to for move in definition.moves.values() if move.freezes}
    for id_, phase in definition.phases.items():
        if id_ in frozen:
            return
        if not phase.final:
            yield id_


def _ways_back(definition: Definition) -> Iterator[Fault]:
    order = list(definition.phases)
    for id_, move in definition.moves.items():
        at = ("moves", id_, "back")
        if move.confirm and len(move.from_) > 1:
            yield Fault(("moves", id_, "from"), "a move that is confirmed leaves one phase", "split the move")
        if move.back is None:
            continue
        back = definition.moves[move.back]
        if move.to not in back.from_:
            yield Fault(at, f"“{back.id}” does not leave “{move.to}”", "name a move that does, or say null")
        elif move.direction == "forward" and order.index(back.to) > max(order.index(one) for one in move.from_):
            yield Fault(
                at,
                f"“{back.id}” leads on to “{back.to}”, and not back to “{move.from_[-1]}” or before it",
                "name a move that leads back, or say null",
            )


def _asked_for_nothing(definition: Definition) -> Iterator[Fault]:
    required = {use.name for move in definition.moves.values() for use in move.requires}
    for id_, move in definition.moves.items():
        for name in move.asks_anew:
            if name not in required:
                yield Fault(("moves", id_, "asks_anew"), f"no step ever requires “{name}”", "take it out")


def _no_way(definition: Definition) -> Iterator[Fault]:
    """What the moves alone leave out, whatever they ask."""
    moves = moves_by_somebody(definition)
    reached = _reachable(moves, {definition.first_phase})
    going_on = [move for move in moves if move.direction != "stop"]
    for id_, phase in definition.phases.items():
        if id_ not in reached:
            yield Fault(("phases", id_), "no move ever leads to this phase", "add a move to it, or take it out")
        elif not phase.final:
            ends = {end for end in _reachable(going_on, {id_}) if definition.phases[end].final}
            if not ends:
                yield Fault(
                    ("phases", id_),
                    "from here no end can be reached, but by stopping",
                    "add a move towards a final phase",
                )


def _reachable(moves: list[Move], start: set[str]) -> set[str]:
    reached, new = set(start), set(start)
    while new:
        new = {move.to for move in moves if new & set(move.from_)} - reached
        reached |= new
    return reached


def _nobody_mends(definition: Definition) -> Iterator[Fault]:
    """Requirements that nobody can ever satisfy on the way to where they are asked, the soft ones too."""
    moves = moves_by_somebody(definition)
    for move in definition.moves.values():
        for number, use in enumerate(move.requires):
            mended = {phase for phase in definition.phases if mended_in(definition, move, use, phase)}
            mended |= _shown_by_release(definition, use)
            # Where one only comes by satisfying it already, it is no use that it could be mended there.
            mended &= _reachable([one for one in moves if not _asks_too(one, move, use)], {definition.first_phase})
            for phase in move.from_:
                if not any(phase in _reachable(moves, {place}) for place in mended):
                    soft = "make it soft" if use.hard else "take it out"
                    yield Fault(
                        ("moves", move.id, "requires", str(number)),
                        f"in “{phase}” nobody can do what “{use.name}” asks for, nor in a phase before it",
                        f"{remedies(definition, move, use, phase)}, or {soft}",
                    )
                    break


def _asks_too(other: Move, move: Move, use: Requirement) -> bool:
    return any(
        one.hard
        and _key(other, one) == _key(move, use)
        and (not one.frames or set(use.frames) <= set(one.frames) != set())
        for one in other.requires
    )


def _shown_by_release(definition: Definition, use: Requirement) -> set[str]:
    """Where the plan can come to be right because the circle shows one that is."""
    if "plan" not in REQUIREMENTS[use.name].mended_by:
        return set()
    return {
        move.to
        for move in definition.moves.values()
        if move.releases and any(_written(definition, move.releases.from_, phase) for phase in move.from_)
    }


def _written(definition: Definition, board: str, phase: str) -> bool:
    rights = definition.phases[phase].boards.get(board)
    return rights is not None and any(means_somebody(definition, name) for name in rights.write)


class Course:
    """All the ways a meeting can go in one frame."""

    def __init__(self, definition: Definition, frame: str) -> None:
        self._definition = definition
        self._moves: Final = moves_by_somebody(definition)
        self._asked: dict[str, dict[Key, tuple[Move, Requirement]]] = {
            move.id: {
                _key(move, use): (move, use)
                for use in move.requires
                if use.hard and (not use.frames or frame in use.frames)
            }
            for move in self._moves
        }
        self._uses = {key: pair for asked in self._asked.values() for key, pair in asked.items()}
        self._mended: dict[str, frozenset[Key]] = {phase: self._where(mended_in, phase) for phase in definition.phases}
        # What is mended wherever it is asked for tells nothing apart: it is left out of what is looked through.
        telling = {
            key
            for move in self._moves
            for key in self._asked[move.id]
            if any(key not in self._mended[phase] for phase in move.from_)
        }
        self._telling = frozenset(telling)
        self._mended = {phase: keys & self._telling for phase, keys in self._mended.items()}
        self._undone = {phase: self._where(undone_in, phase) & self._telling for phase in definition.phases}

    def _where(self, asks: Callable[[Definition, Move, Requirement, str], bool], phase: str) -> frozenset[Key]:
        return frozenset(key for key, (move, use) in self._uses.items() if asks(self._definition, move, use, phase))

    @cached_property
    def nodes(self) -> set[Node]:
        """Every place that a meeting can be in, whether all goes well or ill."""
        first = self._definition.first_phase
        start = Node(first, self._mended[first])
        found, new = {start}, [start]
        while new:
            node = new.pop(0)
            for after in (*self._after(node, at_worst=False), *self._after(node, at_worst=True)):
                if after not in found:
                    found.add(after)
                    new.append(after)
        return found

    def faults(self) -> Iterator[Fault]:
        """Yield what keeps phases from being reached, or else what may keep a meeting from coming to an end."""
        reached = {node.phase for node in self.nodes}
        unreached = [phase for phase in self._definition.phases if phase not in reached]
        for phase in unreached:
            # What lies behind one of these is not reached either; that needs no telling.
            if any(move.to == phase and reached & set(move.from_) for move in self._moves):
                yield Fault(("phases", phase), *self._never_reached(phase, reached))
        if unreached:
            return
        told = set()
        for node in sorted(self._stuck(), key=lambda node: (len(node.holds), node.phase, sorted(node.holds))):
            blocking = self._blocking(self._closure(node))
            if blocking not in told:
                told.add(blocking)
                yield self._stuck_by(node, blocking)

    def _after(self, node: Node, *, at_worst: bool, stops: bool = True) -> Iterator[Node]:
        for move in self._moves:
            if node.phase not in move.from_ or (move.direction == "stop" and not stops):
                continue
            if not (self._asked[move.id].keys() & self._telling) <= node.holds:
                continue
            holds = self._carried(move, node)
            if at_worst:
                holds -= self._undone[move.to]
            yield Node(move.to, holds | self._mended[move.to])

    def _carried(self, move: Move, node: Node) -> frozenset[Key]:
        """What still holds after a move: not what it asks anew; and a plan that is shown replaces the one before."""
        kept = frozenset(key for key in node.holds if key[0] not in move.asks_anew)
        if move.releases is None:
            return kept
        of_the_plan = {key for key in self._telling if "plan" in REQUIREMENTS[key[0]].mended_by}
        answers = {key for key in self._telling if key[0] in OF_THIS_PLAN}
        shown = of_the_plan if _written(self._definition, move.releases.from_, node.phase) else set()
        return frozenset((kept - of_the_plan - answers) | shown)

    def _stuck(self) -> set[Node]:
        """The places from which, at the worst, no end can be reached without stopping."""
        before: dict[Node, set[Node]] = {}
        for node in self.nodes:
            for after in self._after(node, at_worst=True, stops=False):
                before.setdefault(after, set()).add(node)
        well = {node for node in self.nodes if self._definition.phases[node.phase].final}
        new = set(well)
        while new:
            new = {node for after in new for node in before.get(after, ())} - well
            well |= new
        return self.nodes - well

    def _closure(self, node: Node) -> set[Node]:
        found, new = {node}, {node}
        while new:
            new = {after for one in new for after in self._after(one, at_worst=True, stops=False)} - found
            found |= new
        return found

    def _blocking(self, places: set[Node]) -> tuple[str, Key, str] | None:
        """The first step that cannot be made from any of these places: its move, what it asks for, and where."""
        for phase in self._definition.phases:
            for place in sorted((one for one in places if one.phase == phase), key=lambda one: sorted(one.holds)):
                for move in self._moves:
                    if phase in move.from_ and move.direction != "stop":
                        for key in sorted((self._asked[move.id].keys() & self._telling) - place.holds):
                            return move.id, key, phase
        return None

    def _stuck_by(self, node: Node, blocking: tuple[str, Key, str] | None) -> Fault:
        if blocking is None:
            return Fault(("phases", node.phase), "from here no end can be reached, but by stopping", "add a move on")
        id_, key, phase = blocking
        move, use = self._asked[id_][key]
        return Fault(
            ("phases", phase),
            f"from here no end can be reached once “{use.name}” fails: “{id_}” asks for it, and nobody can mend it "
            "here or on the way",
            f"{remedies(self._definition, move, use, phase)}, or add a way back to where it can be mended",
        )

    def _never_reached(self, phase: str, reached: set[str]) -> tuple[str, str]:
        for move in self._moves:
            for key, (_move, use) in self._asked[move.id].items():
                if move.to == phase and reached & set(move.from_) and key in self._telling:
                    return (
                        f"nobody ever gets here: “{move.id}” asks for “{use.name}”, which never holds then",
                        f"{remedies(self._definition, move, use, move.from_[0])}, or make it soft",
                    )
        return "nobody ever gets here", "add a move to it that somebody can make, or take it out"


def _key(move: Move, use: Requirement) -> Key:
    return use.name, use.of or "", use.least, move.id if use.name == "something_to_show" else ""
