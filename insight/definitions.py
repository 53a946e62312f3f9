"""What each value of a report means; docs/reports.md tells the same to people."""

from insight.figures import Definition, Unit

SCORE = Definition(
    key="score",
    version=1,
    title="Score",
    numerator="the sum of the scores, each by its weight",
    denominator="the sum of the weights of conversations that have a score",
    unit=Unit.POINTS,
    highest=100.0,
)
PASSED = Definition(
    key="passed",
    version=1,
    title="Passed",
    numerator="conversations that did not fail",
    denominator="conversations that have a score",
    unit=Unit.SHARE,
)
EARNED = Definition(
    key="earned",
    version=1,
    title="Earned",
    numerator="points earned on the question, as parts of what it gives at most; a yes is 1",
    denominator="conversations in which it was answered",
    unit=Unit.SHARE,
)
UNSURE = Definition(
    key="unsure",
    version=1,
    title="Unsure",
    numerator="conversations in which the answer is unsure",
    denominator="conversations in which the question applied",
    unit=Unit.SHARE,
)
LOST = Definition(
    key="lost",
    version=1,
    title="Points lost",
    numerator="points of the form that the question cost, each by its weight",
    denominator="the sum of the weights of conversations in which anything was answered",
    unit=Unit.POINTS,
    highest=100.0,
)
OVERTURNED = Definition(
    key="overturned",
    version=1,
    title="Overturned",
    numerator="disputed answers that were overturned",
    denominator="disputed answers that were decided",
    unit=Unit.SHARE,
)
CHANGED = Definition(
    key="changed",
    version=1,
    title="Changed",
    numerator="answers of the machine that the person changed",
    denominator="answers of the machine, not unsure, in conversations that the person submitted",
    unit=Unit.SHARE,
)
LENIENT = Definition(
    key="lenient",
    version=1,
    title="Leaning",
    numerator="parts of points that the person gave more than the machine, less those given fewer",
    denominator="answers that both the person and the machine gave",
    unit=Unit.SHARE,
    lowest=-1.0,
)
AS_MACHINE = Definition(
    key="as_machine",
    version=1,
    title="As the machine",
    numerator="blind answers of the person that are the machine’s too",
    denominator="blind answers of the person",
    unit=Unit.SHARE,
)
AS_OTHERS = Definition(
    key="as_others",
    version=1,
    title="As the others",
    numerator="pairs of blind answers to one question, the person’s and another’s, that are alike",
    denominator="such pairs",
    unit=Unit.SHARE,
)
CSAT = Definition(
    key="csat",
    version=1,
    title="CSAT",
    numerator="answers of 4 and 5",
    denominator="answers to the question of satisfaction, 1 to 5",
    unit=Unit.SHARE,
)
SPEARMAN = Definition(
    key="spearman",
    version=1,
    title="Spearman’s ρ",
    numerator="the covariance of the ranks of score and CSAT",
    denominator="the root of the product of both ranks’ variances",
    unit=Unit.CORRELATION,
    lowest=-1.0,
)
KENDALL = Definition(
    key="kendall",
    version=1,
    title="Kendall’s τ-b",
    numerator="pairs of conversations that score and CSAT put in one order, less those they do not",
    denominator="pairs that are tied in neither, as τ-b counts them",
    unit=Unit.CORRELATION,
    lowest=-1.0,
)

DEFINITIONS = (
    *(SCORE, PASSED, EARNED, UNSURE, LOST, OVERTURNED),
    *(CHANGED, LENIENT, AS_MACHINE, AS_OTHERS, CSAT, SPEARMAN, KENDALL),
)
