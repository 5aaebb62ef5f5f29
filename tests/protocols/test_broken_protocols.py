"""`rondom protocol check` refuses each of these broken protocols, and says what is wrong and what to do.

Each is one change away from a sound one: a meeting with private time, a scale, a plan that is frozen, and a look back.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from app.command_line import main
from protocols.catalogue import Protocol, load_protocol, usual_words
from protocols.checks_words import sentences_needed
from protocols.definition import Definition

SOUND = """
id: sound
languages: [nl, en]
central_role: youth
roles:
  coordinator: facilitator
  youth: circle
  parent: circle
  family: circle
  teacher: professional
  safety_owner: professional
boards:
  ours: {circle: true, instruments: [plan, review, text]}
  plan: [plan, review]
  map: [{id: worries, kind: list, most: 5}, pairs]
voices:
  safe: {kind: scale, by: [circle], asked_by: [coordinator], phases: [talk]}
acts:
  see_people: {by: [everyone], phases: all}
  add_person: {by: [coordinator, circle], phases: [prepare]}
  manage_people: {by: [coordinator], phases: [prepare, talk]}
  consent: {by: [central_person, parent], phases: [prepare]}
  set_question: {by: [circle, coordinator], phases: [prepare]}
  say_go: {by: [central_person, parent], phases: [prepare]}
  say_no_questions: {by: [circle], phases: [talk]}
  answer_agreement: {by: [circle, teacher], phases: [agree]}
  set_bottom_line: {by: [safety_owner], phases: [talk]}
  give_verdict: {by: [safety_owner], phases: [agree]}
  sign: {by: [circle, teacher], phases: [signing]}
  read_plan: {by: [everyone], phases: [signing, done]}
phases:
  prepare: {}
  talk: {boards: {map: {write: [circle, coordinator], read: [professional]}}}
  alone: {private: true, boards: {ours: {write: [circle]}}}
  agree: {boards: {plan: {write: [circle, coordinator], read: [professional]}}}
  signing: {boards: {plan: {read: [everyone]}}}
  done: {final: true}
  stopped: {final: true}
moves:
  begin:
    from: [prepare]
    to: talk
    by: [coordinator]
    requires: [invites_consented, question_set, central_person_go, {name: people_of, hard: false, of: family}]
    back: prepare_more
  prepare_more: {from: [talk], to: prepare, by: [coordinator], direction: back, back: begin}
  close_the_door:
    from: [talk]
    to: alone
    by: [coordinator]
    requires:
      - info_same
      - {name: written, hard: true, of: map.worries, least: 2}
      - {name: scale_shown, hard: true, of: safe}
    back: talk_more
  talk_more: {from: [alone], to: talk, by: [circle], confirm: {seconds: 30}, direction: back, back: close_the_door}
  open_the_door:
    from: [alone]
    to: agree
    by: [circle]
    requires: [{name: something_to_show, hard: false}]
    confirm: {seconds: 30}
    releases: {from: ours, to: plan}
    back: alone_again
  alone_again:
    from: [agree]
    to: alone
    by: [coordinator, safety_owner]
    reason: required
    copies: {from: plan, to: ours}
    direction: back
    back: open_the_door
  to_signing:
    from: [agree]
    to: signing
    by: [coordinator]
    requires: [www, owner_said_yes, review_dated, {name: bottomlines_met, hard: true, frames: [compulsory]}]
    freezes: plan
    back: change
  change: {from: [signing], to: agree, by: [coordinator], reason: required, direction: back, back: to_signing}
  finish: {from: [signing], to: done, by: [circle], requires: [{name: signed_by, hard: false}], back: null}
  stop: {from: [prepare, talk, alone, agree], to: stopped, by: [central_person], direction: stop, back: null}
"""

Edit = Callable[[dict[str, Any]], object]


def put(path: str, value: object) -> Edit:
    """Put a value at a dotted path."""

    def edit(content: dict[str, Any]) -> None:
        *way, last = path.split(".")
        part: Any = content
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[int(last) if isinstance(part, list) else last] = value

    return edit


def take_out(path: str) -> Edit:
    def edit(content: dict[str, Any]) -> None:
        *way, last = path.split(".")
        part: Any = content
        for step in way:
            part = part[step]
        del part[last]

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(content: dict[str, Any]) -> None:
        for one in edits:
            one(content)

    return edit


# What is broken: the change, where it is told, what is told, and the remedy.
BROKEN: dict[str, tuple[Edit, str, str, str]] = {
    "a misspelt role": (
        put("moves.begin.by", ["coordinater"]),
        "moves.begin.by",
        "There is no role or side “coordinater”.",
        "Choose one of: central_person, circle, coordinator, ",
    ),
    "a misspelt guard": (
        put("moves.begin.requires", ["question_sat"]),
        "moves.begin.requires",
        "There is no requirement “question_sat”.",
        "Choose one of: all_prepared, ",
    ),
    "a guard that looks at a part that is not there": (
        put("moves.close_the_door.requires.1.of", "map.wishes"),
        "moves.close_the_door.requires.1.of",
        "There is no instrument “map.wishes”.",
        "Choose one of: map.pairs, map.worries, ",
    ),
    "a guard that does not say what it looks at": (
        put("moves.close_the_door.requires.1", "written"),
        "moves.close_the_door.requires.1",
        "“written” needs to know of which instrument.",
        "Add `of`.",
    ),
    "a phase that no move leads to": (
        put("phases.limbo", {}),
        "phases.limbo",
        "No move ever leads to this phase.",
        "Add a move to it, or take it out.",
    ),
    "a phase from which only stopping leads to an end": (
        all_of(take_out("moves.finish"), take_out("phases.done"), put("acts.read_plan.phases", ["signing"])),
        "phases.signing",
        "From here no end can be reached, but by stopping.",
        "Add a move towards a final phase.",
    ),
    "an end that goes on": (
        put("phases.signing.final", True),
        "phases.signing",
        "It is final, but “change” leaves it.",
        "Take one of the two out.",
    ),
    "a move by a side that nobody stands on": (
        put("moves.finish.by", ["neutral"]),
        "moves.finish.by",
        "No role of this protocol stands on the side “neutral”.",
        "Choose others, or add such a role.",
    ),
    "a way back that leaves from elsewhere": (
        put("moves.begin.back", "change"),
        "moves.begin.back",
        "“change” does not leave “talk”.",
        "Name a move that does, or say null.",
    ),
    "a way back that leads on": (
        put("moves.begin.back", "close_the_door"),
        "moves.begin.back",
        "“close_the_door” leads on to “alone”, and not back to “prepare” or before it.",
        "Name a move that leads back, or say null.",
    ),
    "a move without a word on the way back": (
        take_out("moves.finish.back"),
        "moves.finish.back",
        "This is missing.",
        "Add it.",
    ),
    "a guard that nobody can ever satisfy": (
        take_out("acts.set_question"),
        "moves.begin.requires.1",
        "In “prepare” nobody can do what “question_set” asks for, nor in a phase before it.",
        "Let somebody set_question in “prepare”, or make it soft.",
    ),
    "a guard that is asked before anybody can satisfy it": (
        put("acts.say_no_questions.phases", ["agree"]),
        "moves.close_the_door.requires.0",
        "In “talk” nobody can do what “info_same” asks for, nor in a phase before it.",
        "Let the whole circle say_no_questions in “talk”, or make it soft.",
    ),
    "a guard that not everybody who is waited for can satisfy": (
        put("acts.say_no_questions.by", ["youth", "parent"]),
        "moves.close_the_door.requires.0",
        "In “talk” nobody can do what “info_same” asks for, nor in a phase before it.",
        "Let the whole circle say_no_questions in “talk”, or make it soft.",
    ),
    "a guard on a plan that nobody writes": (
        all_of(put("phases.agree.boards.plan", {"read": ["everyone"]}), take_out("moves.open_the_door.releases")),
        "moves.to_signing.requires.0",
        "In “agree” nobody can do what “www” asks for, nor in a phase before it.",
        "Let somebody write the board “plan” in “agree”, or make it soft.",
    ),
    "a guard on a board that nobody writes": (
        put("phases.talk.boards.map", {"read": ["everyone"]}),
        "moves.close_the_door.requires.1",
        "In “talk” nobody can do what “written” asks for, nor in a phase before it.",
        "Let somebody write the board “map” in “talk”, or make it soft.",
    ),
    "a guard on a scale that nobody is asked then": (
        put("voices.safe.phases", ["agree"]),
        "moves.close_the_door.requires.2",
        "In “talk” nobody can do what “scale_shown” asks for, nor in a phase before it.",
        "Add “talk” to the phases of the voice “safe”, or make it soft.",
    ),
    "a soft guard that nobody can satisfy": (
        put("acts.sign.phases", ["done"]),
        "moves.finish.requires.0",
        "In “signing” nobody can do what “signed_by” asks for, nor in a phase before it.",
        "Let the whole circle sign in “signing”, or take it out.",
    ),
    "a guard that asks for more than there is room for": (
        put("moves.close_the_door.requires.1.least", 6),
        "moves.close_the_door.requires.1.least",
        "“map.worries” has room for 5, and this asks for 6.",
        "Ask for fewer, or give it more room.",
    ),
    "a guard that can fail where nobody can mend it any more": (
        all_of(
            put("acts.say_no_questions.phases", ["prepare"]),
            put("acts.add_person.phases", ["prepare", "talk"]),
            put("acts.consent.phases", ["prepare", "talk"]),
            take_out("moves.prepare_more"),
            put("moves.begin.back", None),
        ),
        "phases.talk",
        "From here no end can be reached once “info_same” fails: “close_the_door” asks for it, and nobody can mend "
        "it here or on the way.",
        "Let the whole circle say_no_questions in “talk”, or add a way back to where it can be mended.",
    ),
    "a guard that can fail in the compulsory frame alone": (
        all_of(
            put("moves.to_signing.requires.3.name", "bottomlines_readable"),
            put("acts.set_late_bottom_line", {"by": ["safety_owner"], "phases": ["signing", "agree"]}),
            put("moves.open_the_door.back", None),
            take_out("moves.alone_again"),
            take_out("moves.talk_more"),
            put("moves.close_the_door.back", None),
        ),
        "phases.agree",
        "When the frame is compulsory, from here no end can be reached once “bottomlines_readable” fails: “to_signing” "
        "asks for it, and nobody can mend it here or on the way.",
        "Let somebody set_bottom_line in “agree”, or add a way back to where it can be mended.",
    ),
    "a verdict on a plan that the circle has not shown yet": (
        put("acts.give_verdict.phases", ["talk"]),
        "phases.signing",
        "When the frame is compulsory, nobody ever gets here: “to_signing” asks for “bottomlines_met”, which never "
        "holds then.",
        "Let somebody give_verdict in “agree”, or make it soft.",
    ),
    "a central person who judges their own plan": (
        put("acts.give_verdict.by", ["safety_owner", "central_person"]),
        "acts.give_verdict.by",
        "“central_person” lets the circle judge its own plan.",
        "Name who answers for safety, from: coordinator, teacher, safety_owner.",
    ),
    "everybody judging the plan": (
        put("acts.give_verdict.by", ["everyone"]),
        "acts.give_verdict.by",
        "“everyone” lets the circle judge its own plan.",
        "Name who answers for safety, from: coordinator, teacher, safety_owner.",
    ),
    "a professional on the circle's own board": (
        put("phases.agree.boards.ours", {"read": ["teacher"]}),
        "phases.agree.boards.ours.read",
        "“teacher” is not of the circle, and this board is the circle's own here.",
        "Let only circle or its roles in.",
    ),
    "a coordinator with another board in private time": (
        put("phases.alone.boards.map", {"write": ["circle", "coordinator"]}),
        "phases.alone.boards.map.write",
        "“coordinator” is not of the circle, and this board is the circle's own here.",
        "Let only circle or its roles in.",
    ),
    "a board that is shown to professionals in private time": (
        put("phases.alone.boards.map", {"shown": ["professional"]}),
        "phases.alone.boards.map.shown",
        "“professional” is not of the circle, and this board is the circle's own here.",
        "Let only circle or its roles in.",
    ),
    "a scale that everybody answers in private time": (
        all_of(put("voices.safe.phases", ["talk", "alone"]), put("voices.safe.by", ["everyone"])),
        "voices.safe.by",
        "“everyone” is not of the circle, and “alone” is private.",
        "Let only circle or its roles answer and ask there, or ask in another phase.",
    ),
    "a coordinator who ends private time": (
        put("moves.open_the_door.by", ["circle", "coordinator"]),
        "moves.open_the_door.by",
        "“coordinator” is not of the circle, and only the circle ends private time.",
        "Let only circle, its roles or central_person make this move.",
    ),
    "private time that ends at one person's word": (
        take_out("moves.open_the_door.confirm"),
        "moves.open_the_door",
        "It ends “alone” at one person's word.",
        "Add confirm: {seconds: 30}, so that the others can still say “nog niet”.",
    ),
    "a clock in private time": (
        put("phases.alone.minutes", 60),
        "phases.alone",
        "Private time has no minutes; take them out.",
        "Change it so.",
    ),
    "a meeting about somebody who is not of the circle": (
        put("central_role", "teacher"),
        "central_role",
        "“teacher” is not of the circle, and the meeting is about somebody of the circle.",
        "Choose one of: youth, parent, family.",
    ),
    "a phase in which the central person cannot stop": (
        put("moves.stop.from", ["prepare", "alone", "agree"]),
        "phases.talk",
        "The central person cannot stop the meeting here.",
        "Add talk to the `from` of a move with direction: stop.",
    ),
    "a stop that asks why": (
        put("moves.stop.reason", "required"),
        "moves.stop",
        "Stopping is the central person's alone, and asks nothing.",
        "By: [central_person], without requires, reason or confirm.",
    ),
    "a stop that does not end the meeting": (
        put("moves.stop.to", "signing"),
        "moves.stop.to",
        "It stops the meeting, but “signing” goes on.",
        "Lead to an end.",
    ),
    "a number for what somebody may not read": (
        all_of(
            put("voices.safe.of", "map.pairs"),
            put("voices.safe.by", ["circle", "teacher"]),
            put("phases.talk.boards.map.read", []),
        ),
        "voices.safe",
        "In talk, “teacher” is shown what stands on “map”, and may not read it there.",
        "Let teacher read map in talk, or leave teacher out here.",
    ),
    "a scale that nobody of this protocol answers": (
        put("voices.safe.by", ["neutral"]),
        "voices.safe.by",
        "No role of this protocol stands on the side “neutral”.",
        "Choose others, or add such a role.",
    ),
    "a board that is frozen and has no plan": (
        put("moves.to_signing.freezes", "map"),
        "moves.to_signing.freezes",
        "“map” is not the board with everybody's plan.",
        "Name “plan”.",
    ),
    "a circle that shows what is not its own": (
        put("moves.open_the_door.releases.from", "map"),
        "moves.open_the_door.releases.from",
        "“map” is no board of the circle's own with a plan.",
        "Name one that is.",
    ),
    "two parts of one name on a board": (
        put("boards.map", [{"id": "worries", "kind": "list"}, {"id": "worries", "kind": "text"}]),
        "boards.map",
        "Two parts of this board are called “worries”.",
        "Give each a name of its own.",
    ),
    "five columns": (
        put("boards.map", [{"id": "worries", "kind": "columns", "columns": {c: [] for c in "abcde"}}, "pairs"]),
        "boards.map.0.columns.columns",
        "5 stand here, and it takes at most 4.",
        "Change it so.",
    ),
    "a list in two columns": (
        put("boards.map", [{"id": "worries", "kind": "columns", "columns": {"a": ["x"], "b": ["x"]}}, "pairs"]),
        "boards.map",
        "The list “x” stands in two columns of “worries”.",
        "Give each a name of its own.",
    ),
    "nobody who leads": (
        put("roles.coordinator", "neutral"),
        "roles",
        "Nobody leads the meeting.",
        "Add a role with the side facilitator.",
    ),
    "nobody who decides for a young child": (
        all_of(take_out("roles.parent"), put("acts.consent.by", ["central_person"]), put("acts.say_go.by", ["youth"])),
        "acts.consent",
        "For a child under twelve the parents decide this, and there is no role “parent”.",
        "Add it: parent: {side: circle}.",
    ),
    "a number below what there can be": (
        put("moves.close_the_door.requires.1.least", 0),
        "moves.close_the_door.requires.1.least",
        "0 is too little here.",
        "Write 1 or more.",
    ),
    "a number above what there can be": (
        put("boards.map.0.most", 500),
        "boards.map.0.most",
        "500 is too much here.",
        "Write 100 or less.",
    ),
    "a day for a number": (
        put("version", date(2026, 1, 1)),
        "version",
        "A whole number belongs here.",
        "Write one, such as 1.",
    ),
    "a half for a number": (
        put("version", 1.5),
        "version",
        "A whole number belongs here.",
        "Write one, such as 1.",
    ),
    "a language that is there twice": (
        put("languages", ["nl", "en", "nl"]),
        "languages",
        "“nl” stands here a second time.",
        "Take one of the two out.",
    ),
    "a country that YAML takes for a no": (
        put("languages", ["nl", False]),
        "languages.1",
        "A text belongs here.",
        "Write one, in quotes where it looks like a number, a day, or yes or no.",
    ),
    "a part that needs more than its name": (
        put("boards.plan", ["plan", "review", "columns"]),
        "boards.plan.2",
        "“columns” says too little by its name alone: the key “columns” is missing.",
        "Write it out: {id: columns, kind: columns, columns: …}.",
    ),
    "people who are invited and never let in": (
        put("acts.add_person.phases", ["done"]),
        "acts.add_person",
        "Whoever is put on the list in “done” never comes in, for nobody can say yes to them.",
        "Let central_person and parent consent in “done”.",
    ),
    "a step that asks anew what no step requires": (
        put("moves.prepare_more.asks_anew", ["meeting_appointed"]),
        "moves.prepare_more.asks_anew",
        "No step ever requires “meeting_appointed”.",
        "Take it out.",
    ),
    "a step that asks anew what nobody can give any more": (
        all_of(
            put("acts.set_appointment", {"by": ["coordinator"], "phases": ["prepare"]}),
            put("moves.close_the_door.requires", ["meeting_appointed"]),
            put("moves.begin.back", None),
            take_out("moves.prepare_more"),
            put("moves.talk_more.asks_anew", ["meeting_appointed"]),
        ),
        "phases.talk",
        "From here no end can be reached once “meeting_appointed” fails: “close_the_door” asks for it, and nobody can "
        "mend it here or on the way.",
        "Let somebody set_appointment in “talk”, or add a way back to where it can be mended.",
    ),
}

IN_WORDS: dict[str, tuple[Edit, str, str, str]] = {
    "a move without words": (take_out("moves.stop"), "moves.stop", "This text is missing.", "Write it."),
    "a button too wide for a phone": (
        put("moves.stop.label", "Ik wil dat deze bijeenkomst nu stopt"),
        "moves.stop.label",
        "This text has 36 signs, and a phone shows 34 here.",
        "Say it shorter.",
    ),
    "a question too long for a phone": (
        put("phases.talk.questions", ["Wat " * 40]),
        "phases.talk.questions.0",
        "This text has 160 signs, and a phone shows 140 here.",
        "Say it shorter.",
    ),
    "a sentence too long for a phone": (
        put("phases.talk.sentence_circle", "Praat. " * 30),
        "phases.talk.sentence_circle",
        "This text has 210 signs, and a phone shows 200 here.",
        "Say it shorter.",
    ),
    "a sentence that its comma cut in two": (
        put("phases.talk.do", ["Vraag", "en wacht op het antwoord."]),
        "phases.talk.do.1",
        "It begins with a small letter, so it may be half a sentence.",
        "Put a sentence that has a comma between quotes, or begin with a capital.",
    ),
    "a board's title too long for a phone": (
        put("boards.map", "Kaart" * 32),
        "boards.map",
        "This text has 160 signs, and a phone shows 40 here.",
        "Say it shorter.",
    ),
    "a board without a title": (put("boards.map", ""), "boards.map", "This text is empty.", "Write it."),
    "a role of blanks": (put("roles.teacher", "   "), "roles.teacher", "This text is empty.", "Write it."),
    "a role that is told at length": (
        put("roles.teacher", "wie op school het meest met ons meedenkt en meedoet"),
        "roles.teacher",
        "This text has 51 signs, and a phone shows 40 here.",
        "Say it shorter.",
    ),
    "a sentence of blanks": (put("moves.stop.effect", " \n "), "moves.stop.effect", "This text is empty.", "Write it."),
    "a label of blanks": (
        put("instruments.worries", {"title": "\t"}),
        "instruments.worries.title",
        "This text is empty.",
        "Write it.",
    ),
    "a scale whose ends have no words": (
        put("voices.safe", {"title": "Veilig", "question": "Hoe veilig is het nu?"}),
        "voices.safe",
        "The ends of this scale have no words.",
        "Write low and high.",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sound protocol, in a folder."""
    folder = tmp_path / "sound"
    folder.mkdir()
    (folder / "protocol.yaml").write_text(SOUND)
    return folder


def write(folder: Path, edit: Edit | None, edit_words: Edit | None = None) -> None:
    content = yaml.safe_load(SOUND)
    if edit is not None:
        edit(content)
    (folder / "protocol.yaml").write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    words = words_for(Definition.model_validate(yaml.safe_load(SOUND)))
    (folder / "en.yaml").write_text(yaml.safe_dump(words))
    if edit_words is not None:
        edit_words(words)
    (folder / "nl.yaml").write_text(yaml.safe_dump(words, sort_keys=False, allow_unicode=True))


def words_for(definition: Definition) -> dict[str, Any]:
    """Words for all of a definition."""
    usual = usual_words("nl")
    assert usual is not None
    said = {f"sentence_{side}": "Dit is nu." for side in ("circle", "professional", "facilitator")}
    return {
        "title": "Proef",
        "summary": "Een proef.",
        "notice": "Een proef.",
        "roles": {role: role for role in definition.roles if role not in usual.roles},
        "boards": {board: board for board in definition.boards},
        "instruments": {id_: {"title": id_} for id_ in definition.worded_instruments()},
        "voices": {
            id_: {"title": id_, "question": "Hoe?", "low": "slecht", "high": "goed"} for id_ in definition.voices
        },
        "phases": {phase: {"title": phase, **said} for phase in definition.phases},
        "moves": {id_: {"label": id_, "effect": "Verder.", "back": "Terug kan."} for id_ in definition.moves},
        "requirements": {key: key for key in sentences_needed(definition) if key not in usual.requirements},
    }


def told(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["protocol", "check", str(folder)])
    return result.exit_code, result.stdout


def test_the_protocol_they_are_all_one_change_away_from_is_sound(folder: Path):
    write(folder, None)
    code, said = told(folder)
    assert (code, said[:17]) == (0, "✓ sound is sound:"), said


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_protocol_is_refused_with_the_place_the_reason_and_the_remedy(folder: Path, mistake: str):
    edit, place, problem, remedy = BROKEN[mistake]
    write(folder, edit)
    code, said = told(folder)
    assert code == 1
    assert _tells(said, "sound/protocol.yaml", place, problem, remedy), said


@pytest.mark.parametrize("mistake", IN_WORDS)
def test_broken_words_are_refused_with_the_place_the_reason_and_the_remedy(folder: Path, mistake: str):
    edit, place, problem, remedy = IN_WORDS[mistake]
    write(folder, None, edit)
    code, said = told(folder)
    assert code == 1
    assert _tells(said, "sound/nl.yaml", place, problem, remedy), said
    assert said.count("✗") == 1


def test_a_name_that_yaml_takes_for_yes_or_no_is_told_by_what_was_written(folder: Path):
    write(folder, None)
    file = folder / "protocol.yaml"
    lines = SOUND.replace("  teacher: professional\n", "  no: professional\n").splitlines()
    file.write_text("\n".join(lines))
    code, said = told(folder)
    assert code == 1
    assert f"sound/protocol.yaml:{1 + lines.index('  no: professional')}\n" in said
    assert '  “no” is no name to YAML, but yes or no.\n  → Put it between quotes: "no".\n' in said
    file.write_text("\n".join(lines).replace("  no: professional", "  2026-01-01: professional"))
    assert "  “2026-01-01” is no name to YAML, but a number or a day.\n  → Put it between" in told(folder)[1]


@pytest.mark.parametrize("lost", ["phases", "moves"])
def test_of_a_key_that_was_lost_is_told_first_for_all_else_follows_from_it(folder: Path, lost: str):
    write(folder, None)
    (folder / "protocol.yaml").write_text(SOUND.replace(f"\n{lost}:\n", "\n"))
    said = told(folder)[1]
    assert said.startswith("✗ ")
    assert said.split("\n")[0].endswith(f"protocol.yaml:2  {lost}"), said
    assert said.split("\n")[1] == "  This is missing."


def test_titles_are_taken_without_the_blanks_around_them(folder: Path):
    write(folder, None, all_of(put("boards.map", "  Kaart "), put("roles.teacher", " juf\n")))
    words = load_protocol(folder).words("nl")
    assert (words.boards["map"], words.roles["teacher"]) == ("Kaart", "juf")


def test_a_meeting_that_began_before_titles_had_limits_keeps_its_own(folder: Path):
    write(folder, None)
    protocol = load_protocol(folder)
    kept = protocol.source.replace('"map":"map"', f'"map":"{" Kaart" * 20}"')
    again = Protocol.from_source(kept)
    assert again.words("nl").boards["map"] == " Kaart" * 20
    assert again.source == kept


def test_most_mistakes_are_told_once_and_bring_no_others_along(folder: Path):
    alone = 0
    for edit, *_told in BROKEN.values():
        write(folder, edit)
        alone += told(folder)[1].count("✗") == 1
    assert alone / len(BROKEN) > 0.8


def _tells(said: str, file: str, place: str, problem: str, remedy: str) -> bool:
    for mistake in said.split("✗ ")[1:]:
        where, what, then, *_rest = mistake.split("\n")
        named, at = where.split("  ")
        known = named.rsplit(":", 1)[0] if named.rsplit(":", 1)[-1].isdecimal() else named
        if known.endswith(file) and (at, what.strip()) == (place, problem) and then.strip().startswith(f"→ {remedy}"):
            return True
    return False
