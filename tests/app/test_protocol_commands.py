"""`rondom protocol` in a terminal, and where an installation finds its protocols."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from typer.testing import CliRunner, Result

from app.command_line import main
from protocols.catalogue import LIBRARY, Catalogue, DefinitionError
from tests.running import RunningRondom

LIBRARY_IDS = sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "protocol.yaml").exists())


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RONDOM_PROTOCOLS", raising=False)
    monkeypatch.chdir(tmp_path)


def rondom(*arguments: str, typed: Iterable[str] = ()) -> Result:
    return CliRunner().invoke(main, ["protocol", *arguments], input="".join(f"{line}\n" for line in typed))


def begun(name: str, folder: Path) -> Path:
    result = rondom("new", name, "--folder", str(folder))
    assert result.exit_code == 0, result.output
    return folder / name


def break_it(folder: Path) -> None:
    file = folder / "protocol.yaml"
    file.write_text(file.read_text().replace("to: signing", "to: singing"))


def package(folder: Path, name: str, module: str) -> None:
    """An installed package that says to bring protocols."""
    (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
    (folder / f"{name}-1.0.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (folder / f"{name}-1.0.dist-info" / "entry_points.txt").write_text(f"[rondom.protocols]\n{name} = {module}\n")


def test_a_new_protocol_is_sound_as_it_is_and_points_the_editor_at_the_schemas(tmp_path: Path):
    folder = begun("our_way", tmp_path)
    said = rondom("check", str(folder))
    assert (said.exit_code, said.stdout[:20]) == (0, "✓ our_way is sound: "), said.stdout
    for file in folder.iterdir():
        first = file.read_text().splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=..")
        assert (folder / first.split("$schema=")[1]).resolve().exists()


def test_new_writes_over_nothing(tmp_path: Path):
    begun("our_way", tmp_path)
    for name, sentence in (
        ("our_way", "is there already"),
        ("eigen_kracht", "There is a protocol “eigen_kracht” already"),
        ("Our way", "“Our way” is no name"),
    ):
        said = rondom("new", name, "--folder", str(tmp_path))
        assert said.exit_code == 2
        assert sentence in said.stderr


def test_new_puts_it_where_the_installation_has_its_protocols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RONDOM_PROTOCOLS", f"{tmp_path / 'ours'}")
    (tmp_path / "ours").mkdir()
    assert rondom("new", "our_way").exit_code == 0
    assert rondom("check", "our_way").exit_code == 0


def test_list_shows_each_protocol_with_its_place_in_a_fixed_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    begun("a_way", tmp_path / "two")
    begun("z_way", tmp_path / "one")
    for order in ("one", "two"), ("two", "one"):
        monkeypatch.setenv("RONDOM_PROTOCOLS", ":".join(str(tmp_path / folder) for folder in order))
        said = rondom("list")
        assert said.exit_code == 0
        assert [line.split()[0] for line in said.stdout.splitlines()] == ["a_way", *LIBRARY_IDS, "z_way"]
    assert "two/a_way" in said.stdout


def test_check_without_a_name_looks_at_all_and_a_broken_one_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a_way", "b_way"):
        break_it(begun(name, tmp_path))
    monkeypatch.setenv("RONDOM_PROTOCOLS", str(tmp_path))
    said = rondom("check")
    assert said.exit_code == 1
    assert said.stdout.count("There is no phase “singing”.") == 2
    assert said.stdout.count("✓") == len(LIBRARY_IDS)
    assert rondom("check", "eigen_kracht").exit_code == 0
    listed = rondom("list")
    assert listed.exit_code == 1
    assert "1 mistake" in next(line for line in listed.stdout.splitlines() if line.startswith("a_way"))


def as_latin_1(file: Path) -> None:
    file.write_bytes(file.read_text().replace("Tekenen", "Ondertékenen").encode("latin-1"))


def with_a_nul(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"Tekenen", b"Teken\0en"))


def as_utf_16(file: Path) -> None:
    file.write_bytes(file.read_text().encode("utf-16"))


def as_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def with_no_such_day(file: Path) -> None:
    file.write_text(file.read_text() + "\nnotice_of: 2026-13-45\n")


def holding_itself(file: Path) -> None:
    file.write_text("boards: &itself {more: *itself}\n")


SPOILT: dict[Callable[[Path], None], tuple[str, str]] = {
    as_latin_1: ("This letter is not written in UTF-8.", "Save it as UTF-8."),
    with_a_nul: ("A sign that nobody sees stands in this line.", "Write the line anew."),
    as_utf_16: ("This letter is not written in UTF-8.", "Save it as UTF-8."),
    as_a_folder: ("This is a folder, and a file belongs here.", "Take it away, and write a file of this name."),
    with_no_such_day: (
        "A date or number that cannot be (month must be in 1..12).",
        "Put it between quotes if it is a text.",
    ),
    holding_itself: ("Its parts stand in each other without an end.", "Write each part out."),
}


@pytest.mark.parametrize("name", ["nl.yaml", "protocol.yaml"])
@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_a_file_that_cannot_even_be_read_is_told_in_words_and_hides_no_other(
    spoil: Callable[[Path], None], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("RONDOM_PROTOCOLS", str(tmp_path))
    file = begun("a_way", tmp_path) / name
    file.write_text(file.read_text() + "# Tekenen\n")
    spoil(file)
    problem, remedy = SPOILT[spoil]
    said = rondom("check")
    assert isinstance(said.exception, SystemExit), said.exception
    assert f"a_way/{name}" in said.stdout
    assert f"  {problem}\n  → {remedy}\n" in said.stdout
    assert said.stdout.count("✓") == len(LIBRARY_IDS)
    assert rondom("check", "eigen_kracht").exit_code == 0
    (listed,) = (line for line in rondom("list").stdout.splitlines() if line.startswith("a_way"))
    assert "1 mistake" in listed
    with pytest.raises(DefinitionError, match=f"a_way/{name}"):
        Catalogue.of_library(tmp_path)


def test_a_file_that_the_machine_does_not_give_is_told_with_what_it_says(tmp_path: Path):
    file = begun("a_way", tmp_path) / "nl.yaml"
    file.unlink()
    file.symlink_to(file.name)
    said = rondom("check", str(file.parent)).stdout
    assert "  This file cannot be read (Too many levels of symbolic links).\n  → Let who runs Rondom read it.\n" in said
    with pytest.raises(DefinitionError, match="this file cannot be read"):
        Catalogue.of_library(tmp_path)


def test_the_line_of_a_letter_that_is_not_in_utf_8_is_told(tmp_path: Path):
    file = begun("a_way", tmp_path) / "nl.yaml"
    line = 1 + next(n for n, text in enumerate(file.read_text().splitlines()) if "Tekenen" in text)
    as_latin_1(file)
    assert f"a_way/nl.yaml:{line}\n" in rondom("check", str(file.parent)).stdout


def test_a_name_that_nothing_has_is_told_with_those_there_are():
    said = rondom("check", "eigenkracht")
    assert said.exit_code == 2
    assert "There is no protocol “eigenkracht” here" in said.stderr
    assert "eigen_kracht" in said.stderr


def test_two_protocols_of_one_id_are_refused_with_both_places_in_whichever_order_they_are_found(tmp_path: Path):
    one, two = begun("our_way", tmp_path / "one"), tmp_path / "two" / "their_way"
    shutil.copytree(one, two)
    told = set()
    for order in ([tmp_path / "one", tmp_path / "two"], [tmp_path / "two", tmp_path / "one"]):
        with pytest.raises(DefinitionError) as caught:
            Catalogue.of_installation(*order)
        told.add(str(caught.value))
    assert told == {f"{one} and {two} both say to be “our_way”; rename one."}


def test_one_folder_that_is_named_twice_is_one_protocol(tmp_path: Path):
    folder = begun("our_way", tmp_path)
    catalogue = Catalogue.of_installation(tmp_path, folder, folder / ".." / "our_way")
    assert [protocol.definition.id for protocol in catalogue.all()] == sorted([*LIBRARY_IDS, "our_way"])


def test_a_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RONDOM_PROTOCOLS", "/nowhere/at/all")
    said = rondom("list")
    assert said.exit_code == 2
    assert "/nowhere/at/all: there is no such folder" in said.stderr


def test_an_installed_package_brings_protocols_and_nothing_of_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = tmp_path / "site"
    begun("their_way", site / "their_ways")
    (site / "their_ways" / "__init__.py").write_text("raise RuntimeError('it was run')")
    package(site, "their_ways", "their_ways")
    monkeypatch.syspath_prepend(site)
    assert Catalogue.of_installation().find("their_way") is not None
    assert "their_ways/their_way" in rondom("list").stdout
    assert rondom("check", "their_way").exit_code == 0


def test_an_installed_package_that_names_what_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package(tmp_path / "site", "their_ways", "their_ways.protocols")
    monkeypatch.syspath_prepend(tmp_path / "site")
    with pytest.raises(DefinitionError, match=r"“their_ways” names their_ways\.protocols, which is not there"):
        Catalogue.of_installation()


def test_a_broken_protocol_of_the_installation_stops_the_start_in_words(tmp_path: Path):
    break_it(begun("our_way", tmp_path / "ours"))
    said = RunningRondom(tmp_path / "data", "serve", protocols=str(tmp_path / "ours")).refusal()
    assert "Rondom does not start, because a protocol of this installation has a mistake:" in said
    assert "our_way/protocol.yaml, line " in said
    assert "moves.to_signing.to: there is no phase “singing”; choose one of: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("protocol", LIBRARY_IDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_protocol_is_drawn_whole(protocol: str, language: str, tmp_path: Path):
    definition = yaml.safe_load((LIBRARY / protocol / "protocol.yaml").read_text())
    words = yaml.safe_load((LIBRARY / protocol / f"{language}.yaml").read_text())
    drawn = ElementTree.fromstring(rondom("draw", protocol, "--language", language).stdout)  # noqa: S314
    shown = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {words["phases"][phase]["title"] for phase in definition["phases"]} <= set(shown)
    assert {words["moves"][move]["label"] for move in definition["moves"]} <= set(shown)

    said = rondom("draw", protocol, "--language", language, "--format", "mermaid").stdout.splitlines()
    steps = {tuple(line.split(":")[0].split()[::2]) for line in said if "-->" in line and "[*]" not in line}
    assert steps == {(start, move["to"]) for move in definition["moves"].values() for start in move["from"]}

    file = tmp_path / "drawn.svg"
    assert rondom("draw", protocol, "--output", str(file)).exit_code == 0
    assert file.read_text().startswith("<svg ")


def test_a_walk_says_what_a_step_lacks_and_goes_on_when_it_is_pretended_to_be_there(tmp_path: Path):
    folder = begun("our_way", tmp_path)
    # The coordinator asks for the first step; it is refused; all is pretended, and asked again.
    said = rondom("try", str(folder), typed=["nothing", "1", "3", "9", "4", "1"])
    assert said.exit_code == 0, said.output
    before, after = said.stdout.split("Not yet:")
    assert "── Voorbereiden ── phase 1 of 5, frame: voluntary" in before
    assert "first: Schrijf de vraag van de bijeenkomst op, in de woorden van de familie." in before
    assert "rather: Kies de dag en de plek." in before
    assert "Type a number from 1 to 3." in before
    assert "Schrijf de vraag van de bijeenkomst op, in de woorden van de familie. (hoofdpersoon, coördinator)" in after
    assert "── Aan tafel ── phase 2 of 5" in after
    assert "Iedereen ziet het plan, en de kring kan erop schrijven." in after
    assert said.stdout.endswith("End of the walk. Nothing of it is kept.\n")


def test_a_walk_goes_as_anybody_and_only_as_far_as_they_may(tmp_path: Path):
    folder = begun("our_way", tmp_path)
    central = "7"  # the last of the six roles' list
    said = rondom("try", str(folder), "--language", "en", typed=["2", central, "1", "1"])
    assert "You are: central person" in said.stdout
    assert "·  To the table → At the table  (only coordinator)" in said.stdout
    assert "── Stopped ── phase 5 of 5, frame: voluntary, an end" in said.stdout
    assert said.stdout.count("── Prepare ──") == 3
