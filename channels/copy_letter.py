"""The letter that carries a copy of a conversation: as text and as simple HTML, in four languages.

One-time codes and card numbers do not go with it: a mailbox is not the chat, and an address may be
mistyped.
"""

from collections.abc import Collection, Sequence
from html import escape

from channels.interface import Interface, interface_in
from core.conversation import Role, Turn
from core.settings import Settings
from language.cards import MASK, mask_cards
from language.values.references import find_codes
from mail.letter import Letter
from store.copies import Copy


def copy_letter(
    copy: Copy, turns: Sequence[Turn], made_codes: Collection[str], settings: Settings
) -> Letter:
    """The letter to a customer.

    Args:
        copy: not yet done, so that it has its address.
        turns: what the copy holds, in order.
        made_codes: one-time codes of this conversation, as digits.
    """
    if copy.address is None:
        raise AssertionError("a copy that is sent has an address")
    shown = interface_in(copy.language)
    words = {key: text.replace("{company}", settings.company) for key, text in shown.mail.items()}
    said = [
        (_who(turn, shown), _when(turn, settings), without_secrets(turn.text, made_codes))
        for turn in turns
    ]
    return Letter(
        copy.address,
        words["subject"],
        "\n\n".join([words["intro"], *(_as_text(*one) for one in said), "--\n" + words["why"]])
        + "\n",
        f'<div lang="{shown.language}" dir="{shown.direction}"><p>{escape(words["intro"])}</p>'
        + "".join(_as_html(*one) for one in said)
        + f"<hr><p><small>{escape(words['why'])}</small></p></div>",
        f"copy-{copy.id}",
    )


def without_secrets(text: str, made_codes: Collection[str]) -> str:
    """The text without card numbers and without these codes, a █ for each character."""
    for found in find_codes(text):
        if found.value in made_codes:
            hidden = MASK * len(found.span)
            text = text[: found.span.start] + hidden + text[found.span.end :]
    return mask_cards(text)


def _who(turn: Turn, shown: Interface) -> str:
    if turn.role is Role.CUSTOMER:
        return shown.script["you"]
    if turn.role is Role.BOT:
        return shown.script["assistant"]
    return turn.author or shown.script["colleague"]


def _when(turn: Turn, settings: Settings) -> str:
    """Minutes in the house's own zone, named, since a letter is read in any."""
    if turn.said_at is None:
        return ""
    return f"{turn.said_at.astimezone(settings.zone):%Y-%m-%d %H:%M %Z}"


def _as_text(who: str, when: str, text: str) -> str:
    return f"{who} · {when}\n{text}"


def _as_html(who: str, when: str, text: str) -> str:
    body = escape(text).replace("\n", "<br>")
    return (
        f'<p><strong dir="auto">{escape(who)}</strong> · <small>{when}</small></p>'
        f'<blockquote dir="auto">{body}</blockquote>'
    )
