"""Paying by card: what a payment service takes and answers. A card's digits stand nowhere else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

CARD_BUTTON = "payment:"  # a payload of ours: the telephone takes a card under it


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """A card as it was keyed in; it never shows its digits.

    `month` and `year` are of its last month.
    """

    number: str
    month: int
    year: int
    code: str

    def __repr__(self) -> str:
        return "Card(…)"


@dataclass(frozen=True, slots=True)
class CardCharge:
    """What is to be paid with a card: pence, for an order."""

    order: str
    amount_pence: int


class ChargeState(StrEnum):
    """What came of a charge."""

    TAKEN = "taken"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Charge:
    """The payment service's answer; `reference` is its own name for a charge that was taken."""

    state: ChargeState
    reference: str = ""


class Payments(Protocol):
    """A payment service: what alone sees a card beside the telephone's own memory."""

    async def charge(self, card: Card, what: CardCharge, *, key: str) -> Charge:
        """Charge a card, once however often this key comes.

        Raises:
            PaymentUnavailable: no answer; `is_unsure` when it may have been charged all the same.
        """
