"""Draws a protocol as SVG: the phases in their order from the top down, and the moves between them, numbered.

Steps on to the next phase stand between them, steps further on at the right, ways back at the left, and stopping on a
line of its own at the far right. Beside it stands what each number is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from protocols.catalogue import Protocol, said_of
from protocols.definition import Move

_WIDE, _HIGH, _GAP = 230, 50, 46
_LANE, _MARGIN, _TOP = 24, 28, 92
_LINE, _ENTRY = 17, 50
_SIGN_WIDE: Final = 7.2  # of the small text, and rather too wide than too narrow
_INK, _PAPER, _SOFT, _NIGHT = "#2d2a26", "#fbf8f2", "#6b655c", "#2b3350"
_COLOURS: Final = {"on": "#1f6f5c", "back": "#8a5a2b", "stop": "#8c2f39"}

Side = Literal["left", "right", "stop"]


@dataclass(frozen=True)
class _Arc:
    """A move that passes other phases, or goes back: it runs in a lane beside the phases."""

    number: int
    colour: str
    start: int
    end: int
    side: Side


@dataclass
class _Lanes:
    """The lanes at one side: arcs that would touch run in lanes of their own, the short ones inside."""

    taken: list[list[tuple[int, int]]]

    def place(self, arc: _Arc) -> int:
        low, high = sorted((arc.start, arc.end))
        for lane, spans in enumerate(self.taken):
            if all(high < other_low or low > other_high for other_low, other_high in spans):
                spans.append((low, high))
                return lane
        self.taken.append([(low, high)])
        return len(self.taken) - 1


def svg(protocol: Protocol, language: str) -> str:
    """Return the drawing of a protocol, with its words in a language."""
    return _Drawing(protocol, language).drawn()


class _Drawing:
    def __init__(self, protocol: Protocol, language: str) -> None:
        self._protocol, self._language = protocol, language
        self._definition, self._words = protocol.definition, protocol.words(language)
        self._order = list(protocol.definition.phases)
        self._numbers = {id_: number for number, id_ in enumerate(protocol.definition.moves, start=1)}
        self._arcs, self._straight = self._sorted_moves()
        self._lanes: dict[Side, _Lanes] = {"left": _Lanes([]), "right": _Lanes([])}
        self._lane_of = {
            arc: self._lanes[arc.side].place(arc)
            for arc in sorted(self._arcs, key=lambda arc: (abs(arc.end - arc.start), arc.start, arc.number))
            if arc.side != "stop"
        }
        self._x = _MARGIN + _LANE * (len(self._lanes["left"].taken) + 1)
        self._ports = self._spread_ports()

    def drawn(self) -> str:
        stops = any(arc.side == "stop" for arc in self._arcs)
        self._stop_x = self._x + _WIDE + _LANE * (len(self._lanes["right"].taken) + 1)
        legend_x = self._stop_x + (_LANE if stops else 0) + _LANE
        body = [*self._lines(), *self._boxes(), *self._legend(legend_x)]
        longest = max(len(self._said(move)) for move in self._definition.moves.values())
        wide = legend_x + max(round(longest * _SIGN_WIDE), 360) + 32 + _MARGIN
        high = _TOP + max(len(self._order) * (_HIGH + _GAP), len(self._numbers) * _ENTRY) + _MARGIN
        title = escape(self._words.title)
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            f'role="img" aria-labelledby="title" font-family="Atkinson Hyperlegible Next, Verdana, sans-serif">',
            f'<title id="title">{title}</title>',
            f"<defs>{''.join(_arrow(name, colour) for name, colour in _COLOURS.items())}</defs>",
            f'<rect width="{wide}" height="{high}" fill="{_PAPER}"/>',
            _text(_MARGIN, 46, self._words.title, size=24, weight="bold"),
            _text(_MARGIN, 68, f"{self._definition.id}, {self._definition.version}", size=13, colour=_SOFT),
        ]
        return "\n".join([*head, *body, "</svg>"]) + "\n"

    def _sorted_moves(self) -> tuple[list[_Arc], list[tuple[int, int]]]:
        arcs, straight = [], []
        for id_, move in self._definition.moves.items():
            to, number = self._order.index(move.to), self._numbers[id_]
            for start in (self._order.index(phase) for phase in move.from_):
                if move.direction == "stop":
                    arcs.append(_Arc(number, "stop", start, to, "stop"))
                elif to == start + 1 and move.direction == "forward":
                    straight.append((number, start))
                else:
                    colour = "back" if move.direction == "back" or to <= start else "on"
                    arcs.append(_Arc(number, colour, start, to, "left" if to <= start else "right"))
        return arcs, straight

    def _spread_ports(self) -> dict[tuple[_Arc, str], float]:
        """Where on the side of its box each arc begins and ends: those that come from above, above."""
        ports: dict[tuple[_Arc, str], float] = {}
        for position in range(len(self._order)):
            for sides in (("left",), ("right", "stop")):
                here = [(arc, end) for arc in self._arcs if arc.side in sides for end in ("start", "end")]
                here = [(arc, end) for arc, end in here if getattr(arc, end) == position]
                if sides == ("right", "stop"):
                    # All who stop come in as one line.
                    coming = [one for one in here if one[0].side == "stop" and one[1] == "end"]
                    here = [one for one in here if one not in coming[1:]]
                here.sort(key=lambda one: (one[0].end if one[1] == "start" else one[0].start, one[0].number, one[1]))
                for place, one in enumerate(here, start=1):
                    ports[one] = self._y(position) + _HIGH * place / (len(here) + 1)
        return ports

    def _y(self, position: int) -> int:
        return _TOP + position * (_HIGH + _GAP)

    def _lines(self) -> Iterable[str]:
        middle = self._x + _WIDE / 2
        beside: dict[int, int] = {}
        for _number, start in self._straight:
            beside[start] = beside.get(start, 0) + 1
        placed: dict[int, int] = {}
        for number, start in self._straight:
            placed[start] = placed.get(start, 0) + 1
            x = middle + (placed[start] - (beside[start] + 1) / 2) * 44
            top, bottom = self._y(start) + _HIGH, self._y(start + 1) - 3
            yield _path(f"M{x} {top}V{bottom}", "on")
            yield _bubble(x, (top + bottom) / 2 - 3, number, "on")
        for arc, lane in self._lane_of.items():
            yield from self._arc(arc, lane)
        yield from self._stopping([arc for arc in self._arcs if arc.side == "stop"])

    def _arc(self, arc: _Arc, lane: int) -> Iterable[str]:
        out = -1 if arc.side == "left" else 1
        edge = self._x if arc.side == "left" else self._x + _WIDE
        x = edge + out * _LANE * (lane + 1)
        start, end = self._ports[arc, "start"], self._ports[arc, "end"]
        if arc.start == arc.end:
            start, end = self._y(arc.start) + 10, self._y(arc.start) + _HIGH - 10
        turn = 8 if end > start else -8
        way = f"M{edge} {start}H{x - out * 8}q{out * 8} 0 {out * 8} {turn}V{end - turn}q0 {turn} {-out * 8} {turn}"
        yield _path(f"{way}H{edge + out * 3}", arc.colour)
        yield _bubble(x, start + (end - start) * 0.5, arc.number, arc.colour)

    def _stopping(self, arcs: list[_Arc]) -> Iterable[str]:
        for number in sorted({arc.number for arc in arcs}):
            mine = [arc for arc in arcs if arc.number == number]
            edge, x = self._x + _WIDE, self._stop_x
            end = next(
                self._ports[arc, "end"] for arc in arcs if arc.end == mine[0].end and (arc, "end") in self._ports
            )
            starts = [self._ports[arc, "start"] for arc in mine]
            for start in starts:
                yield _path(f"M{edge} {start}H{x}", "stop", arrow=False, dashed=True)
            yield _path(f"M{x} {min([*starts, end])}V{end}H{edge + 3}", "stop", dashed=True)
            yield _bubble(x, (max(starts) + end) / 2 if max(starts) < end else end, number, "stop")

    def _boxes(self) -> Iterable[str]:
        for position, (id_, phase) in enumerate(self._definition.phases.items()):
            y = self._y(position)
            fill, ink = (_NIGHT, "#ffffff") if phase.private else ("#ffffff", _INK)
            yield (
                f'<rect x="{self._x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="12" fill="{fill}" '
                f'stroke="{_INK}" stroke-width="{3 if phase.final else 1.5}"/>'
            )
            title, below = self._words.phases[id_].title, id_.replace("_", " ")
            yield _text(self._x + _WIDE / 2, y + 23, title, size=15, weight="bold", colour=ink, middle=True)
            below_ink = "#d8dcea" if phase.private else _SOFT
            yield _text(self._x + _WIDE / 2, y + 40, below, size=11, colour=below_ink, middle=True)

    def _legend(self, x: int) -> Iterable[str]:
        for id_, move in self._definition.moves.items():
            y = _TOP + (self._numbers[id_] - 1) * _ENTRY + 10
            yield _bubble(x + 11, y - 5, self._numbers[id_], self._colour(move))
            yield _text(x + 32, y, self._words.moves[id_].label, size=15, weight="bold")
            yield _text(x + 32, y + _LINE, self._said(move), size=12, colour=_SOFT)

    def _colour(self, move: Move) -> str:
        if move.direction == "stop":
            return "stop"
        to = self._order.index(move.to)
        goes_back = move.direction == "back" or all(to <= self._order.index(phase) for phase in move.from_)
        return "back" if goes_back else "on"

    def _said(self, move: Move) -> str:
        who = said_of(self._protocol, self._language, move.by)
        hard = sum(use.hard for use in move.requires)
        soft = len(move.requires) - hard
        dutch = self._language == "nl"
        one, several = ("voorwaarde", "voorwaarden") if dutch else ("requirement", "requirements")
        asks = f"{hard} {one if hard == 1 else several}" if hard else ""
        liked = f"{soft} {'liefst' if dutch else 'soft'}" if soft else ""
        frozen = ("plan ligt vast" if dutch else "freezes the plan") if move.freezes else ""
        return " · ".join(part for part in (who, asks, liked, frozen) if part)


def _arrow(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
    )


def _path(way: str, kind: str, *, arrow: bool = True, dashed: bool = False) -> str:
    end = f' marker-end="url(#{kind})"' if arrow else ""
    dashes = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<path d="{way}" fill="none" stroke="{_COLOURS[kind]}" stroke-width="1.6"{dashes}{end}/>'


def _bubble(x: float, y: float, number: int, kind: str) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="10.5" fill="{_PAPER}" stroke="{_COLOURS[kind]}" stroke-width="1.6"/>'
        + _text(x, y + 4, str(number), size=11, weight="bold", colour=_COLOURS[kind], middle=True)
    )


def _text(
    x: float, y: float, text: str, *, size: int, weight: str = "normal", colour: str = _INK, middle: bool = False
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    look = f'font-size="{size}" font-weight="{weight}" fill="{colour}"{anchor}'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(text)}</text>'
