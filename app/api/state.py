"""The meeting as one participant may see it: everything a screen shows comes from here, and each part asks the door."""

from datetime import UTC, date, datetime
from typing import Any, Literal

from app.api import shapes
from app.api.voices_seen import voices_seen
from app.texts import LANGUAGES, known_language, t
from app.words import say_clock, say_date, say_moment, say_when
from meetings.asked_anew import appointment_of
from meetings.boards.layout import plan_board
from meetings.consent import is_welcome
from meetings.course import mover
from meetings.door import board_right, is_outside, may, shown_to
from meetings.facts import bottom_lines, bottom_lines_read, gather_facts
from meetings.own_questions import is_asked_to_sign, own_questions
from meetings.plan.answers import answer_as_others_see_it, answer_to
from meetings.plan.values import Agreement
from meetings.plan.verdicts import Verdict, plan_hash, verdict_of, verdicts
from meetings.preparation import ready_subject
from meetings.record import NETHERLANDS, FrozenPlan, Participant, Record
from meetings.signing.signatures import asked_to_sign, signature_of, signatures_of_newest
from meetings.stances import Stance, choices_to_show, stances
from meetings.voices import latest, said, who_said
from protocols import machine
from protocols.catalogue import describe
from protocols.definition import EVERYONE, Move
from protocols.instruments import Columns, Instrument
from protocols.requirements import Facts, Missing
from protocols.rights import chosen

# What is asked of people one by one, before they meet.
_PREPARES = frozenset({"invites_consented", "safe_to_meet", "all_prepared"})


class Sight:
    """What one participant sees of one meeting, now, in their language."""

    def __init__(self, record: Record, me: Participant, here: frozenset[str]) -> None:
        self.record = record
        self.me = me
        self.here = here
        self.language = known_language(me.row.language)
        self.definition = record.protocol.definition
        self.words = record.protocol.words(self.language)
        self.outside = is_outside(me, record)
        answer = self.definition.acts.get("answer_agreement")
        self._doers = answer.by if answer is not None else (EVERYONE,)
        uses = [use for move in self.definition.moves.values() for use in move.requires if use.name == "review_dated"]
        self._conveners = tuple(use.of or "circle" for use in uses) or ("circle",)

    def state(self) -> shapes.State:
        """Return the whole of it."""
        record, me = self.record, self.me
        agreements = self._agreements()
        facts = gather_facts(record)
        return shapes.State(
            version=record.version,
            phase=record.phase,
            since=record.row.phase_since,
            now=datetime.now(UTC),
            language=self.language,
            languages=list(LANGUAGES),
            me=self._me(),
            meeting=self._meeting(),
            road=self._road(),
            phase_text=self._phase_text(),
            private=self._private(),
            boards=self._boards(),
            people=self._people(),
            agreements=[self._agreement(a) for a in agreements if me.id in a.who and self._may("answer_agreement")],
            answers={a.row: self._answers(a) for a in agreements} if self._may("see_answers") else {},
            stances=self._stances(),
            voices=voices_seen(record, me, self.words, self.language),
            sheet=self._sheet(),
            moves=self._moves(facts),
            acts=[act for act in self.definition.acts if self._may(act)],
            to_do=self._to_do(agreements),
            mine=self._mine(),
            plan=self._plan(),
        )

    def _may(self, act: str) -> bool:
        return may(self.me, act, self.record)

    @staticmethod
    def _chosen(selectors: tuple[str, ...], person: Participant) -> bool:
        return chosen(selectors, person.role, person.side, person.central)

    def _me(self) -> shapes.Me:
        me = self.me
        return shapes.Me(
            id=me.id,
            name=me.name,
            role=me.role,
            role_title=self.role_title(me),
            side=me.side,
            central=me.central,
            proposes=self.definition.roles[me.role].proposes,
        )

    def role_title(self, person: Participant) -> str:
        """Return what somebody is called in this meeting: their role, or that it is about them."""
        return t(self.language, "state.central_person") if person.central else self.words.roles[person.role]

    def _meeting(self) -> shapes.Meeting:
        record, about = self.record, self.record.about
        central = record.central_person
        appointment = appointment_of(record)
        return shapes.Meeting(
            id=record.id,
            title=about["title"],
            protocol=self.definition.id,
            protocol_title=self.words.title,
            central_person=shapes.Named(id=central.id, name=central.name) if central else None,
            frame=record.row.frame,
            question=about.get("question") or None,
            appointment=shapes.Appointment(
                starts_at=appointment["starts_at"],
                place=appointment["place"],
                text=say_moment(datetime.fromisoformat(appointment["starts_at"]), self.language),
            )
            if appointment
            else None,
        )

    def _road(self) -> list[shapes.Stone]:
        phases = [(id_, phase) for id_, phase in self.definition.phases.items()]
        order = [id_ for id_, _phase in phases]
        now = order.index(self.record.phase)
        coming = [move for move in self.definition.moves.values() if move.to == self.record.phase]
        if coming and all(move.direction == "stop" for move in coming):
            return []
        return [
            shapes.Stone(
                id=id_,
                title=self.words.phases[id_].title,
                place="now" if order.index(id_) == now else "done" if order.index(id_) < now else "ahead",
            )
            for id_, phase in phases
            if phase.on_road
        ]

    def _phase_text(self) -> shapes.PhaseText:
        words = self.words.phases[self.record.phase]
        leads = self.me.side == "facilitator"
        # In private time nobody leads: the circle has the questions before it, as a card on its table.
        asks = self.me.side == "circle" if self.definition.phases[self.record.phase].private else leads
        sentence = {"facilitator": words.sentence_facilitator, "circle": words.sentence_circle}
        return shapes.PhaseText(
            title=words.title,
            sentence=sentence.get(self.me.side, words.sentence_professional),
            minutes=self.definition.phases[self.record.phase].minutes,
            agenda=list(words.agenda) if leads else [],
            questions=list(words.questions) if asks else [],
            do=list(words.do) if leads else [],
            dont=list(words.dont) if leads else [],
        )

    def _private(self) -> shapes.Private | None:
        record = self.record
        if not self.definition.phases[record.phase].private:
            return None
        call = record.about.get("call")
        called = record.people.get(call["for"]) if call else None
        caller = record.people.get(call["by"]) if call else None
        return shapes.Private(
            inside=not self.outside,
            since=record.row.phase_since,
            since_text=say_clock(record.row.phase_since),
            call=shapes.Call(
                by=None if self.outside or caller is None else _named(caller),
                **{"for": _named(called)},
                at=datetime.fromisoformat(call["at"]),
            )
            if call and called
            else None,
        )

    def _boards(self) -> list[shapes.Board]:
        shown = []
        for board, made_of in self.definition.boards.items():
            right = board_right(self.me, board, self.record)
            if right is not None:
                shown.append(
                    shapes.Board(
                        id=board,
                        title=self.words.boards[board],
                        access=right,
                        websocket=f"/ws/m/{self.me.id}/boards/{board}",
                        epoch=self.record.boards[board].epoch,
                        circle=made_of.circle,
                        live=bool(self.definition.phases[self.record.phase].boards[board].write),
                        instruments=[self.instrument(instrument) for instrument in made_of.instruments],
                        opens=board == self.definition.phases[self.record.phase].opens,
                        showing=self._showing(board),
                    )
                )
        return shown

    def instrument(self, instrument: Instrument) -> shapes.Instrument:
        """Return an instrument with its words."""
        # A plan and a review have none; nor has a meeting that was begun before instruments had words.
        words = self.words.instruments.get(instrument.id)

        def label(part: str) -> str:
            return words.parts.get(part, part) if words else part

        columns = instrument.columns if isinstance(instrument, Columns) else dict.fromkeys(instrument.parts, ())
        return shapes.Instrument(
            id=instrument.id,
            kind=instrument.kind,
            title=words.title if words else "",
            hint=words.hint if words else "",
            person=words.person if words else "",
            most=getattr(instrument, "most", None),
            stances=isinstance(instrument, Columns) and instrument.stances,
            parts=[
                shapes.InstrumentPart(
                    id=part, label=label(part), lists=[shapes.Labelled(id=one, label=label(one)) for one in lists]
                )
                for part, lists in columns.items()
            ],
        )

    def _showing(self, board: str) -> shapes.Showing | None:
        choices = choices_to_show(self.record, board)
        if not choices:
            return None
        return shapes.Showing(
            may=self._may("show_board"),
            decided=bool(latest(self.record, "show_board", board)),
            to=sorted(shown_to(self.record, board)),
            choices=[
                shapes.CanSee(id=person.id, name=person.name, side=person.side, role_title=self.role_title(person))
                for person in choices
            ],
        )

    def _stances(self) -> dict[str, shapes.Stances]:
        record = self.record
        return {
            f"{board}.{row}": shapes.Stances(
                agree=[_named(record.people[who]) for who, stance in taken.items() if stance == "agree"],
                disagree=[_named(record.people[who]) for who, stance in taken.items() if stance == "disagree"],
                mine=_stance(taken.get(self.me.id)),
            )
            for board in record.written
            if board_right(self.me, board, record) is not None
            for row, taken in stances(record, board).items()
        }

    def _people(self) -> list[shapes.Person]:
        record = self.record
        ready = who_said(record, "ready", ready_subject(record), ready=True)
        shown = []
        for person in record.people.values():
            if not is_welcome(person, record) and not self._may("manage_people") and person.id != self.me.id:
                continue
            hidden = self.outside and person.side == "circle"
            shown.append(
                shapes.Person(
                    id=person.id,
                    name=person.name,
                    relation=str(person.about.get("relation", "")),
                    role=person.role,
                    role_title=self.role_title(person),
                    side=person.side,
                    central=person.central,
                    carries=self._chosen(self._doers, person),
                    proposes=self.definition.roles[person.role].proposes,
                    convenes=self._chosen(self._conveners, person),
                    here=None if hidden else person.id in self.here,
                    ready=None if hidden else person.id in ready,
                )
            )
        return shown

    def _agreements(self) -> list[Agreement]:
        """Return the lines of the plan, when this person may read the board that holds it."""
        board = plan_board(self.definition)
        if board is None or board_right(self.me, board, self.record) is None:
            return []
        return list(self.record.plan_values.agreements)

    def _agreement(self, agreement: Agreement) -> shapes.Agreement:
        when = agreement.when.model_dump(mode="json", exclude_none=True) if agreement.when else None
        return shapes.Agreement(
            row=agreement.row,
            who=list(agreement.who),
            what=agreement.what,
            when=when,
            when_text=say_when(when, self.language),
            checker=agreement.checker,
            otherwise=agreement.otherwise,
            proposed=agreement.proposed,
            hash=agreement.hash,
            mine=answer_to(agreement, self.me.id, self.record),
        )

    def _answers(self, agreement: Agreement) -> dict[str, shapes.Answer]:
        record, me = self.record, self.me
        return {
            who: answer_to(agreement, who, record) if who == me.id else answer_as_others_see_it(agreement, who, record)
            for who in agreement.who
            if who in record.people
        }

    def _sheet(self) -> shapes.Sheet:
        record = self.record
        reads = self._may("read_sheet")
        statements = latest(record, "statement") if reads or self._may("give_statement") else {}
        statement = next(iter(sorted(statements.values(), key=lambda voice: voice.at, reverse=True)), None)
        views = latest(record, "view").values() if reads else []
        lines = bottom_lines(record) if self._may("read_bottom_lines") or self._may("set_bottom_line") else []
        grounds = {subject: voice.value for (_who, subject), voice in latest(record, "bottom_line").items()}
        judged = verdicts(record) if lines else {}
        return shapes.Sheet(
            statement=shapes.Statement(
                text=statement.value["text"],
                declined=statement.value["declined"],
                by=record.people[statement.participant].name,
            )
            if statement
            else None,
            views=[
                shapes.View(
                    by=shapes.NamedSide(**_side(record.people[voice.participant])),
                    text=voice.value["text"],
                    mine=voice.participant == self.me.id,
                )
                for voice in views
                if voice.value["text"]
            ],
            bottom_lines=[
                shapes.BottomLine(
                    id=line.id,
                    what=line.what,
                    why=line.why,
                    ground=grounds[line.id]["ground"],
                    late_reason=grounds[line.id].get("late_reason", ""),
                    set_by=record.name_of(line.set_by),
                    verdict=self._verdict(judged.get(line.id, Verdict())),
                    mine=verdict_of(record, line.id, self.me.id),
                    asked_again=judged.get(line.id, Verdict()).asked_again,
                )
                for line in lines
            ],
            bottom_lines_read=bottom_lines_read(record),
            plan_hash=self.plan_to_judge(),
        )

    def _verdict(self, verdict: Verdict) -> shapes.Verdict | None:
        if verdict.enough is None:
            return None
        names = [self.record.people[who].name for who in verdict.by]
        return shapes.Verdict(enough=verdict.enough, why=verdict.why, by=names)

    def plan_to_judge(self) -> str | None:
        """Return the hash of the plan for who says whether it meets the bottom lines, or None."""
        return plan_hash(self.record) if self._may("give_verdict") and latest(self.record, "bottom_line") else None

    def _moves(self, facts: Facts) -> list[shapes.Move]:
        if not is_welcome(self.me, self.record):
            return []
        return [self._move(move, allowed, facts) for move, allowed in self.moves_seen()]

    def moves_seen(self) -> list[tuple[Move, bool]]:
        """Return the moves from here that this person is shown, each with whether it is theirs to make."""
        moves = machine.moves_from(self.definition, self.record.phase)
        seen = [(move, machine.may_move(self.definition, move, mover(self.me))) for move in moves]
        # Whoever is outside private time sees nothing of the circle's moves, not even that one is waiting.
        leads = self.me.side == "facilitator" and not self.outside
        return [(move, allowed) for move, allowed in seen if allowed or leads]

    def preparation_ahead(self) -> bool:
        """Tell whether a move forward, from here or from a later phase, asks that people are prepared."""
        order = list(self.definition.phases)
        coming = order[order.index(self.record.phase) :]
        return any(
            use.name in _PREPARES
            for move in self.definition.moves.values()
            if move.direction == "forward" and any(phase in coming for phase in move.from_)
            for use in move.requires
        )

    def _move(self, move: Move, allowed: bool, facts: Facts) -> shapes.Move:
        words = self.words.moves[move.id]
        missing = [
            # Whether the circle has something to show is known when it shows it, and asked then.
            self.missing(item, use.hard)
            for use, item in machine.missing_for(self.definition, move, facts)
            if use.name != "something_to_show"
        ]
        needs_reason = move.reason is not None or any(not item.hard for item in missing)
        return shapes.Move(
            id=move.id,
            label=words.label,
            effect=words.effect,
            back=words.back,
            may=allowed,
            who=[
                _named(person)
                for person in self.record.people.values()
                if is_welcome(person, self.record) and machine.may_move(self.definition, move, mover(person))
            ],
            ready=not missing,
            needs_reason=needs_reason,
            direction=move.direction,
            confirm=shapes.Confirm(seconds=move.confirm.seconds) if move.confirm else None,
            releases=move.releases.from_ if move.releases else None,
            missing=missing,
            pending=self._pending(move, allowed),
        )

    def missing(self, item: Missing, hard: bool) -> shapes.Missing:
        """Say in words what is missing, and who can mend it."""
        record = self.record
        return shapes.Missing(
            requirement=item.requirement,
            hard=hard,
            text=describe(record.protocol, self.language, item),
            who=[_named(record.people[who]) for who in item.who if who in record.people],
        )

    def _pending(self, move: Move, allowed: bool) -> shapes.Pending | None:
        pending = self.record.pending
        if pending is None or pending.row.move != move.id or not allowed:
            return None
        by = self.record.people.get(pending.row.participant_id)
        return shapes.Pending(
            by=_named(by) if by else None,
            mine=pending.row.participant_id == self.me.id,
            until=pending.row.due_at,
            release=pending.release,
        )

    def _mine(self) -> shapes.Mine:
        record, me = self.record, self.me
        return shapes.Mine(
            ready=bool((said(record, me.id, "ready", ready_subject(record)) or {}).get("ready")),
            answers=[
                shapes.Answered(
                    kind=kind,
                    subject=subject,
                    text=self._question(kind, subject),
                    answer=value.get("answer") or ("yes" if value["text"] else "no"),
                    words=value.get("text", ""),
                )
                for kind, subject, value in own_questions(record, me)
                if value is not None
            ],
        )

    def _to_do(self, agreements: list[Agreement]) -> list[shapes.ToDo]:
        record, me = self.record, self.me
        open_ = [(kind, subject) for kind, subject, value in own_questions(record, me) if value is None]
        if self._may("answer_agreement"):
            open_ += [
                ("agreement", a.row)
                for a in agreements
                if me.id in a.who and a.what.strip() and answer_to(a, me.id, record) in ("open", "asked_again")
            ]
        open_ += [
            (voice.kind, voice.id)
            for voice in voices_seen(record, me, self.words, self.language)
            if voice.status == "asked" and voice.may_answer and voice.mine is None
        ]
        if is_asked_to_sign(record, me):
            open_.append(("signature", None))
        return [
            shapes.ToDo(kind=kind, subject=subject, text=self._question(kind, subject), detail=self._about(subject))
            for kind, subject in open_
        ]

    def _question(self, kind: str, subject: str | None) -> str:
        usual = t(self.language, f"state.to_do_{kind}", **self._subject(subject))
        return getattr(self.words.asks, kind, "") or usual

    def _about(self, subject: str | None) -> str:
        """Say who somebody is that a question is about: a relation and a role."""
        person = self.record.people.get(subject or "")
        known = (str(person.about.get("relation", "")), self.role_title(person)) if person else ()
        return " · ".join(filter(None, known))

    def _subject(self, subject: str | None) -> dict[str, str]:
        person = self.record.people.get(subject or "")
        voice = self.words.voices.get(subject or "")
        return {"name": person.name} if person else {"question": voice.question} if voice else {}

    def _rests_until(self, plan: FrozenPlan) -> str:
        """Say the day to look back in the phase that follows signing, until that day has come."""
        moves = self.definition.moves.values()
        signing = {move.to for move in moves if move.freezes}
        follows = {move.to for move in moves if move.direction == "forward" and signing & set(move.from_)}
        review = plan.content["values"]["review"]["date"]
        if self.record.phase not in follows or not review:
            return ""
        day = date.fromisoformat(review)
        return say_date(day, self.language) if day > self.record.today() else ""

    def _plan(self) -> shapes.PlanState | None:
        record = self.record
        if not record.plans or not self._may("read_plan"):
            return None
        plan = record.plans[-1]
        mine = signature_of(record, self.me.id)
        answered = {signature.participant for signature in signatures_of_newest(record)}
        return shapes.PlanState(
            version=plan.version,
            sha256=plan.sha256,
            frozen_at_text=say_moment(plan.frozen_at.astimezone(NETHERLANDS), self.language),
            url=f"/m/{self.me.id}/plan",
            rests_until_text=self._rests_until(plan),
            my_signature=shapes.MySignature(choice=mine.about["choice"], words=mine.about["words"]) if mine else None,
            signed=[
                shapes.Signed(id=s.participant, name=s.about["name"], choice=s.about["choice"], words=s.about["words"])
                for s in signatures_of_newest(record)
            ],
            waiting=[_named(person) for person in asked_to_sign(record) if person.id not in answered],
        )


def _stance(stance: Stance | None) -> Literal["agree", "disagree"] | None:
    return None if stance == "none" else stance


def _named(person: Participant) -> shapes.Named:
    return shapes.Named(id=person.id, name=person.name)


def _side(person: Participant) -> dict[str, str]:
    return {"id": person.id, "name": person.name, "side": person.side}


def outside_view(record: Record, me: Participant, here: frozenset[str]) -> dict[str, Any]:
    """Return what somebody outside private time sees, to tell whether anything of it changed."""
    return Sight(record, me, here).state().model_dump(mode="json", exclude={"now"})


def plan_views(record: Record) -> dict[str, str]:
    """Return for each participant what their screen says of the plan on the board, to tell whether that changed."""
    facts, definition = gather_facts(record), record.protocol.definition
    agreements = record.plan_values.agreements
    answers = [
        (agreement.row, who, answer_as_others_see_it(agreement, who, record))
        for agreement in agreements
        for who in agreement.who
    ]
    judged = verdicts(record)
    views = {}
    for person in record.people.values():
        sight = Sight(record, person, frozenset())
        lacking = [machine.missing_for(definition, move, facts) for move, _allowed in sight.moves_seen()]
        own = [agreement.hash for agreement in agreements if person.id in agreement.who]
        views[person.id] = repr((record.phase, answers, lacking, own, judged, sight.plan_to_judge()))
    return views
