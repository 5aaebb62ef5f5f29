"""Writes a protocol as a Mermaid state diagram: for documents, and for whoever reviews a change of one."""

from protocols.catalogue import Protocol, said_of
from protocols.definition import Move


def mermaid(protocol: Protocol, language: str) -> str:
    """Return the state diagram of a protocol, with its words in a language."""
    definition, words = protocol.definition, protocol.words(language)
    lines = ["stateDiagram-v2"]
    lines += [f"    state {_quoted(words.phases[id_].title)} as {id_}" for id_ in definition.phases]
    lines.append(f"    [*] --> {definition.first_phase}")
    for move in definition.moves.values():
        lines += [f"    {phase} --> {move.to}: {_said(protocol, language, move)}" for phase in move.from_]
    lines += [f"    {id_} --> [*]" for id_, phase in definition.phases.items() if phase.final]
    private = [id_ for id_, phase in definition.phases.items() if phase.private]
    if private:
        lines.append("    classDef private fill:#2b3350,color:#ffffff,stroke:#2b3350")
        lines.append(f"    class {','.join(private)} private")
    return "\n".join(lines) + "\n"


def _said(protocol: Protocol, language: str, move: Move) -> str:
    who = said_of(protocol, language, move.by)
    hard = sum(use.hard for use in move.requires)
    soft = len(move.requires) - hard
    asks = f" [{hard}+{soft}]" if soft else f" [{hard}]" if hard else ""
    return _plain(f"{protocol.words(language).moves[move.id].label} ({who}){asks}")


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """Without the signs that end a label in Mermaid."""
    return text.replace('"', "”").replace(":", ",").replace(";", ",").replace("\n", " ")
