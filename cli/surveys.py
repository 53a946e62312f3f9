"""`parley surveys`: reads the rules by which customers are asked how it went."""

from collections.abc import Iterator
from typing import Annotated

import typer

from core.conversation import Channel
from core.settings import load_settings
from core.survey_file import SHIPPED, load_survey_rules
from core.survey_rules import AskRule, SurveyRules, Trigger

app = typer.Typer(
    help="The rules by which customers are asked how it went.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

AFTER = {
    Trigger.TASK: "after a resolved task",
    Trigger.PERSON: "after a person closes",
    Trigger.CALL: "after a call",
    Trigger.HUNG_UP: "by SMS, after a caller hung up",
}


@app.callback()
def surveys() -> None:
    """The rules by which customers are asked how it went."""


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A YAML file; PARLEY_SURVEYS when left out.")
    ] = "",
) -> None:
    """Say what the rules mean, or everything that is wrong with them by file, line and key."""
    named = file or load_settings().surveys
    rules = load_survey_rules(named)
    typer.echo(f"{named or SHIPPED.name}: well")
    for line in told(rules):
        typer.echo(f"  {line}")


def summary(rules: SurveyRules) -> str:
    """One line for `parley doctor`."""
    cap = f"at most once in {rules.cap_days} days" if rules.cap_days else "as often as it applies"
    rule = "rule" if len(rules.ask) == 1 else "rules"
    return f"{len(rules.ask)} {rule}, a customer is asked {cap}"


def told(rules: SurveyRules) -> Iterator[str]:
    """The rules in sentences."""
    for rule in rules.ask:
        yield f"{AFTER[rule.after]}{_tasks(rule)}: {', '.join(rule.questions)}; {_shares(rule)}"
    if rules.cap_days:
        yield f"a customer is asked at most once in {rules.cap_days} days"
    else:
        yield "no cap: a customer may be asked after every conversation"
    for kind, score in rules.why.items():
        yield f"{kind} of {score} or less is asked why"
    for kind, rule_of_kind in rules.detractors.items():
        due = f"due in {rule_of_kind.hours:g} h"
        yield f"{kind} of {rule_of_kind.at_most} or less makes an alert, {due}"
    yield f"an answer counts until {rules.late_answer_hours:g} h after the end"


def _tasks(rule: AskRule) -> str:
    return f" ({', '.join(sorted(rule.tasks))})" if rule.tasks else ""


def _shares(rule: AskRule) -> str:
    if len(set(rule.share.values())) == 1 and set(rule.share) == set(Channel):
        return f"{next(iter(rule.share.values())):.0%} of all channels"
    return ", ".join(f"{share:.0%} of {channel}" for channel, share in rule.share.items())
