"""A scored chat of Ann's, people to review it, and the steps of its life in one line each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.conversation import Channel, Role, Turn
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.people import Address, AddressKind, User, UserRole
from core.review import Answer, Dispute, Outcome, Review
from core.score import score
from core.scorecard import Criticality, Question, Scorecard, Section
from core.spans import TextSpan
from store import agents, conversations, corrections, disputes, evaluations, reviews, users
from store.database import Database
from store.reviews import Actor

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
WINDOW = timedelta(days=7)
CARD = Scorecard(
    "card", 1, "Card",
    (
        Section("talk", "Talk", 100, (
            Question("greeting", "Greeted?", 40, "phrase"),
            Question("name", "Name given?", 40, "phrase"),
            Question("rude", "Clean?", 20, "absence", criticality=Criticality.FATAL),
        )),
    ),
    pass_mark=50,
)  # fmt: skip
LINES = (
    (Role.CUSTOMER, "my lamp is broken"),
    (Role.AGENT, "hello, this is Ann of Acme"),
)
YES, NO = Answer(Verdict.YES), Answer(Verdict.NO)
NAMED = Answer(Verdict.YES, evidence=(Evidence("t1", TextSpan(7, 18)),))  # this is Ann


@dataclass
class Desk:
    """The database with its people, and the conversation that is reviewed."""

    database: Database
    people: dict[str, User]
    conversation: str

    async def actor(self, name: str) -> Actor:
        async with self.database.reading() as session:
            user = self.people[name]
            return Actor(user.id, await agents.keys_of(session, user))

    async def judge(
        self, name: str = "no", rude: str = "yes", *, id: str = "e1", minutes: int = 0,
        greeting: str = "no", card: Scorecard = CARD,
    ) -> Evaluation:  # fmt: skip
        """Store what the machine says."""
        given = {"greeting": greeting, "name": name, "rude": rude}
        findings = tuple(Finding(q, Verdict(v), 0.8, "heard") for q, v in given.items())
        result = score(card, findings)
        made = Evaluation(
            id, self.conversation, card.name, card.version, findings,
            NOW + timedelta(minutes=minutes), result.points, result.failed,
        )  # fmt: skip
        async with self.database.writing() as session:
            await evaluations.save(session, made)
        return made

    async def begin(self, evaluation: Evaluation, who: str = "sam") -> Review:
        async with self.database.writing() as session:
            return await reviews.begin(session, evaluation, await self.actor(who), now=NOW)

    async def correct(
        self, review: Review, question: str, answer: Answer, who: str = "sam", *, minutes: int = 1,
        comment: str = "heard it",
    ) -> str:  # fmt: skip
        actor, at = await self.actor(who), NOW + timedelta(minutes=minutes)
        async with self.database.writing() as session:
            made = await corrections.correct(
                session, review.id, question, answer, actor, comment=comment, card=CARD, now=at
            )
        return made.id

    async def submit(self, review: Review, who: str = "sam") -> Review:
        actor = await self.actor(who)
        async with self.database.writing() as session:
            return await reviews.submit(
                session, review.id, actor, card=CARD, comment="well done", window=WINDOW, now=NOW
            )

    async def dispute(
        self, review: Review, question: str = "name", who: str = "ann", *, days: float = 0
    ) -> Dispute:
        actor, at = await self.actor(who), NOW + timedelta(days=days)
        async with self.database.writing() as session:
            return await disputes.dispute(
                session, review.id, question, actor,
                reason="I did say it", due_at=at + timedelta(days=3), now=at,
            )  # fmt: skip

    async def decide(
        self, dispute: Dispute, who: str, answer: Answer | None = None, *, reason: str = "heard it"
    ) -> Dispute:
        outcome = Outcome.UPHELD if answer is None else Outcome.OVERTURNED
        actor = await self.actor(who)
        async with self.database.writing() as session:
            return await disputes.decide(
                session, dispute.id, outcome, actor, answer=answer, reason=reason, card=CARD,
                window=WINDOW, now=NOW + timedelta(days=1),
            )  # fmt: skip

    async def review(self, review: Review) -> Review:
        async with self.database.reading() as session:
            return await reviews.get(session, review.id)


ROLES = {
    "sam": UserRole.SUPERVISOR, "sue": UserRole.SUPERVISOR, "olga": UserRole.OWNER,
    "ann": UserRole.AGENT, "ben": UserRole.AGENT,
}  # fmt: skip


async def opened_desk(database: Database) -> Desk:
    people = {}
    async with database.writing() as session:
        for name, duty in ROLES.items():
            people[name] = await users.create(
                session, email=f"{name}@example.org", name=name, roles=frozenset({duty})
            )
        made = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, "v"), now=NOW
        )
        for place, (role, text) in enumerate(LINES):
            agent = people["ann"].id if role is Role.AGENT else None
            turn = Turn(f"t{place}", role, text, NOW)
            await conversations.append_turn(session, made.id, turn, now=NOW, agent_id=agent)
    return Desk(database, people, made.id)
