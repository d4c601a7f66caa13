"""Tables as Markdown or JSON."""

import json
import sys
from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of equal length under columns; `None` is a cell without a value."""

    title: str
    columns: list
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def markdown(self):
        """The table with its title above and its notes below."""
        lines = [f"### {self.title}", "", "| " + " | ".join(self.columns) + " |"]
        numeric = [
            any(isinstance(row[index], (int, float)) for row in self.rows)
            for index in range(len(self.columns))
        ]
        lines.append("|" + "|".join("---:" if right else "---" for right in numeric) + "|")
        lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines) + "\n"

    def plain(self):
        """The table as JSON's types, a row an object."""
        rows = [dict(zip(self.columns, row)) for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": self.notes}


class Report:
    """Prints tables as they come; a file gets them too, so that an early end loses nothing."""

    def __init__(self, as_json, path):
        self.as_json = as_json
        self.path = path
        self.tables = []

    def add(self, table):
        """Takes a finished table."""
        self.tables.append(table)
        if not self.as_json:
            print(table.markdown(), flush=True)
        if self.path:
            with open(self.path, "w", encoding="utf-8") as file:
                file.write(self.text())

    def finish(self):
        """Prints what could not be printed piece by piece."""
        if self.as_json:
            print(self.text())

    def text(self):
        """All tables so far."""
        if self.as_json:
            return json.dumps([table.plain() for table in self.tables], indent=2) + "\n"
        return "\n".join(table.markdown() for table in self.tables)


def cell(value):
    """A value as people read it: three digits."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def ratio(one, other):
    """`one / other` where both are known."""
    return None if one is None or not other else one / other


def say(text):
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)
