"""What the bot gets done, by name: for settings and rules that name tasks of actions/tasks/."""

from collections.abc import Iterable
from difflib import get_close_matches

from core.errors import BadInput

TASK_NAMES = frozenset({
    "add_to_ticket", "book_fitting", "call_back", "cancel_fitting", "cancel_order",
    "change_address", "change_contact", "change_slot", "complain", "find_store", "fitting_status",
    "move_fitting", "order_status", "pay_order", "report_damaged", "report_missing",
    "return_status", "send_invoice", "start_return", "ticket_status",
})  # fmt: skip


def check_task_names(names: Iterable[str]) -> None:
    """Raise BadInput naming the first that is no task, and the one that was likely meant."""
    for name in names:
        if name not in TASK_NAMES:
            meant = get_close_matches(name, sorted(TASK_NAMES), n=1)
            like = f"{meant[0]} was meant? " if meant else ""
            raise BadInput(f"{name!r} is no task; {like}docs/tasks.md lists them all")
