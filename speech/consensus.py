"""One text from several hearings of the same sound.

The rule is minimum Bayes risk: the text with the least expected number of wrong words, the
others standing in for the truth, each as heavy as the recogniser found it likely.
Source: Goel and Byrne, Minimum Bayes-risk automatic speech recognition (2000).
"""

import math
from collections.abc import Sequence

# How much a likelier text weighs more; 0 is a plain vote, large is the likeliest alone. Both were
# worse, 3 and 8 equal: benchmarks/speech/README.md.
SHARPNESS = 3.0


def best_agreed(texts: Sequence[Sequence[str]], mean_log_probabilities: Sequence[float]) -> int:
    """The number of the text that the others, weighed by likelihood, differ from least.

    Args:
        texts: words each; capitals and marks should be off already.
    """
    weights = [math.exp(SHARPNESS * mean) for mean in mean_log_probabilities]
    risks = [
        sum(weight * distance(one, other) for weight, other in zip(weights, texts, strict=True))
        for one in texts
    ]
    return min(range(len(texts)), key=lambda n: (risks[n], -mean_log_probabilities[n]))


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Least number of words put in, left out or changed that makes one the other."""
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, start=1):
        above, row = row, [number]
        for place, their_word in enumerate(other, start=1):
            changed = above[place - 1] + (word != their_word)
            row.append(min(above[place] + 1, row[place - 1] + 1, changed))
    return row[-1]
