"""Content: what a report says and shows, before it is drawn: facts, verdict, the model, and rows to draw beside it.

Shapes: X (n, k), Y (n, m), rows that are shown (r, p).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel
from fitnet.reports.arrays import held
from fitnet.reports.class_comparison import codes_in
from fitnet.reports.class_facts import class_facts
from fitnet.reports.class_verdict import class_verdict
from fitnet.reports.evidence import Evidence
from fitnet.reports.facts import report_facts
from fitnet.reports.given_rows import completed, given_rows
from fitnet.reports.live_model import BUDGET, live_model
from fitnet.reports.statement import Statement
from fitnet.reports.taken_rows import taken
from fitnet.reports.verdict import verdict

DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
ROWS_BUDGET = 300_000  # bytes in the page, of the rows shown
ENTRY_BYTES = 16 / 3  # of a number of float32 in base64


@dataclass(frozen=True, eq=False)
class Content:
    """All that a report says and shows.

    Attributes
    ----------
    facts
        As JSON can hold them; see `report_facts`.
    statements
        The verdict, each with "sentence", "figure" and "tone".
    rows, targets
        (r, p) and (r, m): those of the facts' sample, as the networks take them; of classes 1 for the row's.
    """

    facts: Mapping[str, Any]
    statements: list[dict[str, Any]]
    rows: Array
    targets: Array

    @classmethod
    def of(
        cls, model: AnyModel, X: Any, y: Any, evidence: Evidence, seed: int, say: Callable[[str], None]
    ) -> "Content":
        """That of a model judged by rows X and y as users give them; `say` is told of every part before it is made."""
        rows, targets = given_rows(model, X, y)
        generator = np.random.default_rng(seed)
        judge, say_of = (report_facts, verdict) if model.classes is None else (class_facts, class_verdict)
        facts = judge(model, rows, targets, **vars(evidence), generator=generator, progress=say).as_dict()
        statements = [stated(statement) for statement in say_of(facts)]
        places = np.asarray(facts["sample"]["rows"], np.int64) - 1
        shown = taken(targets, places)
        if model.classes is not None:
            shown = np.eye(len(model.classes))[codes_in(shown)]
        return cls(facts, statements, completed(model, taken(rows, places)), shown)

    def payload(self, model: AnyModel) -> dict[str, Any]:
        """What the page's script needs, as JSON can hold it."""
        shown = sample_within(len(self.rows), self.rows.shape[1] + self.targets.shape[1])
        sample = {name: values for name, values in self.facts["sample"].items() if name != "inputs"}
        return {
            "facts": {**self.facts, "sample": sample},
            "verdict": self.statements,
            "model": live_model(model, BUDGET, rows=self.rows),
            "rows": {
                "inputs": held(self.rows[:shown].astype(np.float32)),
                "targets": held(self.targets[:shown].astype(np.float32)),
            },
        }


def stated(statement: Statement) -> dict[str, Any]:
    """A statement as JSON can hold it; marks in a name that turn the direction must not turn the sentence's."""
    sentence = statement.sentence.translate(DIRECTIONS).replace(" %", "\N{NO-BREAK SPACE}%")
    return asdict(replace(statement, sentence=sentence))


def sample_within(rows: int, columns: int) -> int:
    """How many of the rows with so many columns there is room for."""
    return min(rows, int(ROWS_BUDGET / (ENTRY_BYTES * columns)))
