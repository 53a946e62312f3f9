"""A session's comparison as plain values: figures of each question, and every answer as a row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from core.calibration import AskedQuestion
from qa.agreement import Agreement, Rate
from qa.chance import Coefficient
from qa.comparison import Compared, QuestionResult
from qa.gate import Gate, Requirement

Json: TypeAlias = dict[str, Any]  # ready for json.dumps

ANSWER_FIELDS = (
    "question", "conversation", "picked", "machine", "person", "answer", "had_seen", "comment",
    "consensus", "consensus_reason",
)  # fmt: skip
FIGURE_FIELDS = (
    "question", "compared", "n", "statistic", "value", "low", "high", "part", "whole", "remark",
)  # fmt: skip


def answer_rows(
    results: Iterable[QuestionResult], names: Mapping[str, str]
) -> Iterator[Sequence[str]]:
    """One row for each person's answer, in the order of `ANSWER_FIELDS`; people by their names."""
    for result in results:
        for each in result.compared:
            yield from answer_rows_of(result.asked, each, names)


def answer_rows_of(
    asked: AskedQuestion, each: Compared, names: Mapping[str, str]
) -> Iterator[Sequence[str]]:
    """The rows of one conversation."""
    consensus = each.consensus
    for given in each.given:
        yield (
            asked.id,
            each.conversation,
            each.picked.value,
            each.machine,
            names.get(given.person, given.person),
            given.answer.answer,
            "yes" if given.had_seen else "no",
            given.answer.comment,
            consensus.answer if consensus else "",
            consensus.reason if consensus else "",
        )


def figure_rows(results: Iterable[QuestionResult]) -> Iterator[Sequence[str]]:
    """One row for each figure, in the order of `FIGURE_FIELDS`."""
    for result in results:
        for told, one in (
            ("machine and people", machine_json(result)),
            ("people", people_json(result)),
        ):
            for name, value in one.items():
                if isinstance(value, dict):
                    yield _figure_row(result.asked.id, told, one["n"], name, value)


def results_json(results: Iterable[QuestionResult]) -> list[Json]:
    """Every question's figures, without anybody's words."""
    return [
        {
            "question": result.asked.id,
            "text": result.asked.text,
            "is_fatal": result.asked.is_fatal,
            "conversations": len(result.compared),
            "people_differ": result.people_differ,
            "machine_differs": sum(each.does_machine_differ for each in result.compared),
            "machine_and_people": machine_json(result),
            "people": people_json(result),
        }
        for result in results
    ]


def machine_json(result: QuestionResult) -> Json:
    """The machine compared with what most people said."""
    found: Json = {"n": result.machine.table.n, "unsure": result.machine_unsure}
    found |= agreement_json(result.machine)
    if result.detection is not None:
        found["recall"] = rate_json(result.detection.recall)
        found["precision"] = rate_json(result.detection.precision)
    return found


def people_json(result: QuestionResult) -> Json:
    """People compared with each other."""
    people = result.people
    found: Json = {
        "n": people.n,
        "agreeing_pairs": {
            "value": people.pairs.value, "part": people.pairs.part, "whole": people.pairs.whole,
        },
    }  # fmt: skip
    if result.cohen is not None:
        found["kappa"] = coefficient_json(result.cohen)
    found["alpha"] = coefficient_json(people.alpha)
    found["gwet"] = coefficient_json(people.gwet)
    for name, rate in people.prevalence:
        found[f"share of {name}"] = rate_json(rate)
    return found


def agreement_json(found: Agreement) -> Json:
    """Agreement of two raters."""
    return {
        "weighting": found.weighting.value,
        "agreement": rate_json(found.raw),
        "kappa": coefficient_json(found.kappa),
        "gwet": coefficient_json(found.gwet),
        **{
            f"share of {each.category} by {who}": rate_json(rate)
            for each in found.prevalence
            for who, rate in (("the machine", each.first), ("people", each.second))
        },
    }


def gate_json(asked: AskedQuestion, gate: Gate) -> Json:
    """How a question stands."""
    return {
        "question": asked.id,
        "text": asked.text,
        "is_fatal": asked.is_fatal,
        "submits_by_itself": gate.is_open,
        "told": gate.told,
        "n": gate.n,
        "unsure": gate.unsure,
        "left_out_by_risk": gate.by_risk,
        "picked": {way.value: count for way, count in sorted(gate.picked.items())},
        "requirements": [_requirement_json(each) for each in gate.requirements],
        **agreement_json(gate.agreement),
        **(
            {
                "recall": rate_json(gate.detection.recall),
                "precision": rate_json(gate.detection.precision),
            }
            if gate.detection
            else {}
        ),
    }


def coefficient_json(found: Coefficient) -> Json:
    """A coefficient; null where it is undefined, and why."""
    return {"value": found.value, "low": found.low, "high": found.high, "why": found.why}


def rate_json(rate: Rate) -> Json:
    """A share with its numerator and denominator."""
    low, high = rate.interval or (None, None)
    return {
        "value": rate.value, "low": low, "high": high, "part": rate.part, "whole": rate.whole,
    }  # fmt: skip


def _requirement_json(each: Requirement) -> Json:
    return {"name": each.name, "found": each.found, "needed": each.needed, "is_met": each.is_met}


def _figure_row(question: str, told: str, n: int, name: str, value: Json) -> Sequence[str]:
    figures = (value.get(key) for key in ("value", "low", "high", "part", "whole"))
    shown = ("" if figure is None else f"{figure:.6g}" for figure in figures)
    return (question, told, str(n), name, *shown, value.get("why", ""))
