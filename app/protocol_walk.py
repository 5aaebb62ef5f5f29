"""Walks through a protocol in the terminal, by numbers: what each phase says, who sees which board, what a step lacks.

The real machine decides (protocols/machine.py); only the people are made up, and what one pretends is there.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from protocols import machine
from protocols.catalogue import Protocol, describe, said_of
from protocols.definition import Definition, Move, Requirement
from protocols.mending import Somebody, everybody
from protocols.requirements import Facts, Missing, Person
from protocols.rights import board_right

_RIGHTS: Final = {"write": "write", "read": "read", "shown": "read once it is shown to them"}


class Walk:
    """One walk: where it is, who one is, and what one pretends."""

    def __init__(
        self, protocol: Protocol, language: str, frame: str, say: Callable[[str], object], ask: Callable[[str], str]
    ) -> None:
        self._protocol, self._language, self._frame = protocol, language, frame
        self._definition, self._words = protocol.definition, protocol.words(language)
        self._say, self._ask = say, ask
        self._people = list(everybody(protocol.definition))
        self._me = next((one for one in self._people if one.side == "facilitator"), self._people[0])
        self._phase = protocol.definition.first_phase
        self._pretended: set[tuple[str, str | None, int]] = set()

    def go(self) -> None:
        """Walk until whoever walks types Ctrl-D."""
        self._say(f"\n{self._words.title}. Type a number and Enter; Ctrl-D ends the walk.")
        try:
            while True:
                self._show_phase()
                self._choose()
        except (EOFError, KeyboardInterrupt):
            self._say("\nEnd of the walk. Nothing of it is kept.")

    def _show_phase(self) -> None:
        words = self._words.phases[self._phase]
        phase = self._definition.phases[self._phase]
        place = list(self._definition.phases).index(self._phase) + 1
        marks = [f"phase {place} of {len(self._definition.phases)}", f"frame: {self._frame}"]
        marks += ["private"] * phase.private + ["an end"] * phase.final
        self._say(f"\n── {words.title} ── {', '.join(marks)}")
        for whom, sentence in (
            ("circle", words.sentence_circle),
            ("professional", words.sentence_professional),
            ("facilitator", words.sentence_facilitator),
        ):
            if any(one.side == whom for one in self._people):
                self._say(f"   {said_of(self._protocol, self._language, [whom])}: {sentence}")
        for board in self._definition.boards:
            self._say(f"   [{self._words.boards[board]}] {self._who_sees(board)}")
        self._say(f"   You are: {self._named(self._me)}\n")

    def _who_sees(self, board: str) -> str:
        able: dict[str, list[str]] = {}
        for one in self._people:
            right = board_right(self._definition, self._phase, one.role, one.side, one.central, board)
            if right is not None:
                able.setdefault(right, []).append(self._named(one))
        said = [f"{', '.join(able[right])} {verb}" for right, verb in _RIGHTS.items() if right in able]
        return "; ".join(said) or "closed to everybody"

    def _choose(self) -> None:
        moves = machine.moves_from(self._definition, self._phase)
        ways: list[tuple[str, Callable[[], None]]] = []
        for move in moves:
            words = self._words.moves[move.id]
            title = f"{words.label} → {self._words.phases[move.to].title}"
            if not machine.may_move(self._definition, move, self._mover):
                self._say(f"    ·  {title}  (only {said_of(self._protocol, self._language, move.by)})")
                continue
            ways.append((title, lambda move=move: self._take(move)))  # type: ignore[misc]
            self._say(f"   {len(ways):>2}  {title}")
            for use, missing in self._lacking(move):
                must = "first" if use.hard else "rather"
                self._say(f"         {must}: {describe(self._protocol, self._language, missing)}")
        if not moves:
            ways.append(("begin again", self._begin_again))
            self._say("    1  begin again")
        ways.append(("be somebody else", self._be_somebody_else))
        self._say(f"   {len(ways):>2}  be somebody else")
        if any(self._lacking(move) for move in moves):
            ways.append(("pretend", self._pretend))
            self._say(f"   {len(ways):>2}  pretend that something is there")
        ways[self._number(len(ways)) - 1][1]()

    def _take(self, move: Move) -> None:
        words = self._words.moves[move.id]
        reason = None
        lacking = self._lacking(move)
        if (lacking or move.reason) and not any(use.hard for use, _missing in lacking):
            self._say("   This asks for a reason, and the reason is kept.\n    1  give one, and go\n    2  not yet")
            if self._number(2) == 2:
                return
            reason = "…"
        try:
            decision = machine.decide(self._pretending(), self._phase, move.id, self._mover, self._facts(), reason)
        except machine.MoveRefused as refused:
            self._say("   Not yet:")
            for missing in refused.missing:
                mends = ", ".join(self._name_of(who) for who in missing.who)
                said = describe(self._protocol, self._language, missing)
                self._say(f"     {said}{f' ({mends})' if mends else ''}")
            return
        if move.confirm is not None:
            self._say(
                f"   The others of who may have {move.confirm.seconds} seconds to say “nog niet”.\n"
                "    1  nobody does\n    2  somebody does"
            )
            if self._number(2) == 2:
                return
        self._phase = decision.to
        self._say(f"   {words.effect}\n   {words.back}")

    def _pretend(self) -> None:
        uses = {
            _key(use): (use, missing)
            for move in machine.moves_from(self._definition, self._phase)
            for use, missing in reversed(self._lacking(move))
        }
        self._say("   What is there?")
        for number, (use, missing) in enumerate(uses.values(), start=1):
            self._say(f"   {number:>2}  {use.name}: {describe(self._protocol, self._language, missing)}")
        self._say(f"   {len(uses) + 1:>2}  all of it")
        chosen = self._number(len(uses) + 1)
        self._pretended |= set(uses) if chosen > len(uses) else {list(uses)[chosen - 1]}

    def _be_somebody_else(self) -> None:
        for number, one in enumerate(self._people, start=1):
            self._say(f"   {number:>2}  {self._named(one)}")
        self._me = self._people[self._number(len(self._people)) - 1]

    def _begin_again(self) -> None:
        self._phase = self._definition.first_phase
        self._pretended.clear()

    def _number(self, most: int) -> int:
        while True:
            typed = self._ask("  > ").strip()
            if typed.isdecimal() and 1 <= int(typed) <= most:
                return int(typed)
            self._say(f"   Type a number from 1 to {most}." if most > 1 else "   Type 1.")

    def _lacking(self, move: Move) -> list[tuple[Requirement, Missing]]:
        found = machine.missing_for(self._definition, move, self._facts())
        return [(use, missing) for use, missing in found if _key(use) not in self._pretended]

    def _pretending(self) -> Definition:
        """The protocol without what one pretends is there."""
        moves = {
            id_: move.model_copy(
                update={"requires": tuple(use for use in move.requires if _key(use) not in self._pretended)}
            )
            for id_, move in self._definition.moves.items()
        }
        return self._definition.model_copy(update={"moves": moves})

    def _facts(self) -> Facts:
        people = tuple(
            Person(_id(one), self._named(one), one.role, one.side, central=one.central, consented=False)
            for one in self._people
            if one.central or one.role != self._definition.central_role
        )
        return Facts(self._frame, people, tuple(one.id for one in people if one.central), datetime.now(UTC).date())

    @property
    def _mover(self) -> machine.Mover:
        return machine.Mover(_id(self._me), self._me.role, self._me.side, self._me.central)

    def _named(self, one: Somebody) -> str:
        return said_of(self._protocol, self._language, ["central_person" if one.central else one.role])

    def _name_of(self, id_: str) -> str:
        return next((self._named(one) for one in self._people if _id(one) == id_), id_)


def _id(one: Somebody) -> str:
    return "central_person" if one.central else one.role


def _key(use: Requirement) -> tuple[str, str | None, int]:
    return use.name, use.of, use.least
