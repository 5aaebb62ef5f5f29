"""The named requirements of moves: pure functions from a meeting's facts to what is missing (methods.md §3.4).

Each missing item has a key, under which a protocol's texts have its sentence, and says who can mend it. Some look at
one thing only, which their use on a move names (`of`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from protocols.definition import Requirement
from protocols.rights import chosen

MOST_WORDS_IN_QUESTION: Final = 25
MOST_AT_ONCE: Final = 3
MOST_SHARE: Final = 0.4
_MOST_SIGNS: Final = 40
_NOBODY: Final = frozenset({"wij", "we", "men", "iemand", "someone", "somebody", "everybody", "iedereen"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the circle list. `answering`: whose yes to their coming is lacking."""

    id: str
    name: str
    role: str
    side: str
    central: bool = False
    age_band: str | None = None
    authority: bool = False
    taking_part: str = "present"
    consented: bool = True
    prepared: bool = False
    safe: bool = False
    answering: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """A line of the plan; `yes`: who said yes to it as it reads now; `proposed`: by who leads, and not taken over.

    `who` and `checker` are on the list; `names_stranger`: as a doer it also names somebody who is not, or no longer.
    """

    row: str
    who: tuple[str, ...]
    what: str
    when: Mapping[str, object] | None
    checker: str | None
    otherwise: str
    yes: frozenset[str]
    proposed: bool = False
    names_stranger: bool = False


@dataclass(frozen=True, slots=True)
class BottomLine:
    """A safety minimum; `enough` is the verdict, None while there is none, and `refused_by` who said no.

    `answering` can say more of it: who set it, or who came after them.
    """

    id: str
    what: str
    why: str
    set_by: str
    answering: tuple[str, ...]
    enough: bool | None = None
    refused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in one instrument: how many lines by part ("" for all of it), and how many lines lack something."""

    lines: Mapping[str, int] = field(default_factory=dict)
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """How one scale or round stands: asked or not, shown or not, who is waited for, how many answered, and what."""

    asked: bool = False
    shown: bool = False
    waiting: tuple[str, ...] = ()
    answered: int = 0
    answers: Mapping[str, Literal["yes", "no", "pass"]] = field(default_factory=dict)
    asked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What requirements may know of a meeting. `lacks_decider`: the deciders there are do not suffice."""

    frame: str
    people: tuple[Person, ...]
    deciders: tuple[str, ...]
    today: date
    lacks_decider: bool = False
    yes_to_meeting: frozenset[str] = frozenset()
    go: frozenset[str] = frozenset()
    independent: bool = False
    question: str = ""
    appointed: bool = False
    statement_given: bool = False
    no_questions: frozenset[str] = frozenset()
    released: int = 0
    agreements: tuple[Agreement, ...] = ()
    review_date: date | None = None
    review_convener: str | None = None
    bottom_lines: tuple[BottomLine, ...] = ()
    bottom_lines_read: bool = False
    bottom_line_setters: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    signed: frozenset[str] = frozenset()
    written: Mapping[str, Written] = field(default_factory=dict)
    writers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    decided_boards: frozenset[str] = frozenset()

    def named(self, person: str) -> str:
        """Return somebody's name."""
        return next((known.name for known in self.people if known.id == person), "?")

    def of_side(self, side: str) -> tuple[str, ...]:
        """Return the ids of everybody on a side."""
        return tuple(person.id for person in self.people if person.side == side)

    def chosen(self, selector: str) -> tuple[str, ...]:
        """Return the ids of everybody whom a side, a role, "central_person" or "everyone" means."""
        return tuple(
            person.id for person in self.people if chosen((selector,), person.role, person.side, person.central)
        )

    def writing(self, board: str) -> tuple[str, ...]:
        """Return who may write on a board now; who leads, when nobody may."""
        return self.writers.get(board) or self.leads

    @property
    def leads(self) -> tuple[str, ...]:
        """Who leads the meeting."""
        return self.of_side("facilitator")

    @property
    def invited(self) -> tuple[Person, ...]:
        """Everybody but who leads."""
        return tuple(person for person in self.people if person.side != "facilitator")


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, and who can mend it (participant ids). A "voice" among the values is its id."""

    requirement: str
    key: str
    values: dict[str, str] = field(default_factory=dict)
    who: tuple[str, ...] = ()


# What a requirement may look at: nothing in particular, an instrument (or a part of it), a voice, people, or a board.
Of = Literal["instrument", "scale", "round", "people", "board"]


@dataclass(frozen=True, slots=True)
class Named:
    """A requirement in the registry: what it finds missing, the placeholders of its sentences, and how it is mended.

    `of` is what kind of thing its use must name, `mended_by` the acts of which one is enough to mend it, or "board"
    when it is mended by writing on the board it looks at.
    """

    find: Callable[[Facts, Requirement], Iterator[Missing]]
    sentences: dict[str, frozenset[str]]
    of: Of | None = None
    of_may_be_left_out: bool = False
    mended_by: tuple[str, ...] = ()

    def __call__(self, facts: Facts, use: Requirement) -> list[Missing]:
        found = self.find(facts, use)
        return [item if use.says is None else replace(item, key=use.says) for item in found]


REQUIREMENTS: Final[dict[str, Named]] = {}


_Find: TypeAlias = Callable[[Facts, Requirement], Iterator[Missing]]


def _requirement(
    *mended_by: str, of: Of | None = None, may_be_left_out: bool = False, **sentences: str
) -> Callable[[_Find | Callable[[Facts], Iterator[Missing]]], None]:
    def register(find: Any) -> None:
        name = find.__name__
        asks = find if of is not None else (lambda facts, _use: find(facts))
        placeholders = {key: frozenset(given.split()) for key, given in sentences.items()}
        REQUIREMENTS[name] = Named(asks, placeholders, of, may_be_left_out, mended_by)

    return register


def _short(what: str) -> str:
    """Return the first words of it, whole ones where there are several."""
    words = what.strip()
    if len(words) <= _MOST_SIGNS:
        return words
    whole, space, _rest = words[:_MOST_SIGNS].rpartition(" ")
    return (whole.rstrip() if space else words[: _MOST_SIGNS - 1]) + "…"


@_requirement("say_yes_to_meeting", voluntary_yes="name", no_decider="")
def voluntary_yes(facts: Facts) -> Iterator[Missing]:
    """Who decides said yes to having the meeting."""
    if facts.lacks_decider:
        yield Missing("voluntary_yes", "no_decider", {}, facts.leads)
    for decider in facts.deciders:
        if decider not in facts.yes_to_meeting:
            yield Missing("voluntary_yes", "voluntary_yes", {"name": facts.named(decider)}, (decider,))


@_requirement("say_independent", coordinator_independent="name")
def coordinator_independent(facts: Facts) -> Iterator[Missing]:
    """The coordinator said to have no other part in this (methods.md §0.2.2)."""
    if not facts.independent:
        names = ", ".join(facts.named(lead) for lead in facts.leads)
        yield Missing("coordinator_independent", "coordinator_independent", {"name": names}, facts.leads)


@_requirement("set_question", question_set="", question_long="most")
def question_set(facts: Facts) -> Iterator[Missing]:
    """One question, in the family's own words, of about 25 words at most."""
    who = (*facts.deciders, *facts.leads)
    if not facts.question.strip():
        yield Missing("question_set", "question_set", {}, who)
    elif len(facts.question.split()) > MOST_WORDS_IN_QUESTION:
        yield Missing("question_set", "question_long", {"most": str(MOST_WORDS_IN_QUESTION)}, who)


@_requirement("consent", invites_consented="name who", no_decider="")
def invites_consented(facts: Facts) -> Iterator[Missing]:
    """Everybody on the list has the yes of who decides. A no and a silence read the same."""
    for person in facts.invited:
        if person.answering:
            names = ", ".join(facts.named(who) for who in person.answering)
            yield Missing(
                "invites_consented", "invites_consented", {"name": person.name, "who": names}, person.answering
            )
    if any(not person.consented and not person.answering for person in facts.invited):
        yield Missing("invites_consented", "no_decider", {}, facts.leads)


@_requirement("manage_people", all_prepared="name")
def all_prepared(facts: Facts) -> Iterator[Missing]:
    """Everybody was spoken with personally, also who sends a letter or cannot come."""
    for person in facts.invited:
        if not person.prepared:
            yield Missing("all_prepared", "all_prepared", {"name": person.name}, facts.leads)


@_requirement("manage_people", safe_to_meet="name")
def safe_to_meet(facts: Facts) -> Iterator[Missing]:
    """Everybody can take part safely, or a measure is written down."""
    for person in facts.invited:
        if not person.safe:
            yield Missing("safe_to_meet", "safe_to_meet", {"name": person.name}, facts.leads)


@_requirement("set_appointment", meeting_appointed="")
def meeting_appointed(facts: Facts) -> Iterator[Missing]:
    """Day and place are chosen."""
    if not facts.appointed:
        yield Missing("meeting_appointed", "meeting_appointed", {}, facts.leads)


@_requirement("say_go", central_person_go="name", no_decider="")
def central_person_go(facts: Facts) -> Iterator[Missing]:
    """Who decides said that the meeting may begin (methods.md §3.3)."""
    if facts.lacks_decider:
        yield Missing("central_person_go", "no_decider", {}, facts.leads)
    for decider in facts.deciders:
        if decider not in facts.go:
            yield Missing("central_person_go", "central_person_go", {"name": facts.named(decider)}, (decider,))


@_requirement("give_statement", youth_voice="name")
def youth_voice(facts: Facts) -> Iterator[Missing]:
    """The central person's own words are there, or that they would rather not, and who asked."""
    central = next((person for person in facts.people if person.central), None)
    if central is not None and not facts.statement_given:
        yield Missing("youth_voice", "youth_voice", {"name": central.name}, (central.id, *facts.leads))


@_requirement("say_no_questions", info_same="name")
def info_same(facts: Facts) -> Iterator[Missing]:
    """Everybody of the circle who is there said to have no more questions."""
    for person in facts.people:
        there = person.side == "circle" and person.taking_part in ("present", "remote")
        if there and person.id not in facts.no_questions:
            yield Missing("info_same", "info_same", {"name": person.name}, (person.id,))


@_requirement("set_bottom_line", bottomlines_readable="", bottomline_vague="what")
def bottomlines_readable(facts: Facts) -> Iterator[Missing]:
    """There are bottom lines in writing, each with its reason and who set it (methods.md §5.5)."""
    if not facts.bottom_lines:
        yield Missing("bottomlines_readable", "bottomlines_readable", {}, facts.bottom_line_setters or facts.leads)
    for line in facts.bottom_lines:
        if not line.why.strip():
            yield Missing("bottomlines_readable", "bottomline_vague", {"what": _short(line.what)}, line.answering)


@_requirement("plan", something_to_show="")
def something_to_show(facts: Facts) -> Iterator[Missing]:
    """There is at least one agreement to show; else the circle says that it could not work it out."""
    if facts.released == 0:
        yield Missing("something_to_show", "something_to_show", {}, facts.of_side("circle"))


@_requirement("plan", no_agreements="", no_doer="what", nobody_does="what", no_what="", no_when="what")
def www(facts: Facts) -> Iterator[Missing]:
    """Every agreement says who (a person), what, and when."""
    who = (*facts.of_side("circle"), *facts.leads)
    if not facts.agreements:
        yield Missing("www", "no_agreements", {}, who)
    for agreement in facts.agreements:
        what = {"what": _short(agreement.what)}
        words = agreement.what.split()
        if not words:
            yield Missing("www", "no_what", {}, who)
            continue
        if not agreement.who and not agreement.names_stranger:
            yield Missing("www", "no_doer", what, who)
        if words[0].lower() in _NOBODY:
            yield Missing("www", "nobody_does", what, who)
        if agreement.when is None:
            yield Missing("www", "no_when", what, who)


@_requirement("answer_agreement", owner_said_yes="name what", doer_gone="what")
def owner_said_yes(facts: Facts) -> Iterator[Missing]:
    """Every doer said yes to their own agreement as it reads now: nobody can for who is not on the list any more."""
    for agreement in facts.agreements:
        if agreement.names_stranger:
            who = (*facts.of_side("circle"), *facts.leads)
            yield Missing("owner_said_yes", "doer_gone", {"what": _short(agreement.what)}, who)
        for doer in agreement.who:
            if doer not in agreement.yes:
                values = {"name": facts.named(doer), "what": _short(agreement.what)}
                yield Missing("owner_said_yes", "owner_said_yes", values, (doer,))


@_requirement("plan", plan_b="what")
def plan_b(facts: Facts) -> Iterator[Missing]:
    """Every agreement says what happens if it goes otherwise."""
    for agreement in facts.agreements:
        if not agreement.otherwise.strip():
            yield Missing("plan_b", "plan_b", {"what": _short(agreement.what)}, (*agreement.who, *facts.leads))


@_requirement("plan", no_checker="what", checks_self="what")
def checker(facts: Facts) -> Iterator[Missing]:
    """Every agreement has somebody who keeps an eye on it, and does not do it too."""
    for agreement in facts.agreements:
        what = {"what": _short(agreement.what)}
        if agreement.checker is None:
            yield Missing("checker", "no_checker", what, facts.of_side("circle"))
        elif agreement.checker in agreement.who:
            yield Missing("checker", "checks_self", what, facts.of_side("circle"))


@_requirement("plan", of="people", may_be_left_out=True, review_dated="", review_past="", no_convener="")
def review_dated(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """There is a day to look back, and somebody who calls everybody together: of the circle, unless `of` says who."""
    who = facts.chosen(use.of or "circle")
    if facts.review_date is None:
        yield Missing("review_dated", "review_dated", {}, who)
    elif facts.review_date < facts.today:
        yield Missing("review_dated", "review_past", {}, who)
    if facts.review_convener not in who:
        yield Missing("review_dated", "no_convener", {}, who)


@_requirement("plan", load_ok="name")
def load_ok(facts: Facts) -> Iterator[Missing]:
    """Nobody unpaid carries more than 40 per cent of the unpaid agreements, or more than three (methods.md §10.2).

    A share says something only when there is something to share: it is asked from four agreements on.
    """
    unpaid = set(facts.of_side("circle"))
    carried = Counter(doer for agreement in facts.agreements for doer in agreement.who if doer in unpaid)
    total = sum(1 for agreement in facts.agreements if unpaid & set(agreement.who))
    for person, count in sorted(carried.items()):
        if count > MOST_AT_ONCE or (total > MOST_AT_ONCE and count > MOST_SHARE * total and count > 1):
            yield Missing("load_ok", "load_ok", {"name": facts.named(person)}, (person,))


@_requirement("give_verdict", bottomlines_met="what")
def bottomlines_met(facts: Facts) -> Iterator[Missing]:
    """Who answers for safety found every bottom line met by the plan as it reads now, and nobody of them says no."""
    for line in facts.bottom_lines:
        if line.enough is not True:
            who = line.refused_by or line.answering
            yield Missing("bottomlines_met", "bottomlines_met", {"what": _short(line.what)}, who)


@_requirement("sign", signed_by="name")
def signed_by(facts: Facts) -> Iterator[Missing]:
    """The central person and every doer answered on this exact version."""
    for signer in facts.signers:
        if signer not in facts.signed:
            yield Missing("signed_by", "signed_by", {"name": facts.named(signer)}, (signer,))


@_requirement("read_bottom_lines_aloud", bottomlines_read="")
def bottomlines_read(facts: Facts) -> Iterator[Missing]:
    """Everybody heard the bottom lines, when there are any (methods.md §4.3, E4)."""
    if facts.bottom_lines and not facts.bottom_lines_read:
        yield Missing("bottomlines_read", "bottomlines_read", {}, facts.leads)


@_requirement("plan", proposal_open="what")
def proposals_taken(facts: Facts) -> Iterator[Missing]:
    """What who leads proposed was taken over by the circle, or taken away (methods.md §6.2)."""
    for agreement in facts.agreements:
        if agreement.proposed:
            yield Missing("proposals_taken", "proposal_open", {"what": _short(agreement.what)}, facts.of_side("circle"))


@_requirement("board", of="instrument", written="least")
def written(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """At least so many lines stand in an instrument, or in one part of it: of "board.instrument" or "….part"."""
    board, instrument, part = (*str(use.of).split("."), "")[:3]
    stands = facts.written.get(f"{board}.{instrument}", Written())
    if stands.lines.get(part, 0) < use.least:
        yield Missing("written", "written", {"least": str(use.least)}, facts.writing(board))


@_requirement("board", of="instrument", no_pairs="", pair_unfinished="count")
def pairs_complete(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """There is a danger, and each has its goal and both ends of its scale in words (methods.md §5.3)."""
    of = str(use.of)
    stands, who = facts.written.get(of, Written()), facts.writing(of.split(".")[0])
    if not stands.lines.get("", 0):
        yield Missing("pairs_complete", "no_pairs", {}, who)
    elif stands.unfinished:
        yield Missing("pairs_complete", "pair_unfinished", {"count": str(stands.unfinished)}, who)


@_requirement("board", of="instrument", not_ticked="count")
def all_ticked(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """Everything on a checklist is ticked off."""
    of = str(use.of)
    stands = facts.written.get(of, Written())
    if stands.unfinished:
        yield Missing("all_ticked", "not_ticked", {"count": str(stands.unfinished)}, facts.writing(of.split(".")[0]))


@_requirement("voice", of="scale", scale_not_asked="voice", scale_waits="name voice", scale_not_shown="voice")
def scale_shown(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """Everybody was asked for a number, and all saw the numbers together (methods.md §5.4).

    Who leads may show them before everybody gave one, for who will not must not hold up the others. But somebody did.
    """
    yield from _waits_for("scale_shown", "scale", facts, use)
    asked, voice = facts.asked.get(str(use.of), Asked()), {"voice": str(use.of)}
    if asked.shown and not asked.answered:
        for person in asked.waiting:
            values = {"name": facts.named(person), **voice}
            yield Missing("scale_shown", "scale_waits", values, (person, *asked.asked_by))


@_requirement("voice", of="scale", scale_answered="name voice")
def scale_answered(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """Everybody gave a number, once the numbers were shown (methods.md §5.4); who did not is asked in a next turn."""
    asked, voice = facts.asked.get(str(use.of), Asked()), {"voice": str(use.of)}
    if asked.shown and asked.answered:
        for person in asked.waiting:
            values = {"name": facts.named(person), **voice}
            yield Missing("scale_answered", "scale_answered", values, (person, *asked.asked_by))


@_requirement(
    "voice",
    of="round",
    round_not_asked="voice",
    round_waits="name voice",
    round_not_shown="voice",
    round_no="name voice",
)
def round_agreed(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """Everybody answered in the round, also who was still thinking when it was shown, and nobody said no."""
    yield from _waits_for("round_agreed", "round", facts, use)
    asked, voice = facts.asked.get(str(use.of), Asked()), {"voice": str(use.of)}
    if asked.shown:
        for person in asked.waiting:
            yield Missing(
                "round_agreed", "round_waits", {"name": facts.named(person), **voice}, (person, *asked.asked_by)
            )
        for person, answer in sorted(asked.answers.items()):
            if answer == "no":
                yield Missing(
                    "round_agreed", "round_no", {"name": facts.named(person), **voice}, (person, *asked.asked_by)
                )


def _waits_for(requirement: str, kind: str, facts: Facts, use: Requirement) -> Iterator[Missing]:
    asked, voice = facts.asked.get(str(use.of), Asked()), {"voice": str(use.of)}
    leads = asked.asked_by or facts.leads
    if not asked.asked:
        yield Missing(requirement, f"{kind}_not_asked", voice, leads)
        return
    if asked.shown:
        return
    for person in asked.waiting:
        yield Missing(requirement, f"{kind}_waits", {"name": facts.named(person), **voice}, (person,))
    if not asked.waiting:
        yield Missing(requirement, f"{kind}_not_shown", voice, leads)


@_requirement("manage_people", "add_person", of="people", people_of="least")
def people_of(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """There are at least so many people of a side or role (methods.md §5.5)."""
    if len(facts.chosen(str(use.of))) < use.least:
        yield Missing("people_of", "people_of", {"least": str(use.least)}, facts.leads)


@_requirement("show_board", of="board", board_undecided="name")
def board_decided(facts: Facts, use: Requirement) -> Iterator[Missing]:
    """The central person said who may see their own board, or that nobody may (methods.md §5.6, S2)."""
    central = next((person for person in facts.people if person.central), None)
    if central is not None and use.of not in facts.decided_boards:
        yield Missing("board_decided", "board_undecided", {"name": central.name}, (central.id, *facts.leads))
