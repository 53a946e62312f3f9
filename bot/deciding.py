"""What the bot does next, as Rasa's rule policy and ensemble decide it, without the detours.

Rasa 3.6.21 asks every policy about every step, and each turns the whole conversation into states
before it looks at the last few: 15 ms a step with 80 events. A rule that fits decides with
confidence 1 and the highest priority, so no other policy can change it; only where none fits is
Rasa's own graph asked. 0.5 ms a step, and the same answers (tests/bot/inside/compare_with_rasa.py).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from typing import Any, Optional

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

from bot.graph import StraightRunner
from bot.talk import State, last_states

Action = tuple[tuple[str, Any], ...]  # as a state names it: (("action_name", "utter_greet"),)
Found = tuple[Optional[str], Optional[str], bool]  # action, rule, back from outside the form

MOST_FOUND = 20_000  # places in conversations; about 20 MB
CERTAIN = 1.0  # what a rule that fits is given (RulePolicy._prediction_result)

_PATIENT = (MemoizationPolicy, AugmentedMemoizationPolicy)  # at most 1, no events, no veto


class QuickRules(RulePolicy):  # type: ignore[misc]  # Rasa ships no types
    """Rasa's rule policy, which looks only as far back as its longest rule."""

    def __init__(self, loaded: RulePolicy) -> None:
        """Take over the rules that `loaded` holds."""
        self.__dict__.update(loaded.__dict__)
        keys = [*self.lookup[RULES], *self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        self._longest = 1 + max((len(_states_of(key)) for key in keys), default=1)
        self._reads_text = any(
            TEXT in part.get(USER, {}) for key in keys for part in _states_of(key)
        )
        self._found: dict[object, Found] = {}
        self._by_action = {
            id(rules): _by_latest_action(rules)
            for rules in (self.lookup[RULES], self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH])
        }

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        """As Rasa's, looked up when the last states were the same before (five times as quick).

        What it answers follows from the key alone. Where no rule fits it also names the states,
        words and all; that is left out, since `decide` then asks Rasa.
        """
        states = self._states(tracker, domain, use_text=use_text_for_last_user_input)
        place = (use_text_for_last_user_input, tracker.latest_action_name, tracker.active_loop_name)
        key = (place, self._frozen(states))
        if key not in self._found:
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            action, rule, returning = super()._find_action_from_rules(
                tracker, domain, use_text_for_last_user_input
            )
            self._found[key] = (action, rule if action else "", returning)
        return self._found[key]

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,  # noqa: ARG002  # Rasa's signature
    ) -> list[State]:
        return self._states(tracker, domain, use_text=use_text_for_last_user_input)

    def _states(
        self, tracker: DialogueStateTracker, domain: Domain, *, use_text: bool
    ) -> list[State]:
        """The last states, made once for both questions: by the words, and by the intent."""
        place = (len(tracker.events), id(tracker.events[-1]) if tracker.events else 0)
        known = tracker.__dict__.get("_last_states")
        if known is None or known[0] != place:
            known = (place, last_states(tracker, domain, self._longest))
            tracker.__dict__["_last_states"] = known
        states = [{kind: dict(part) for kind, part in state.items()} for state in known[1]]
        self.featurizer._choose_last_user_input([states], use_text)
        return states

    def _frozen(self, states: list[State]) -> object:
        """The states as a key; without the customer's words unless a rule asks for them."""
        return tuple(
            tuple(
                (kind, name, value)
                for kind, part in state.items()
                for name, value in part.items()
                if self._reads_text or (kind, name) != (USER, TEXT)
            )
            for state in states
        )

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        latest_first = states[::-1]
        done = _done_before(latest_first[0]) if latest_first else None
        likely = self._by_action[id(lookup)].get(done, ())
        return {key for key in likely if self._fits(_states_of(key), latest_first)}

    def _rule_prediction(self, *args: Any, **kwargs: Any) -> PolicyPrediction:
        prediction = super()._rule_prediction(*args, **kwargs)
        prediction.policy_name = RulePolicy.__name__  # events keep who decided
        return prediction

    def _fits(self, rule: Sequence[State], latest_first: Sequence[State]) -> bool:
        """As _is_rule_applicable of every state in turn, the latest first."""
        for wanted, found in zip(rule, latest_first, strict=False):
            if not wanted.get(PREVIOUS_ACTION) or not found.get(PREVIOUS_ACTION):
                if bool(wanted.get(PREVIOUS_ACTION)) != bool(found.get(PREVIOUS_ACTION)):
                    return False
            elif not self._does_rule_match_state(wanted, found):
                return False
        return True


class Decider:
    """Decides by rule where a rule fits; `decide` is None where all of Rasa has to be asked."""

    def __init__(self, runner: StraightRunner, domain: Domain) -> None:
        self._domain = domain
        self._ensemble = _only(runner, DefaultPolicyPredictionEnsemble)
        rules = _only(runner, RulePolicy)
        self._rules = QuickRules(rules) if rules and _rules_come_first(runner, rules) else None

    def decide(self, tracker: DialogueStateTracker) -> PolicyPrediction | None:
        """The next action by rule, with the events that go before it."""
        if self._rules is None or self._ensemble is None:
            return None
        prediction = self._rules.predict_action_probabilities(tracker, self._domain)
        best = self._ensemble.combine_predictions([prediction], tracker, self._domain)
        return best if best.max_confidence == CERTAIN else None


def _rules_come_first(runner: StraightRunner, rules: RulePolicy) -> bool:
    """Whether no other policy of the model can overrule a rule that fits."""
    others = [policy for policy in runner.components if isinstance(policy, Policy)]
    return type(rules) is RulePolicy and all(
        type(other) in _PATIENT and other.priority < rules.priority
        for other in others
        if other is not rules
    )


def _only(runner: StraightRunner, kind: type) -> Any:
    """The one component of this kind; None when there is none, or several."""
    found = [component for component in runner.components if isinstance(component, kind)]
    return found[0] if len(found) == 1 else None


def _by_latest_action(rules: Iterable[str]) -> dict[Action | None, list[str]]:
    """The rules by the action that their latest state follows; no other rule can fit there."""
    found: dict[Action | None, list[str]] = {}
    for key in rules:
        found.setdefault(_done_before(_states_of(key)[0]), []).append(key)
    return found


def _done_before(state: State) -> Action | None:
    """The action before a state; None where there was none."""
    done = state.get(PREVIOUS_ACTION)
    return tuple(done.items()) if done else None


@functools.lru_cache(maxsize=10_000)  # more rules than a person would write
def _states_of(rule: str) -> tuple[State, ...]:
    """A rule's states, the latest first."""
    return tuple(reversed(json.loads(rule)))
