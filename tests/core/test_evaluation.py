"""Evidence quotes its turn or refuses, and an evaluation whose quotes do not stand is refused."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.spans import TextSpan
from tests.build import chat


def test_evidence_quotes_verbatim_or_refuses() -> None:
    talk = chat(("customer", "it is broken"))
    assert Evidence("t0", TextSpan(6, 12)).quote(talk) == "broken"
    for wrong in (Evidence("t9", TextSpan(0, 1)), Evidence("t0", TextSpan(6, 13))):
        with pytest.raises(BadInput):
            wrong.quote(talk)
        finding = Finding("q", Verdict.YES, 0.9, "because", (wrong,))
        made = Evaluation("e", talk.id, "card", 1, (finding,), datetime.now(UTC), 100.0, False)
        with pytest.raises(BadInput):
            made.check_quotes(talk)
