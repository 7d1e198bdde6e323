"""The one table at the end: a row for each figure, a column for each target, in each cell the median and the spread of the repeats."""
import statistics
import sys
from typing import NamedTuple

BASE = "nginx"


class Figure(NamedTuple):
    name: str
    unit: str
    digits: int = 1
    # Whether the cell says how much it is of nginx's.
    ratio: bool = True


class Results:
    def __init__(self):
        self.values, self.remarks = {}, []

    def add(self, figure, target, value):
        self.values.setdefault(figure, {}).setdefault(target, []).append(value)
        # What is measured is seen at once: a run that is broken off has said something.
        print(f"{target}: {figure.name}: {value:,.{figure.digits}f} {figure.unit}", file=sys.stderr, flush=True)

    def remark(self, text):
        """Said once below the table: what a target cannot do, and answers that were no 200."""
        if text not in self.remarks:
            self.remarks.append(text)
            print(text, file=sys.stderr, flush=True)

    def cell(self, figure, target):
        values = self.values[figure].get(target)
        if not values:
            return "–"
        middle, number = statistics.median(values), lambda value: f"{value:,.{figure.digits}f}"
        text = number(middle)
        if len(values) > 1:
            text += f" [{number(min(values))}–{number(max(values))}]"
        base = self.values[figure].get(BASE)
        if figure.ratio and base and target != BASE and statistics.median(base) > 0:
            text += f" ×{middle / statistics.median(base):.2f}"
        return text

    def table(self, targets, repeats):
        lines = [f"| median [least–most] of {repeats}, ×: of {BASE}'s | unit | {' | '.join(targets)} |", f"|---|---|{'---|' * len(targets)}"]
        for figure in self.values:
            lines.append(f"| {figure.name} | {figure.unit} | {' | '.join(self.cell(figure, target) for target in targets)} |")
        return "\n".join([*lines, *(["", *(f"- {remark}" for remark in self.remarks)] if self.remarks else [])])
