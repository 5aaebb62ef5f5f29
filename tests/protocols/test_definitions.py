"""A protocol with a mistake does not load, and the answer says where it is and how to mend it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from protocols.catalogue import LIBRARY, Catalogue, DefinitionError, Protocol, describe, load_protocol
from protocols.requirements import Missing

Content = dict[str, object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Eigen Kracht protocol, to make mistakes in."""
    return Path(shutil.copytree(LIBRARY / "eigen_kracht", tmp_path / "eigen_kracht"))


def mistakes_in(folder: Path) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load_protocol(folder)
    return caught.value.mistakes


def change(file: Path, edit: Callable[..., object]) -> None:
    content = yaml.safe_load(file.read_text())
    edit(content)
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def put(path: str, value: object) -> Callable[[Content], None]:
    """Return an edit that puts a value at a dotted path; a list's place is a number."""

    def edit(content: Content) -> None:
        *way, last = path.split(".")
        part: object = content
        for step in way:
            part = part[int(step)] if isinstance(part, list) else part.setdefault(step, {})  # type: ignore[attr-defined]
        part[last] = value  # type: ignore[index]

    return edit


def take_out(path: str) -> Callable[[Content], None]:
    def edit(content: Content) -> None:
        *way, last = path.split(".")
        part: object = content
        for step in way:
            part = part[step]  # type: ignore[index]
        del part[last]  # type: ignore[attr-defined]

    return edit


STRUCTURE = {
    "an unknown role": (
        put("moves.prepare.by", ["coordinater"]),
        "protocol.yaml, line {line}, moves.prepare.by: there is no role or side “coordinater”; choose one of: ",
    ),
    "a role unknown to a board": (
        put("phases.agreement.boards.plan.read", ["profesional"]),
        "phases.agreement.boards.plan.read: there is no role or side “profesional”",
    ),
    "a board in front that the phase does not have": (
        put("phases.agreement.opens", "private"),
        "phases.agreement.opens: there is no board “private”; choose one of: plan",
    ),
    "an unknown phase": (
        put("moves.prepare.to", "preperation"),
        "moves.prepare.to: there is no phase “preperation”; choose one of: agreement, ",
    ),
    "a misspelt guard": (
        put("moves.to_signing.requires", [{"name": "owner_sayd_yes", "hard": True}]),
        "moves.to_signing.requires: there is no requirement “owner_sayd_yes”; choose one of: ",
    ),
    "an unknown act": (
        put("acts.read_minds", {"by": ["circle"], "phases": "all"}),
        "acts.read_minds: there is no act “read_minds”; choose one of: ",
    ),
    "an unknown board": (
        put("moves.to_signing.freezes", "plann"),
        "moves.to_signing.freezes: there is no board “plann”; choose one of: evaluation, plan, private.",
    ),
    "a key that means nothing": (
        put("phases.circle.minutos", 20),
        "phases.circle.minutos: this key means nothing here; take it out, or mend its spelling.",
    ),
    "a missing key": (take_out("moves.close.back"), "moves.close.back: this is missing; add it."),
    "a phase nothing leads to": (
        put("phases.limbo", {}),
        "phases.limbo: no move ever leads to this phase; add a move to it, or take it out.",
    ),
    "a way back from elsewhere": (
        put("moves.prepare.back", "close"),
        "moves.prepare.back: “close” does not leave “preparation”; name a move that does, or say null.",
    ),
    "a limit in private time": (
        put("phases.private_time.minutes", 60),
        "phases.private_time: private time has no minutes; take them out; change it so.",
    ),
    "a professional in private time": (
        put("phases.private_time.boards.private.read", ["professional"]),
        "phases.private_time.boards.private.read: “professional” is not of the circle, "
        "and this board is the circle's own here; let only circle or its roles in.",
    ),
    "everyone in private time": (
        put("phases.private_time.boards.plan", {"read": ["everyone"]}),
        "phases.private_time.boards.plan.read: “everyone” is not of the circle",
    ),
    "a coordinator who ends private time": (
        put("moves.end_private_time.by", ["circle", "coordinator"]),
        "moves.end_private_time.by: “coordinator” is not of the circle, and only the circle ends private time",
    ),
    "a circle's board that others read later": (
        put("phases.agreement.boards.private", {"read": ["coordinator"]}),
        "phases.agreement.boards.private.read: “coordinator” is not of the circle",
    ),
    "a stop that asks for a reason": (
        put("moves.stop.reason", "required"),
        "moves.stop: stopping is the central person's alone, and asks nothing; by: [central_person]",
    ),
    "an end that goes on": (
        put("phases.evaluation.final", True),
        "phases.evaluation: it is final, but “",
    ),
}


@pytest.mark.parametrize("mistake", STRUCTURE)
def test_a_mistake_in_the_structure_is_refused_with_its_place_and_remedy(folder: Path, mistake: str):
    edit, sentence = STRUCTURE[mistake]
    change(folder / "protocol.yaml", edit)
    found = mistakes_in(folder)
    assert any(_fits(said, sentence) for said in found), found
    assert all(said.startswith("eigen_kracht/protocol.yaml, line ") for said in found), found


def _fits(said: str, sentence: str) -> bool:
    before, _line, after = sentence.partition(", line {line}, ")
    return sentence in said if not after else before in said and after in said


TEXTS = {
    "a missing text": (take_out("moves.stop"), "moves.stop: this text is missing; write it."),
    "a text of nothing": (
        put("moves.stopp", {"label": "a", "effect": "b", "back": "c"}),
        "moves.stopp: nothing in protocol.yaml has this name; take it out, or mend its spelling.",
    ),
    "a placeholder that nothing fills": (
        put("requirements.plan_b", "Wat als {whta} niet lukt?"),
        "requirements.plan_b: it has no {whta} to fill in; it can have: {what}.",
    ),
    "a title too long for a stone": (
        put("phases.signing.title", "Een heel erg lange titel voor een steen"),
        "phases.signing.title: this text has 39 signs, and a phone shows 24 here; say it shorter.",
    ),
    "an empty sentence": (put("moves.stop.effect", ""), "moves.stop.effect: this text is empty; write it."),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("mistake", TEXTS)
def test_a_mistake_in_the_words_is_refused_in_each_language(folder: Path, mistake: str, language: str):
    edit, sentence = TEXTS[mistake]
    change(folder / f"{language}.yaml", edit)
    found = mistakes_in(folder)
    assert len(found) == 1
    assert found[0].startswith(f"eigen_kracht/{language}.yaml, line ")
    assert sentence in found[0]


def test_the_line_it_names_is_the_line_of_the_mistake(folder: Path):
    file = folder / "protocol.yaml"
    file.write_text(file.read_text().replace("to: preparation\n", "to: preperation\n"))
    said = next(said for said in mistakes_in(folder) if "moves.prepare.to" in said)
    line = int(said.split("line ")[1].split(",")[0])
    assert file.read_text().splitlines()[line - 1].strip() == "to: preperation"


def test_a_missing_file_and_broken_yaml_are_told_apart(folder: Path):
    (folder / "en.yaml").unlink()
    assert mistakes_in(folder)[0].endswith("en.yaml: this file is not there; write it.")
    (folder / "protocol.yaml").write_text("id: [eigen_kracht\nversion: 1\n")
    assert "protocol.yaml, line 2: " in mistakes_in(folder)[0]


def test_what_is_said_twice_is_refused_for_yaml_would_keep_the_last_alone(folder: Path):
    file = folder / "protocol.yaml"
    file.write_text(file.read_text() + "  stop: {from: [match], to: stopped, by: [central_person], back: null}\n")
    line = len(file.read_text().splitlines())
    assert mistakes_in(folder) == [
        f"eigen_kracht/protocol.yaml, line {line}: “stop” stands here a second time; mend it here."
    ]


def test_all_mistakes_are_told_at_once(folder: Path):
    change(folder / "nl.yaml", take_out("moves.stop"))
    change(folder / "en.yaml", take_out("moves.stop"))
    assert [said.split(",")[0] for said in mistakes_in(folder)] == ["eigen_kracht/nl.yaml", "eigen_kracht/en.yaml"]


def test_two_protocols_of_one_name_are_refused_with_both_places(folder: Path):
    with pytest.raises(DefinitionError, match="both say to be “eigen_kracht”; rename one") as caught:
        Catalogue.of_library(folder.parent)
    assert str(folder) in caught.value.mistakes[0]
    assert str(LIBRARY / "eigen_kracht") in caught.value.mistakes[0]


def test_a_meeting_keeps_its_protocol_to_the_letter(folder: Path):
    protocol = load_protocol(folder)
    again = Protocol.from_source(protocol.source)
    assert again == protocol
    assert again.sha256 == protocol.sha256
    change(folder / "nl.yaml", put("moves.stop.label", "Ophouden"))
    assert load_protocol(folder).sha256 != protocol.sha256


def test_a_meeting_that_began_with_the_first_format_still_reads_its_protocol():
    first = Protocol.from_source((Path(__file__).parent / "first_eigen_kracht.json").read_text())
    assert first.definition.moves["prepare"].id == "prepare"
    assert first.definition.first_phase == "referral"
    assert first.words("nl").title == "Eigen Kracht-conferentie"
    assert [one.kind for one in first.definition.boards["private"].instruments] == ["plan", "review", "text"]
    assert Protocol.from_source(first.source) == first


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_can_be_missing_only_since_a_meeting_began_has_words_there_too(language: str):
    first = Protocol.from_source((Path(__file__).parent / "first_eigen_kracht.json").read_text())
    assert "doer_gone" not in first.words(language).requirements
    missing = Missing("owner_said_yes", "doer_gone", {"what": "koken"}, ())
    assert "koken" in describe(first, language, missing)
