"""Who may: the table of role × phase × board or act that a protocol states. Pure look-ups, no exceptions to them."""

from collections.abc import Iterable
from typing import Literal

from protocols.definition import CENTRAL_PERSON, EVERYONE, Definition


def chosen(selectors: Iterable[str], role: str, side: str, central: bool) -> bool:
    """Tell whether one of the selectors (a role, a side, central_person, everyone) means this person."""
    return any(selector in (EVERYONE, role, side) or (central and selector == CENTRAL_PERSON) for selector in selectors)


def may_act(definition: Definition, phase: str, role: str, side: str, central: bool, act: str) -> bool:
    """Tell whether this person may do an act in a phase. An act the protocol does not name is nobody's."""
    made = definition.acts.get(act)
    return made is not None and (made.phases == "all" or phase in made.phases) and chosen(made.by, role, side, central)


def board_right(
    definition: Definition, phase: str, role: str, side: str, central: bool, board: str
) -> Literal["read", "write"] | None:
    """Tell how this person may use a board in a phase. Absent means no access."""
    rights = definition.phases[phase].boards.get(board)
    if rights is None:
        return None
    if chosen(rights.write, role, side, central):
        return "write"
    return "read" if chosen(rights.read, role, side, central) else None


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
            lines.append(f"  {role} ({made.side}): {' '.join(boards) or '-'} | {' '.join(acts) or '-'}")
        central = [
            act
            for act in definition.acts
            if may_act(definition, phase, "", "", True, act) and not may_act(definition, phase, "", "", False, act)
        ]
        lines.append(f"  central_person, besides their role: {' '.join(central) or '-'}")
    return lines
