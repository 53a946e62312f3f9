"""What the bot gets done: a module a task, each task an object of the shape of actions.task.Task.

docs/tasks.md has the table of them and says how one is written.
"""

from collections.abc import Mapping

from actions.task import Task
from actions.tasks import (
    cancel_order,
    change_address,
    change_slot,
    order_status,
    reports,
    return_status,
    send_invoice,
    start_return,
)

_TASKS: tuple[Task, ...] = (
    cancel_order.TASK,
    change_address.TASK,
    change_slot.TASK,
    order_status.TASK,
    reports.DAMAGED,
    reports.MISSING,
    return_status.TASK,
    send_invoice.TASK,
    start_return.TASK,
)
ALL: Mapping[str, Task] = {task.name: task for task in _TASKS}
