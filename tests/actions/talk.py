"""A conversation with the form alone: slots are kept as Rasa keeps them, intents are given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.form import TaskForm
from actions.state import forget
from tests.actions.build import bot, customer, dispatcher, slots_of, tracker


@dataclass
class Talk:
    """Says what a customer says, and keeps what the form answered."""

    form: TaskForm
    conversation: str
    slots: dict[str, Any] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)  # the last message and its answer

    async def say(
        self,
        text: str,
        intent: str = "give_details",
        ranking: Sequence[str | tuple[str, float]] = (),
        wishes: Sequence[tuple[str, str]] = (),
        *,
        replied_to: str = "",
    ) -> str:
        """The form's words to this, joined; 'left to the rules' when it gives no events.

        `ranking`: other intents, or all of them with their confidences; `wishes`: the words and
        intents of each, where there are several; `replied_to`: the words that it replies to.
        """
        self.turns += 1
        event = customer(text, intent, turn=f"turn-{self.turns}")
        event["parse_data"]["metadata"]["replies_to"] = replied_to
        ranked = [(each, 0.0) if isinstance(each, str) else each for each in ranking]
        event["parse_data"]["intent_ranking"] = [
            {"name": name, "confidence": confidence} for name, confidence in ranked
        ]
        event["parse_data"]["parts"] = [
            {"text": words, "intent": name, "confidence": 0.9, "asks": True}
            for words, name in wishes
        ]
        if intent in dict(ranked):
            event["parse_data"]["intent"]["confidence"] = dict(ranked)[intent]
        return await self._run(event)

    async def press(self, title: str) -> str:
        """As a button of the latest question, by the beginning of its title."""
        payload = next(p for name, p in self.buttons.items() if name.startswith(title))
        return await self.say(payload, payload[1:].split("{")[0])

    async def repeat(self) -> str:
        """The form asks again, after the rules answered the latest message."""
        event = customer("aside", "greet", turn=f"turn-{self.turns}")
        return await self._run(event, {"event": "action_execution_rejected", "name": "task_form"})

    def leave(self) -> None:
        """As action_leave_task and the rule that ends the form."""
        self.slots |= slots_of(forget(self.slots)) | {"requested_slot": None}

    async def _run(self, *events: dict[str, Any]) -> str:
        spoken = dispatcher()
        talk = tracker(*self.before, *events, sender_id=self.conversation, **self.slots)
        answer = await self.form.validate(spoken, talk, {})
        if not answer:
            return "left to the rules"
        self.slots |= slots_of(answer)
        self.messages = spoken.messages
        self.before = [*events, *map(_told, self.messages)]
        self.buttons = {b["title"]: b["payload"] for m in self.messages for b in m["buttons"]}
        parts = [m["text"] or m["response"] or _custom(m["custom"]) for m in self.messages]
        return " | ".join(parts)

    @property
    def asked(self) -> str | None:
        """The field that is open."""
        asked: str | None = self.slots.get("asked")
        return asked


def _told(message: dict[str, Any]) -> dict[str, Any]:
    """A message as Rasa keeps it."""
    return bot(message["response"], message["text"] or "", message["buttons"])


def _custom(message: dict[str, Any]) -> str:
    return " ".join(str(value) for value in message.values() if isinstance(value, str))
