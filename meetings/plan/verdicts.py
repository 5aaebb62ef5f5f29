"""Whether the plan meets a bottom line: the own voice of who answers for safety (methods.md §3.2, §3.3).

A "voldoende" belongs to the plan as it read then, as a yes belongs to the words of an agreement
(docs/decisions/0005). Where several people may judge, one no holds, until who said it says otherwise.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import rfc8785

from meetings.door import must
from meetings.plan.values import Agreement
from meetings.record import Participant, Record, Voice
from meetings.refusals import NotFound, Refusal
from meetings.voices import latest, said, speak


@dataclass(frozen=True)
class Verdict:
    """What was said of one bottom line, and by whom; `asked_again`: the plan has changed since.

    `enough` is None when nobody said anything, or when a "voldoende" was about another plan.
    """

    enough: bool | None = None
    why: str = ""
    by: tuple[str, ...] = ()
    asked_again: bool = False


def give_verdict(
    record: Record, line: str, enough: bool, why: str, seen: str | None = None, *, by: Participant
) -> None:
    """Say whether the plan meets a bottom line; only who answers for safety does.

    `seen` is the hash of the plan on their screen; when the plan has changed since, nothing is kept.
    Raises NotFound, NotYours, or Refusal "plan_changed".
    """
    must(by, "give_verdict", record)
    if not latest(record, "bottom_line", line):
        raise NotFound("no_such_bottom_line")
    plan = plan_hash(record)
    if seen is not None and seen != plan:
        raise Refusal("plan_changed")
    speak(record, by, "verdict", line, {"enough": enough, "why": why.strip(), "plan": plan})


def verdicts(record: Record) -> dict[str, Verdict]:
    """Return the verdict on each bottom line that was judged, by the line's id.

    A no stays also when the plan has changed: the circle mends its plan with that no before it, and somebody
    else who may judge does not take it away. Who said it is asked again.
    """
    judged: dict[str, list[Voice]] = {}
    for (_who, line), voice in latest(record, "verdict").items():
        judged.setdefault(line, []).append(voice)
    plan = plan_hash(record) if judged else ""
    return {line: _together(sorted(voices, key=lambda one: one.at), plan) for line, voices in judged.items()}


def verdict_of(record: Record, line: str, who: str) -> bool | None:
    """Return what `who` says of the plan as it reads now, or None."""
    value = said(record, who, "verdict", line)
    return value["enough"] if value is not None and _about(value, plan_hash(record)) else None


def plan_hash(record: Record) -> str:
    """SHA-256 over what the plan says, and what else stands on its board; what is ticked off is no other plan."""
    values = record.plan_values
    nothing = Agreement(row="nothing").hash
    board = record.plan_replica.address.board if record.plan_replica is not None else ""
    says: dict[str, Any] = {
        "agreements": sorted({agreement.hash for agreement in values.agreements} - {nothing}),
        "review": values.review.model_dump(mode="json"),
        "beside": {id_: _says(value) for id_, value in record.written.get(board, {}).items()},
    }
    return hashlib.sha256(rfc8785.dumps(says)).hexdigest()


def _together(voices: list[Voice], plan: str) -> Verdict:
    no = [voice for voice in voices if not voice.value["enough"]]
    yes = [voice for voice in voices if voice.value["enough"] and _about(voice.value, plan)]
    counts = no or yes
    if not counts:
        return Verdict(asked_again=True)
    return Verdict(
        enough=not no,
        why=counts[-1].value["why"],
        by=tuple(voice.participant for voice in counts),
        asked_again=not all(_about(voice.value, plan) for voice in counts),
    )


def _about(value: dict[str, Any], plan: str) -> bool:
    # Verdicts from before they were kept with their plan are asked anew: nothing tells which plan they were about.
    return bool(value.get("plan") == plan)


def _says(value: Any) -> Any:
    if isinstance(value, tuple):
        return [line.model_dump(mode="json", exclude={"row", "done"}) for line in value if not line.is_blank]
    if isinstance(value, dict):
        return {house: made.model_dump(mode="json") for house, made in value.items()}
    return value
