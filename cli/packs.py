"""`parley packs`: scorecards for a law or a standard, what they rest on, and their examples."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.options import AsJson
from core.conversation import Conversation
from core.errors import BadScorecard
from core.evaluation import Verdict
from core.scorecard import Criticality, Question
from language.pipeline import Pipeline
from qa.cards import list_packs
from qa.packs import Pack, failures, load_pack

app = typer.Typer(
    help="Scorecards for a law or a standard: list them, read one, try its examples.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
PIPE_WIDTH = 300  # characters; a pipe has no width, and nothing is to be cut there
Name = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A pack's name, or a YAML file.")]


@app.command("list")
def show_all(*, as_json: AsJson = False) -> None:
    """List the packs that come with Parley."""
    packs = [load_pack(name) for name in list_packs()]
    if as_json:
        typer.echo(json.dumps([_values(pack) for pack in packs], indent=2))
        return
    titles = ("version", "title", "where it holds", "questions", "examples")
    table = Table(Column("pack", no_wrap=True), *titles, box=None)
    for pack in packs:
        questions, examples = len(pack.scorecard.questions), len(pack.examples)
        table.add_row(pack.name, str(pack.version), pack.title, pack.jurisdiction,
                      str(questions), str(examples))  # fmt: skip
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)
    typer.echo("`parley packs show NAME` says more; `parley score FILE --scorecard NAME` uses one.")


@app.command(no_args_is_help=True)
def show(name: Name, *, as_json: AsJson = False) -> None:
    """Say what a pack asks, what it rests on and who answers for it."""
    pack = load_pack(name)
    if as_json:
        typer.echo(json.dumps(_values(pack), indent=2))
        return
    typer.echo(f"{pack.title} ({pack.name}, version {pack.version})")
    typer.echo(f"Where it holds: {pack.jurisdiction}")
    typer.echo(f"Owner: {pack.owner}")
    typer.echo("Rests on:")
    for citation in pack.citations:
        typer.echo(f"  - {citation}")
    typer.echo(f"{pack.note}\n")
    for section in pack.scorecard.all_sections:
        typer.echo(f"{section.title} ({section.weight:g})")
        for question in section.questions:
            typer.echo(f"  {question.id} ({_marks(question)}): {question.text}")
            for line in _examples(pack, question):
                typer.echo(f"      {line}")


@app.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="[NAME|FILE]", help="One pack; all that come with Parley.")
    ] = "",
) -> None:
    """Try every example; those that are answered otherwise are told by file and line."""
    wrong = 0
    pipeline = Pipeline()
    for one in (name,) if name else list_packs():
        pack = load_pack(one)
        found = tuple(failures(pack, pipeline))
        wrong += len(found)
        typer.echo(f"{pack.name}: {len(pack.examples) - len(found)} of {len(pack.examples)} right")
        for failure in found:
            example = failure.example
            typer.echo(
                f"  {example.place}: {example.question}: {failure.said.value}, "
                f"not {example.verdict.value}: {failure.reason}"
            )
    if wrong:
        raise BadScorecard(f"{wrong} examples are answered otherwise than they say")


def _marks(question: Question) -> str:
    marks = [f"{question.weight:g}"]
    if question.criticality is not Criticality.NORMAL:
        marks.append(question.criticality.value.replace("_", " "))
    marks.append(f"rule {question.rule}")
    return ", ".join(marks)


def _examples(pack: Pack, question: Question) -> list[str]:
    """The first example that is answered yes, and the first that is answered no."""
    lines = []
    for verdict in (Verdict.YES, Verdict.NO):
        own = [
            one for one in pack.examples if (one.question, one.verdict) == (question.id, verdict)
        ]
        for example in own[:1]:
            said = " / ".join(f"{turn.role}: {turn.text}" for turn in example.conversation.turns)
            lines.append(f"{verdict.value}: {said}{_happened(example.conversation)}")
    return lines


def _happened(talk: Conversation) -> str:
    """What the telephone tells of an example, as its file has it: (recording paused 4-12 s)."""
    told = [
        f"{event.kind.value.replace('_', ' ')} {event.span.start:g}-{event.span.end:g} s"
        for event in talk.events
        if event.span
    ]
    return f" ({', '.join(told)})" if told else ""


def _values(pack: Pack) -> dict[str, object]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": pack.title,
        "jurisdiction": pack.jurisdiction,
        "citations": list(pack.citations),
        "owner": pack.owner,
        "note": pack.note,
        "scorecard": pack.scorecard.name,
        "questions": [
            {"id": question.id, "text": question.text, "rule": question.rule,
             "weight": question.weight, "criticality": question.criticality.value}
            for question in pack.scorecard.questions
        ],
        "examples": len(pack.examples),
    }  # fmt: skip
