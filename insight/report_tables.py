"""Each report's results as its table; `names` turn keys into what people call them."""

from collections.abc import Iterable, Mapping

from insight.blind import BlindLine
from insight.breakdown import Line, Point
from insight.disputes import DisputeLine
from insight.evaluators import EvaluatorLine
from insight.figures import Figure
from insight.questions import Loss, QuestionLine
from insight.satisfaction import Satisfaction
from insight.table import Column, Row, Table

Names = Mapping[str, str]
CHANGE = Column("change", "Change")
TREND = Column("trend", "By week")


def score_table(name: str, title: str, lines: Iterable[Line], names: Names) -> Table:
    """Scores by agent, team or queue; `title` names what a row is."""
    columns = (
        Column(name.removesuffix("s"), title),
        Column("score", "Score"),
        CHANGE,
        Column("passed", "Passed"),
        Column("unscored", "Without a score"),
        TREND,
    )
    rows = (
        Row(
            line.key,
            (_name(line.key, names), line.score, line.change, line.passed, line.unscored,
             line.trend),
        )
        for line in lines
    )  # fmt: skip
    return Table(name, title, columns, tuple(rows))


def week_table(points: Iterable[Point]) -> Table:
    """Weeks in their order; a week that the window cuts has fewer days."""
    columns = (
        Column("week", "Week"),
        Column("days", "Days"),
        Column("score", "Score"),
        Column("passed", "Passed"),
    )
    rows = (
        Row(
            point.window.first.isoformat(),
            (f"{point.window.first} to {point.window.last}", point.window.days, point.score,
             point.passed),
        )
        for point in points
    )  # fmt: skip
    return Table("weeks", "Week", columns, tuple(rows))


def question_week_table(earned: Iterable[Figure]) -> Table:
    """One question week by week."""
    columns = (Column("week", "Week"), Column("days", "Days"), Column("earned", "Earned"))
    rows = (
        Row(
            one.window.first.isoformat(),
            (f"{one.window.first} to {one.window.last}", one.window.days, one),
        )
        for one in earned
    )
    return Table("weeks", "Week", columns, tuple(rows))


def question_table(lines: Iterable[QuestionLine], names: Names) -> Table:
    """Questions in the form's order."""
    columns = (
        Column("question", "Question"),
        Column("earned", "Earned"),
        CHANGE,
        Column("unsure", "Unsure"),
        Column("does_not_apply", "Does not apply"),
        TREND,
    )
    rows = (
        Row(
            line.question,
            (_name(line.question, names), line.earned, line.change, line.unsure,
             line.does_not_apply, tuple(figure.value for figure in line.trend)),
        )
        for line in lines
    )  # fmt: skip
    return Table("questions", "Question", columns, tuple(rows))


def loss_table(losses: Iterable[Loss], names: Names) -> Table:
    """What costs most, first; shares are of all points lost."""
    columns = (
        Column("question", "Question"),
        Column("lost", "Points lost a conversation"),
        Column("fails", "Lowest answers"),
        Column("part", "Share of all that is lost"),
        Column("cumulative", "With those above"),
    )
    rows = (
        Row(
            loss.question,
            (_name(loss.question, names), loss.lost, loss.fails, round(loss.part, 4),
             round(loss.cumulative, 4)),
        )
        for loss in losses
    )  # fmt: skip
    return Table("losses", "Question", columns, tuple(rows))


def dispute_table(title: str, lines: Iterable[DisputeLine], names: Names) -> Table:
    """Disputes by question, agent, queue or evaluator."""
    columns = (
        Column("of", title),
        Column("overturned", "Overturned"),
        CHANGE,
        Column("waiting", "Not decided yet"),
        TREND,
    )
    rows = (
        Row(
            line.key,
            (_name(line.key, names), line.overturned, line.change, line.waiting,
             tuple(figure.value for figure in line.trend)),
        )
        for line in lines
    )  # fmt: skip
    return Table("disputes", title, columns, tuple(rows))


def evaluator_table(lines: Iterable[EvaluatorLine], names: Names) -> Table:
    """Who evaluates, beside the others and beside their own days before."""
    columns = (
        Column("evaluator", "Evaluator"),
        Column("changed", "Answers changed"),
        Column("others", "Beside the others"),
        Column("drift", "Beside the days before"),
        Column("leaning", "Leaning"),
        Column("leaning_others", "Leaning beside the others"),
        TREND,
    )
    rows = (
        Row(
            line.evaluator,
            (_name(line.evaluator, names), line.changed, line.others, line.drift, line.leaning,
             line.leaning_others, tuple(figure.value for figure in line.trend)),
        )
        for line in lines
    )  # fmt: skip
    return Table("evaluators", "Evaluator", columns, tuple(rows))


def blind_table(lines: Iterable[BlindLine], names: Names) -> Table:
    """Who scored in blind sessions, beside the machine and the others."""
    columns = (
        Column("evaluator", "Evaluator"),
        Column("as_machine", "As the machine"),
        Column("machine_drift", "Beside the days before"),
        Column("as_others", "As the others"),
        Column("others_drift", "Beside the days before"),
        TREND,
    )
    rows = (
        Row(
            line.evaluator,
            (_name(line.evaluator, names), line.as_machine, line.machine_drift, line.as_others,
             line.others_drift, tuple(figure.value for figure in line.trend)),
        )
        for line in lines
    )  # fmt: skip
    return Table("blind", "Evaluator", columns, tuple(rows))


def satisfaction_table(found: Satisfaction) -> Table:
    """How far both go together, and the score at each answer of the customer."""
    columns = (Column("what", "What"), Column("value", "Value"))
    together = (found.spearman, found.kendall, found.csat)
    rows = (
        *(Row(one.definition.key, (one.definition.title, one)) for one in together),
        *(Row(f"csat_{level}", (f"Score at CSAT {level}", one)) for level, one in found.scores),
    )
    return Table("satisfaction", "What", columns, rows)


def _name(key: str, names: Names) -> str:
    return names.get(key, key)
