"""The judges that Parley ships, each read at its first use and kept."""

from functools import cache

from core.errors import ModelUnavailable
from qa.judges.digest import measure_names
from qa.judges.judge import Judge, load_judge
from qa.judges.manner_judge import MannerJudge, load_manner_judge
from qa.judges.sides import HEADS


@cache
def shipped_judge(name: str) -> Judge:
    """`resolution` or `annoyed`.

    Raises:
        ModelUnavailable: the file is missing or damaged, or made for other measures.
    """
    judge = load_judge(HEADS / f"{name}.safetensors")
    if len(judge.linear.measures) != len(measure_names()):
        raise ModelUnavailable(
            f"the judge {name} was made for {len(judge.linear.measures)} measures, there are "
            f"{len(measure_names())}; run `python -m benchmarks.train {name}`"
        )
    return judge


@cache
def shipped_manner_judge() -> MannerJudge:
    """`calm`.

    Raises:
        ModelUnavailable: the file is missing or damaged, or made for other measures.
    """
    return load_manner_judge(HEADS / "calm.safetensors")
