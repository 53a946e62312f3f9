"""docs/tasks.md names every task, as do the intents, their titles and the domain."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from actions.fields import FIELDS
from actions.intents import TALK, TASKS
from actions.tasks import ALL
from core.task_names import TASK_NAMES

ROOT = Path(__file__).parents[2]


def test_every_task_is_documented_and_no_other() -> None:
    table = (ROOT / "docs/tasks.md").read_text(encoding="utf-8").split("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (yes|no) \|", table, flags=re.MULTILINE))
    assert rows == {name: "yes" if task.is_personal else "no" for name, task in ALL.items()}


def test_every_task_has_an_intent_and_titles() -> None:
    domain = YAML(typ="safe").load(ROOT / "domain.yml")
    assert set(ALL) == set(TASKS) == TASK_NAMES <= set(domain["intents"])
    assert set(TALK) <= set(domain["intents"])


def test_every_field_of_a_task_can_be_read() -> None:
    named = {name for task in ALL.values() for name in task.fields}
    assert named <= set(FIELDS)
    assert {one for field in FIELDS.values() for one in field.rests_on} <= set(FIELDS)
