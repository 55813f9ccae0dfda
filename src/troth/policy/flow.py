"""The flow of data as a picture: touchpoint to purpose to recipient.

Purposes are rows. Touchpoints come down from the left, recipients go up on the right, and a dot
joins a row and a column, as in a wiring diagram: lines may cross, yet nothing is ever hidden
behind them, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from troth.policy.effects import data_label, listed, recipient_label
from troth.policy.model import Policy
from troth.policy.rules import Rules

_COLUMN = 26
_ROW = 38
_BOX = 300
_GAP = 26
"""Between a block of columns and the boxes, so that an arrow can be seen."""
_MARGIN = 16
_LETTER = 6.6
"""Width of a letter at 12 px, rather too much than too little: fonts differ."""
_LONGEST = 34
_SLANT = 0.7072

_LOOK = (
    'role="img" aria-labelledby="flow-title flow-desc" color="currentColor" fill="currentColor" '
    'font-family="system-ui, sans-serif" font-size="12"'
)
_BASES = {
    "essential": "needed for the service",
    "opt-out": "unless you refuse",
    "opt-in": "if you agree",
    "explicit-opt-in": "if you agree explicitly",
    "prohibited": "never",
}


@dataclass(frozen=True, slots=True)
class _Dot:
    """Data that goes between a purpose and a place; `whole` unless only figures leave."""

    data: tuple[str, ...]
    clauses: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True)
class _Columns:
    """One block of columns: touchpoints or recipients."""

    title: str
    names: dict[str, str]
    dots: dict[tuple[str, str], _Dot]
    """By purpose and column."""

    def tied(self, purpose: str) -> list[str]:
        """The columns a purpose is tied to."""
        return [key for key in self.names if (purpose, key) in self.dots]

    @property
    def width(self) -> int:
        return len(self.names) * _COLUMN


def picture(policy: Policy) -> str:
    """The whole policy as one SVG, in the colour of the text around it.

    It needs no style sheet: classes `flow-…` are there for one, and there is no style attribute.
    """
    rows = list(policy.purposes)
    sources = _ordered(_sources(policy), rows)
    recipients = _ordered(_recipients(policy), rows)
    return _Drawing(policy, rows, sources, recipients).svg()


def _sources(policy: Policy) -> _Columns:
    dots: dict[tuple[str, str], _Dot] = {}
    for block in policy.collects:
        for purpose in block.purposes:
            before = dots.get((purpose, block.at), _Dot((), ()))
            labels = tuple(data_label(policy, name) for name in block.everything)
            dots[purpose, block.at] = _Dot(before.data + labels, (*before.clauses, block.clause))
    titles = {key: place.title for key, place in Rules(policy).touchpoints.items()}
    return _Columns("Where data comes from", titles, dots)


def _recipients(policy: Policy) -> _Columns:
    dots: dict[tuple[str, str], _Dot] = {}
    for block in policy.shares:
        for purpose in block.purposes:
            for key in block.recipients:
                before = dots.get((purpose, key), _Dot((), (), whole=False))
                labels = tuple(data_label(policy, name) for name in block.data)
                whole = before.whole or block.aggregate is None
                clauses = (*before.clauses, block.clause)
                dots[purpose, key] = _Dot(before.data + labels, clauses, whole)
    used = {key for _, key in dots}
    names = {key: recipient_label(policy, key) for key in policy.recipients if key in used}
    return _Columns("Who receives it", names, dots)


def _ordered(columns: _Columns, rows: Sequence[str]) -> _Columns:
    """Columns that lead to rows further up first, so that the lines are short."""

    def middle(key: str) -> float:
        found = [place for place, row in enumerate(rows) if (row, key) in columns.dots]
        return sum(found) / len(found) if found else len(rows)

    order = sorted(columns.names, key=middle)
    return replace(columns, names={key: columns.names[key] for key in order})


@dataclass(frozen=True)
class _Drawing:
    policy: Policy
    rows: list[str]
    sources: _Columns
    recipients: _Columns

    @property
    def _boxes(self) -> int:
        """Where the boxes of the purposes begin."""
        return _MARGIN + max(self.sources.width, 150) + _GAP

    @property
    def _right(self) -> int:
        """Where the recipients begin."""
        return self._boxes + _BOX + _GAP

    @property
    def _top(self) -> int:
        """Where the rows begin: below the slanted names."""
        names = [*self.sources.names.values(), *self.recipients.names.values()]
        return _MARGIN + 34 + int(max((_slanted(name) for name in names), default=0))

    def svg(self) -> str:
        last = [_slanted(name) for name in self.recipients.names.values()]
        overhang = [place * _COLUMN + room + _COLUMN for place, room in enumerate(last)]
        width = self._right + int(max([*overhang, self.recipients.width, 130])) + _MARGIN
        height = self._top + len(self.rows) * _ROW + 44
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" {_size(width, height)} {_LOOK}>',
            f'<title id="flow-title">{escape(self._title())}</title>',
            f'<desc id="flow-desc">{escape(self._description())}</desc>',
            *self._bands(width),
            *self._columns(self.sources, self._boxes - _GAP - self.sources.width, _MARGIN),
            *self._columns(self.recipients, self._right, self._right),
            self._text(self._boxes + _BOX / 2, self._top - 10, "What it is for", "middle", "600"),
        ]
        for place, key in enumerate(self.rows):
            parts += self._row(key, self._top + place * _ROW + _ROW / 2)
        parts += [*self._legend(height - 16), "</svg>"]
        return "\n".join(parts) + "\n"

    def _title(self) -> str:
        return f"What {self.policy.company.name} collects, what for, and who receives it"

    def _description(self) -> str:
        """The picture in words, purpose by purpose."""
        sentences = []
        for key in self.rows:
            purpose = self.policy.purposes[key]
            words = f"{purpose.label} ({_BASES[purpose.basis]})"
            places = [self.sources.names[one] for one in self.sources.tied(key)]
            parties = [self.recipients.names[one] for one in self.recipients.tied(key)]
            words += f", from {listed(places)}" if places else ""
            words += f", to {listed(parties)}" if parties else ", passed on to nobody"
            sentences.append(f"{words}.")
        return " ".join(sentences)

    def _bands(self, width: int) -> Iterable[str]:
        for place in range(0, len(self.rows), 2):
            y = self._top + place * _ROW
            yield (
                f'<rect class="flow-band" x="{_MARGIN / 2:g}" y="{y}" width="{width - _MARGIN}" '
                f'height="{_ROW}" rx="4" fill-opacity="0.05"/>'
            )

    def _columns(self, columns: _Columns, left: float, title: float) -> Iterable[str]:
        if not columns.names:
            return
        yield self._text(title, _MARGIN + 2, columns.title, "start", "600")
        up = columns is self.recipients
        for place, (key, name) in enumerate(columns.names.items()):
            x = left + place * _COLUMN + _COLUMN / 2
            ends = [row for row, one in enumerate(self.rows) if (one, key) in columns.dots]
            bottom = self._top + max(ends, default=0) * _ROW + _ROW / 2
            label = escape(_cut(name, _LONGEST))
            yield (
                f'<g class="flow-column"><title>{escape(name)}</title>'
                f'<path d="M{x:g} {self._top - 2} V{bottom:g}" stroke="currentColor" '
                'stroke-opacity="0.45" fill="none"/>'
                f'<text x="{x:g}" y="{self._top - 10}" text-anchor="start" '
                f'transform="rotate(-45 {x:g} {self._top - 10})">{label}</text>'
            )
            y = self._top - 7
            head = f"M{x - 3.5:g} {y + 6} L{x:g} {y} L{x + 3.5:g} {y + 6} Z"
            yield f'<path d="{head}"/></g>' if up else "</g>"

    def _row(self, key: str, y: float) -> Iterable[str]:
        purpose = self.policy.purposes[key]
        left, right = self._boxes, self._boxes + _BOX
        from_left = list(self.sources.names)
        columns = [from_left.index(one) for one in self.sources.tied(key)]
        origin = self._boxes - _GAP - self.sources.width + _COLUMN / 2
        if columns:
            x = origin + min(columns) * _COLUMN
            yield self._line(x, left - 6, y)
            yield f'<path d="M{left - 7} {y - 4:g} L{left} {y:g} L{left - 7} {y + 4:g} Z"/>'
        to_right = list(self.recipients.names)
        parties = [to_right.index(one) for one in self.recipients.tied(key)]
        if parties:
            yield self._line(right, self._right + max(parties) * _COLUMN + _COLUMN / 2, y)
        dash = ' stroke-dasharray="4 3"' if purpose.basis == "prohibited" else ""
        yield (
            f'<g class="flow-purpose flow-{purpose.basis}"><title>{escape(purpose.label)}, '
            f"{_BASES[purpose.basis]} (§ {escape(purpose.clause)})</title>"
            f'<rect x="{left}" y="{y - 16:g}" width="{_BOX}" height="32" rx="6" fill="none" '
            f'stroke="currentColor"{dash}/>'
        )
        yield self._text(left + 10, y - 2, _cut(purpose.label, 40), "start", "600")
        yield self._text(left + 10, y + 11, _BASES[purpose.basis], "start", size=10.5)
        yield self._text(right - 10, y + 11, f"§ {purpose.clause}", "end", size=10.5) + "</g>"
        for place in columns:
            one = from_left[place]
            what = f"{self.sources.names[one]} to {purpose.label}"
            yield self._dot(self.sources.dots[key, one], what, origin + place * _COLUMN, y)
        for place in parties:
            one = to_right[place]
            what = f"{purpose.label} to {self.recipients.names[one]}"
            x = self._right + place * _COLUMN + _COLUMN / 2
            yield self._dot(self.recipients.dots[key, one], what, x, y)

    def _dot(self, dot: _Dot, what: str, x: float, y: float) -> str:
        clauses = ", ".join(f"§ {clause}" for clause in dict.fromkeys(dot.clauses))
        figures = "" if dot.whole else " (figures about groups only)"
        title = escape(f"{what}: {listed(dot.data)}{figures} {clauses}")
        if dot.whole:
            circle = f'<circle class="flow-dot" cx="{x:g}" cy="{y:g}" r="5">'
            return f"{circle}<title>{title}</title></circle>"
        return (
            f'<g class="flow-figures"><title>{title}</title>'
            f'<path d="M{x - 6:g} {y:g} L{x:g} {y - 6:g} L{x + 6:g} {y:g} L{x:g} {y + 6:g} Z"/>'
            "</g>"
        )

    def _line(self, start: float, end: float, y: float) -> str:
        return (
            f'<path class="flow-line" d="M{start:g} {y:g} H{end:g}" stroke="currentColor" '
            'stroke-opacity="0.8" fill="none"/>'
        )

    def _legend(self, y: float) -> Iterable[str]:
        yield f'<g class="flow-legend"><circle cx="{_MARGIN + 5}" cy="{y - 4}" r="5"/>'
        yield self._text(_MARGIN + 16, y, "personal data goes this way", "start", size=11)
        x = _MARGIN + 206
        yield f'<path d="M{x - 6} {y - 4} L{x} {y - 10} L{x + 6} {y - 4} L{x} {y + 2} Z"/>'
        yield self._text(x + 12, y, "only figures about groups", "start", size=11)
        yield self._text(x + 186, y, "lines without a mark only cross", "start", size=11) + "</g>"

    @staticmethod
    def _text(
        x: float, y: float, text: str, anchor: str, weight: str = "", *, size: float = 12
    ) -> str:
        bold = f' font-weight="{weight}"' if weight else ""
        return (
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}"{bold}>'
            f"{escape(text)}</text>"
        )


def _size(width: int, height: int) -> str:
    return f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'


def _cut(text: str, longest: int) -> str:
    """A text short enough; what stands in brackets goes first."""
    if len(text) > longest:
        text = text.partition(" (")[0]
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _slanted(name: str) -> float:
    """How far up, and to the right, a name at 45 degrees reaches."""
    return (len(_cut(name, _LONGEST)) * _LETTER + 12) * _SLANT
