"""What `parley doctor` finds of the demo shop in a house that has another name."""

from collections.abc import Iterator

from core.settings import Settings
from core.task_names import TASK_NAMES
from language.articles import load_articles

DEMO = Settings.model_fields["company"].default
# what needs no orders: who is to be rung stands in the console, a complaint has its ticket
NEED_NO_ORDERS = frozenset({"call_back", "complain", "ticket_status", "add_to_ticket"})
MOST_NAMED = 3


def look_for_demo(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """What is still the demo shop's: what it is, what was found, and what to do about it.

    Raises:
        BadArticle: naming file and line.
    """
    if settings.company == DEMO:
        return
    made_up = sorted(settings.offered_tasks & (TASK_NAMES - NEED_NO_ORDERS))
    if not settings.backend_url and made_up:
        yield (
            "back end",
            f"{_some(made_up)} answer out of the demo shop's made-up orders and shops",
            "set PARLEY_BACKEND_URL, or leave such tasks out of PARLEY_TASKS",
        )
    openers = Settings.model_fields["openers"].default
    if settings.openers == openers and "order_status" not in settings.offered_tasks:
        yield "chat", f"an empty page offers {openers[0]!r}", "set PARLEY_OPENERS"
    if settings.smtp_url and settings.mail_from == Settings.model_fields["mail_from"].default:
        yield "mail", f"mail goes out from {settings.mail_from}", "set PARLEY_MAIL_FROM"
    named = [
        article.slug
        for article in load_articles(settings.knowledge)
        if any(DEMO in section.text for section in article.sections)
    ]
    if named:
        yield "articles", f"{_some(named)} speak of {DEMO}", "write your own (docs/knowledge.md)"


def _some(names: list[str]) -> str:
    """The first few, and how many more: 'a, b, c and 5 more'."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
