"""Taking a card over the telephone: keyed in, never said, stored, logged or told to the bot.

The recording is paused first. The caller keys number, expiry and security code; the payment service
gets them, and the bot hears only what came of it. Star stops it; the third thing that goes wrong
leads to a person.

Source: DOMAIN "Starter compliance packs" (PCI DSS), "Twilio".
"""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from channels.phone.card_keys import CardField, Keyed, Vault, is_readable
from channels.phone.pausing import PAYMENT, Pausing
from channels.phone.speaking import HOLD_ON
from channels.reply import Line
from channels.situation import Situation
from channels.wire import Pressed
from core.call import Call, CallStage
from core.conversation import Event, EventKind
from core.errors import PaymentUnavailable, TelephonyUnavailable
from core.handoff import Holder
from core.payment import CARD_BUTTON, CardCharge, Charge, ChargeState, Payments
from store import conversations
from store.conversations import Placed

if TYPE_CHECKING:
    from channels.phone.switchboard import Switchboard

STOP_KEY = "*"
PATIENCE_SECONDS = 0.5  # for the payment service, before the caller hears "one moment"
MOST_WRONG = 3  # of unreadable fields and refused cards together, and of silences
FAILED = "payment_failed"  # of core.handoff.REASONS

ASKS = {
    CardField.NUMBER: "Please key in the long number of your card, then hash.",
    CardField.EXPIRY: "Now the month and the year of its expiry, four digits, then hash.",
    CardField.CODE: "And the security code, then hash. It is three digits on the back, or four on "
    "the front.",
}
TO_STOP = "To stop, press star, then hash."
UNREAD = {
    CardField.NUMBER: "That is not the number of a card.",
    CardField.EXPIRY: "That is no month and year that is still ahead.",
    CardField.CODE: "That is not a security code.",
}
SILENT = "I did not get any keys."
LOST = "I am sorry, I have to ask for your card once more from the start."
REFUSED = "Your card was not accepted, and nothing was taken. You can try again, or with another."
ACCEPTED = "Your card was accepted."
STOPPED = "All right, nothing was taken from your card. What else can I do for you?"
KEYED_IN = "The card is keyed in"
GIVEN_UP = "I cannot take your card this way, I am sorry, and nothing was taken from it."
NO_PAUSE = "I cannot take a card just now, I am sorry, and nothing was taken."
AWAY = "I cannot reach our payment service, I am sorry. Nothing was taken from your card."
UNSURE = (
    "I did not get an answer from our payment service, so I do not know whether your card was "
    "charged. Please do not pay again: one of our people looks into it."
)

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Open:
    """What is being paid, what was asked for last, and how often something went wrong.

    It is kept with the call, as text; it holds nothing of a card.
    """

    what: CardCharge
    asked: CardField = CardField.NUMBER
    wrong: int = 0

    @property
    def text(self) -> str:
        """As `open_in` reads it."""
        return f"{self.what.order}:{self.what.amount_pence}:{self.asked}:{self.wrong}"


def open_in(text: str) -> Open:
    """What `Open.text` wrote."""
    order, pence, asked, wrong = text.split(":")
    return Open(CardCharge(order, int(pence)), CardField(asked), int(wrong))


def card_wanted(situation: Situation, spoken: list[Placed]) -> CardCharge | None:
    """What is to be paid by card, when the bot's new turns lead to the keypad."""
    under = [button for one in spoken for button in situation.buttons.get(one.turn.id, ())]
    for button in under:
        if button.payload.startswith(CARD_BUTTON):
            order, pence = button.payload.removeprefix(CARD_BUTTON).split(":")
            return CardCharge(order, int(pence))
    return None


@dataclass(frozen=True, slots=True)
class Till:
    """Takes cards of callers; `charging` holds what the payment service has not answered yet."""

    pausing: Pausing
    payments: Payments
    vault: Vault = field(default_factory=Vault)
    charging: dict[str, asyncio.Task[Charge]] = field(default_factory=dict)

    async def begin(self, board: "Switchboard", call: Call, what: CardCharge, words: str) -> str:
        """Pause the recording, then ask for the number; without a pause nothing is asked."""
        try:
            await self.pausing.pause_for_card(call)
        except TelephonyUnavailable as error:
            log.warning("recording_not_paused", call=call.sid, error=str(error))
            return await self._to_person(board, call, NO_PAUSE)
        paying = replace(call, stage=CallStage.PAYING, silences=0)
        return await self._ask(board, paying, Open(what), f"{words} {TO_STOP}")

    async def keyed(self, board: "Switchboard", call: Call, digits: str) -> str:
        """What was keyed for the field that was asked for; empty when nothing was."""
        paid = open_in(call.pending or "")
        if STOP_KEY in digits:
            return await self._stop(board, call)
        if not digits:
            return await self._silence(board, call, paid)
        if not is_readable(paid.asked, digits, today=self._today(board)):
            return await self._wrong(board, call, paid, UNREAD[paid.asked])
        kept = self.vault.find(call.sid)
        if paid.asked is not CardField.NUMBER and not kept.number:  # a restart, or too slow
            return await self._ask(board, call, replace(paid, asked=CardField.NUMBER), LOST)
        keyed = kept.with_field(paid.asked, digits)
        if keyed.missing is None:
            return await self._charge(board, call, paid, keyed)
        self.vault.keep(call.sid, keyed)
        return await self._ask(board, replace(call, silences=0), replace(paid, asked=keyed.missing))

    @staticmethod
    def _today(board: "Switchboard") -> date:
        return board.room.clock().astimezone(board.room.settings.zone).date()

    async def hang_up(self, call: Call) -> Event | None:
        """The call ended in the middle: what was keyed is gone; the pause ends with the call."""
        self.vault.forget(call.sid)
        if call.stage is not CallStage.PAYING:
            return None
        return Event(EventKind.RECORDING_RESUMED, self.pausing.room.clock(), PAYMENT, "hung_up")

    async def _ask(self, board: "Switchboard", call: Call, paid: Open, words: str = "") -> str:
        asking = replace(call, step=call.step + 1, pending=paid.text)
        said = f"{words} {ASKS[paid.asked]}".strip()
        return await board.keep(asking, board.mouth.key_in(asking, said))

    async def _silence(self, board: "Switchboard", call: Call, paid: Open) -> str:
        if call.silences + 1 >= MOST_WRONG:
            return await self._to_person(board, call, GIVEN_UP)
        silent = replace(call, silences=call.silences + 1)
        return await self._ask(board, silent, paid, f"{SILENT} {TO_STOP}")

    async def _wrong(self, board: "Switchboard", call: Call, paid: Open, words: str) -> str:
        if paid.wrong + 1 >= MOST_WRONG:
            return await self._to_person(board, call, GIVEN_UP)
        return await self._ask(board, call, replace(paid, wrong=paid.wrong + 1), words)

    async def _charge(self, board: "Switchboard", call: Call, paid: Open, keyed: Keyed) -> str:
        """Charge the whole card; it is forgotten whatever comes of it."""
        self.vault.forget(call.sid)
        charging = self.payments.charge(keyed.card, paid.what, key=f"{call.sid}-{call.step}")
        self.charging[call.sid] = asyncio.create_task(charging)
        return await self.settle(board, call)

    async def settle(self, board: "Switchboard", call: Call, *, waits: int = 0) -> str:
        """Go on with what came of a charge; hold on where the payment service is slow."""
        charging = self.charging.get(call.sid)
        if charging is None:  # we were started again in between
            return await self._to_person(board, call, UNSURE)
        await asyncio.wait({charging}, timeout=PATIENCE_SECONDS)
        if not charging.done():
            words = HOLD_ON if waits == 0 else ""
            return await board.keep(call, board.mouth.hold_on(call, words, waits + 1))
        del self.charging[call.sid]
        return await self._settled(board, call, charging)

    async def finish(self, board: "Switchboard", call: Call) -> None:
        """The caller has hung up: see what is being charged to its end, so that the bot knows."""
        charging = self.charging.get(call.sid)
        if charging is not None:
            await asyncio.wait({charging})
            await self.settle(board, call)

    async def _settled(
        self, board: "Switchboard", call: Call, charging: asyncio.Task[Charge]
    ) -> str:
        paid = open_in(call.pending or "")
        try:
            charge = charging.result()
        except PaymentUnavailable as error:
            log.warning("payment_failed", call=call.sid, error=str(error), unsure=error.is_unsure)
            return await self._to_person(board, call, UNSURE if error.is_unsure else AWAY)
        if charge.state is ChargeState.DECLINED:
            again = replace(paid, asked=CardField.NUMBER)
            return await self._wrong(board, call, again, REFUSED)
        return await self._taken(board, await self._resumed(call), paid.what, charge)

    async def _taken(
        self, board: "Switchboard", call: Call, what: CardCharge, charge: Charge
    ) -> str:
        """Tell the bot, by a button that nobody else can press, and go on with what it says."""
        told = {"order": what.order, "amount": what.amount_pence, "reference": charge.reference}
        line = Line(ACCEPTED, ((KEYED_IN, f"/pay_order{json.dumps(told)}"),))
        situation = await self._tell(board, call, line)
        accepted = situation.placed[-1]
        (button,) = situation.buttons[accepted.turn.id]
        pressed = Pressed(f"{call.sid}-{call.step}", button.id)
        await board.dialogue.hear(call.conversation, pressed)
        call = replace(call, told_from=accepted.position, told_to=accepted.position)
        return await board.go_on(call, first=ACCEPTED)

    async def _stop(self, board: "Switchboard", call: Call) -> str:
        call = await self._resumed(call)
        situation = await self._tell(board, call, Line(STOPPED))
        return await board.say_new(call, situation)

    async def _to_person(self, board: "Switchboard", call: Call, words: str) -> str:
        call = await self._resumed(call)
        situation = await self._tell(board, call, Line(words))
        if situation.handoff.holder is Holder.BOT:
            await board.dialogue.get_person(call.conversation, FAILED)
        return await board.say_new(call, await board.room.look(call.conversation))

    async def _tell(self, board: "Switchboard", call: Call, line: Line) -> Situation:
        """A turn of the bot, stored; not yet said."""
        async with board.room.changing(call.conversation) as session:
            key = f"bot:payment:{call.sid}-{call.step}"
            await board.dialogue.tell(session, call.conversation, key, [line])
        return await board.room.look(call.conversation)

    async def _resumed(self, call: Call) -> Call:
        """Back with the bot; a recording that cannot be resumed stays silent, and harms nobody."""
        self.vault.forget(call.sid)
        if call.stage is CallStage.PAYING:
            try:
                await self.pausing.resume_after_card(call)
            except TelephonyUnavailable as error:
                log.warning("recording_not_resumed", call=call.sid, error=str(error))
        return replace(call, stage=CallStage.BOT, pending=None, silences=0, misheard=0)


async def end_pause(till: Till | None, session: Any, call: Call) -> None:
    """Store the end of a pause of which the caller has hung up."""
    event = await till.hang_up(call) if till is not None else None
    if event is not None:
        await conversations.add_event(session, call.conversation, event)
