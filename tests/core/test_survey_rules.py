"""Which rule asks, who is in the sample, and what makes an alert."""

from datetime import UTC, datetime, timedelta

import pytest

from core.alert import Alert, AlertKind, Citation, Cited
from core.conversation import Channel
from core.errors import BadInput
from core.ids import new_id
from core.survey import SurveyKind, SurveyResponse
from core.survey_rules import AskRule, Detractors, SurveyRules, Trigger, is_sampled

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVERYWHERE = dict.fromkeys(Channel, 1.0)
CSAT, CES, NPS = SurveyKind.CSAT, SurveyKind.CES, SurveyKind.NPS
RULES = SurveyRules(
    ask=(
        AskRule(Trigger.TASK, (CES,), EVERYWHERE, frozenset({"order_status"})),
        AskRule(Trigger.TASK, (CSAT,), {Channel.WEB: 1.0}),
        AskRule(Trigger.PERSON, (CSAT, NPS), EVERYWHERE),
        AskRule(Trigger.CALL, (NPS,), {Channel.VOICE: 1.0}),
    )
)


@pytest.mark.parametrize(
    ("after", "about", "channel", "kinds"),
    [
        ("task", "order_status", "web", (CES,)),
        ("task", "order_status", "sms", (CES,)),
        ("task", "cancel_order", "web", (CSAT,)),
        ("task", "cancel_order", "sms", None),
        ("person", "person", "whatsapp", (CSAT, NPS)),
        ("call", "call", "voice", (NPS,)),
        ("call", "call", "web", None),
    ],
)
def test_the_first_rule_that_fits_asks(
    after: str, about: str, channel: str, kinds: tuple[SurveyKind, ...] | None
) -> None:
    made = RULES.invitation(Trigger(after), about, Channel(channel), "c", now=NOW)
    assert (made.kinds if made else None) == kinds
    if made:
        assert (made.conversation, made.about, made.offered_at) == ("c", about, NOW)


def test_a_share_is_kept_and_the_same_conversation_always_falls_the_same_way() -> None:
    ids = [new_id() for _ in range(4000)]
    asked = [one for one in ids if is_sampled(one, 0.3)]
    assert 0.26 < len(asked) / len(ids) < 0.34  # four standard deviations are 0.029
    assert [one for one in ids if is_sampled(one, 0.3)] == asked
    assert set(asked) <= {one for one in ids if is_sampled(one, 0.5)}
    assert not any(is_sampled(one, 0.0) for one in ids)
    assert all(is_sampled(one, 1.0) for one in ids)


def response(kind: SurveyKind, score: int | None) -> SurveyResponse:
    return SurveyResponse("r", "i", kind, NOW, score, is_dismissed=score is None)


@pytest.mark.parametrize(
    ("kind", "score", "is_detractor"),
    [
        (CSAT, 2, True), (CSAT, 3, False), (CES, 3, True), (CES, 4, False),
        (NPS, 0, True), (NPS, 6, True), (NPS, 7, False), (NPS, None, False), (CSAT, None, False),
    ],
)  # fmt: skip
def test_detractors_are_those_of_the_domain(
    kind: SurveyKind, score: int | None, *, is_detractor: bool
) -> None:
    assert SurveyRules().is_detractor(response(kind, score)) is is_detractor


def test_a_detractor_has_the_clock_of_its_question() -> None:
    rules = SurveyRules(detractors={CSAT: Detractors(2, 4), NPS: Detractors(6)})
    assert rules.due_at(response(CSAT, 1)) == NOW + timedelta(hours=4)
    assert rules.due_at(response(NPS, 1)) == NOW + timedelta(hours=24)
    assert not rules.is_detractor(response(CES, 1)), "a question that is not named makes none"


def test_an_alert_is_due_after_it_was_raised_and_overdue_only_while_open() -> None:
    cites = Citation(Cited.RESPONSE, "r", "t")
    later = NOW + timedelta(hours=1)
    alert = Alert("a", "c", AlertKind.DETRACTOR, cites, NOW, later)
    assert not alert.is_overdue(later)
    assert alert.is_overdue(later + timedelta(seconds=1))
    closed = Alert("a", "c", AlertKind.DETRACTOR, cites, NOW, later, closed_at=NOW)
    assert not closed.is_overdue(later + timedelta(days=1))
    with pytest.raises(BadInput, match="due after"):
        Alert("a", "c", AlertKind.DETRACTOR, cites, later, NOW)
