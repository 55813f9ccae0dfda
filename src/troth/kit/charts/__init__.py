"""Charts as server-made SVG: read without colour, without script, with their table beside them.

Only classes and presentation attributes are used, so a strict Content-Security-Policy holds.
Each function returns a `Chart` for the `{% chart %}` tag.
"""

from troth.kit.charts.bars import Bar, Part, bars, stacked
from troth.kit.charts.deadlines import Deadline, deadlines
from troth.kit.charts.drawing import Cell, Chart, Head
from troth.kit.charts.lines import Series, line

__all__ = [
    "Bar",
    "Cell",
    "Chart",
    "Deadline",
    "Head",
    "Part",
    "Series",
    "bars",
    "deadlines",
    "line",
    "stacked",
]
