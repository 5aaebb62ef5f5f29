"""Who may: the table of role × phase × board or act that a protocol states. Pure look-ups, no exceptions to them."""

from collections.abc import Iterable
from typing import Literal, cast

from protocols.definition import CENTRAL_PERSON, EVERYONE, Definition
from protocols.instruments import Voice

Right = Literal["read", "write", "shown"]


def chosen(selectors: Iterable[str], role: str, side: str, central: bool) -> bool:
    """Tell whether one of the selectors (a role, a side, central_person, everyone) means this person."""
    return any(selector in (EVERYONE, role, side) or (central and selector == CENTRAL_PERSON) for selector in selectors)


def may_act(definition: Definition, phase: str, role: str, side: str, central: bool, act: str) -> bool:
    """Tell whether this person may do an act in a phase. An act the protocol does not name is nobody's."""
    made = definition.acts.get(act)
    return made is not None and (made.phases == "all" or phase in made.phases) and chosen(made.by, role, side, central)


def board_right(definition: Definition, phase: str, role: str, side: str, central: bool, board: str) -> Right | None:
    """Tell how this person may use a board in a phase. "shown": only once it was shown to them; absent: no access."""
    rights = definition.phases[phase].boards.get(board)
    if rights is None:
        return None
    for right, people in rights.by_right.items():
        if chosen(people, role, side, central):
            return cast(Right, right)
    return None


def may_answer(voice: Voice, phase: str, role: str, side: str, central: bool) -> bool:
    """Tell whether this person is asked in a scale or round in a phase."""
    return phase in voice.phases and chosen(voice.by, role, side, central)


def may_ask(voice: Voice, phase: str, role: str, side: str, central: bool) -> bool:
    """Tell whether this person asks everybody, and shows the answers, in a phase."""
    return phase in voice.phases and chosen(voice.asked_by, role, side, central)


def table(definition: Definition) -> list[str]:
    """Return the whole table as lines: what each role may do in each phase. It reads on one page."""
    lines = []
    for phase in definition.phases:
        lines.append(f"{phase}:")
        for role, made in definition.roles.items():
            boards = [
                f"{board}={right}"
                for board in definition.boards
                if (right := board_right(definition, phase, role, made.side, False, board))
            ]
            acts = [act for act in definition.acts if may_act(definition, phase, role, made.side, False, act)]
            acts += _voices(definition, phase, role, made.side, False)
            lines.append(f"  {role} ({made.side}): {' '.join(boards) or '-'} | {' '.join(acts) or '-'}")
        central = [
            act
            for act in definition.acts
            if may_act(definition, phase, "", "", True, act) and not may_act(definition, phase, "", "", False, act)
        ]
        central = [
            f"{board}={right}"
            for board in definition.boards
            if (right := board_right(definition, phase, "", "", True, board))
            and not board_right(definition, phase, "", "", False, board)
        ] + central
        central += _voices(definition, phase, "", "", True)
        lines.append(f"  central_person, besides their role: {' '.join(central) or '-'}")
    return lines


def _voices(definition: Definition, phase: str, role: str, side: str, central: bool) -> list[str]:
    everyone = [id_ for id_, voice in definition.voices.items() if central and may_answer(voice, phase, "", "", False)]
    return [
        f"{act}:{id_}"
        for act, may in (("answer", may_answer), ("ask", may_ask))
        for id_, voice in definition.voices.items()
        if may(voice, phase, role, side, central) and id_ not in everyone
    ]
