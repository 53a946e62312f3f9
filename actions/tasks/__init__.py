"""What the bot gets done: a module a task, each task an object of the shape of actions.task.Task.

docs/tasks.md has the table of them and says how one is written.
"""

from collections.abc import Mapping

from actions.task import Task
from actions.tasks import (
    add_to_ticket,
    book_fitting,
    call_back,
    cancel_fitting,
    cancel_order,
    change_address,
    change_contact,
    change_slot,
    complain,
    find_store,
    fitting_status,
    move_fitting,
    order_status,
    pay_order,
    reports,
    return_status,
    send_invoice,
    start_return,
    ticket_status,
)

_TASKS: tuple[Task, ...] = (
    add_to_ticket.TASK,
    book_fitting.TASK,
    call_back.TASK,
    cancel_fitting.TASK,
    cancel_order.TASK,
    change_address.TASK,
    change_contact.TASK,
    change_slot.TASK,
    complain.TASK,
    find_store.TASK,
    fitting_status.TASK,
    move_fitting.TASK,
    order_status.TASK,
    reports.DAMAGED,
    reports.MISSING,
    return_status.TASK,
    pay_order.TASK,
    send_invoice.TASK,
    start_return.TASK,
    ticket_status.TASK,
)
ALL: Mapping[str, Task] = {task.name: task for task in _TASKS}
