"""Read the words of several conversations together, before each is evaluated by itself.

The encoder wastes less on 16 conversations than on one after another: texts of one length meet in
a batch, and its weights and the rules' words drive each other out of the processor's caches less
often. What was read is kept by the sentiment model and `Vectors`, and `evaluate` finds it there.
"""

from collections.abc import Iterable

from core.conversation import Conversation
from core.scorecard import Scorecard
from language.sentiment import SentimentModel, customer_turns
from language.trained_mood import TrainedMood
from qa.judges.digest import turns_read
from qa.judges.shipped import shipped_judge
from qa.rules.resolution import JUDGE
from qa.vectors import Vectors

GROUP = 16  # conversations; 8 and 32 were as fast, docs/benchmarks.md, "Speed"
MOST_TURNS = 500  # of a conversation read ahead; a longer one fills batches of its own


def read_ahead(
    conversations: Iterable[Conversation],
    scorecard: Scorecard,
    *,
    sentiment: SentimentModel | None = None,
    vectors: Vectors | None = None,
) -> None:
    """Encode what `evaluate` will ask of these conversations with the same models.

    Customers' turns for their moods, and the last turns for a question of resolution; what else a
    scorecard compares is encoded when it asks. Some `GROUP` conversations at once are enough.

    Raises:
        ModelUnavailable: the judge of resolution is missing or damaged.
    """
    talks = [
        talk
        for talk in conversations
        if len(talk.turns) <= MOST_TURNS and not scorecard.applies_to.why_not(talk)
    ]
    if isinstance(sentiment, TrainedMood):  # another model keeps nothing
        sentiment.moods([turn.text for talk in talks for turn in customer_turns(talk)])
    is_judged = any(question.rule == "resolution" for question in scorecard.questions)
    if vectors is not None and is_judged:
        last = shipped_judge(JUDGE).last
        vectors.of([turn.text for talk in talks for turn in turns_read(talk, last=last)])
