"""What the bot gets done: one module a task, each with a `TASK` of the shape of actions.task.Task.

docs/tasks.md has the table of them and says how one is written.
"""

from collections.abc import Mapping

from actions.task import Task
from actions.tasks import order_status

ALL: Mapping[str, Task] = {module.TASK.name: module.TASK for module in (order_status,)}
