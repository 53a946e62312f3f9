"""`parley score`: a file of conversations, or one that is stored, judged by a scorecard."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.cards import find_named
from cli.options import WRONG_INPUT, AsJson, ScorecardName, Variables, parse_variables
from cli.printing import remark_encoder, say_json, say_lines, shown
from core.conversation import Conversation
from core.errors import BadInput, NotFound
from core.evaluation import Evaluation, Verdict
from core.exchange import from_exchange
from core.scorecard import Scorecard
from core.settings import Settings, load_settings
from language.encoder import find_folder
from language.pipeline import Pipeline
from language.sentiment import load_model
from qa.ahead import GROUP, read_ahead
from qa.cards import load_scorecard
from qa.report import to_json
from qa.scoring import evaluate, settle_variables
from qa.vectors import load_vectors
from store import audit, conversations, evaluations, rescoring
from store.database import open_database

SIGNS = {
    Verdict.YES: "yes",
    Verdict.NO: "NO",
    Verdict.NOT_APPLICABLE: "n/a",
    Verdict.UNSURE: "unsure",
}


class Judge:
    """A scorecard with its pipeline and words, ready for one conversation after another."""

    def __init__(self, settings: Settings, card: Scorecard, command: dict[str, str]) -> None:
        self.settings = settings
        self.card = card
        self.command = command
        self.pipeline = Pipeline()
        remark_encoder(settings)
        encoder = find_folder(settings.models, settings.encoder_model)
        self.vectors = load_vectors(encoder)
        self.sentiment = load_model(encoder)

    def read_ahead(self, conversations: Iterable[Conversation]) -> None:
        """Read the words of several together before each is judged: a sixth more a second."""
        read_ahead(conversations, self.card, sentiment=self.sentiment, vectors=self.vectors)

    def judge(self, conversation: Conversation) -> Evaluation:
        """The conversation's evaluation.

        Raises:
            BadInput: a variable of the scorecard has no value.
        """
        variables = settle_variables(
            self.card,
            command=self.command,
            conversation=conversation,
            house=self.settings.house_variables,
        )
        now = datetime.now(UTC)
        return evaluate(
            conversation,
            self.card,
            pipeline=self.pipeline,
            now=now,
            variables=variables,
            sentiment=self.sentiment,
            vectors=self.vectors,
        )


def score(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE.json|FILE.jsonl|CONVERSATION_ID",
            help="A conversation in the exchange format, one per line of them, or a stored one.",
        ),
    ],
    *,
    scorecard: ScorecardName = None,
    var: Variables = None,
    as_json: AsJson = False,
) -> None:
    """Score conversations; files need no database and no server."""
    settings = load_settings()
    variables, path = parse_variables(var), Path(what)
    if path.is_dir():
        raise BadInput(f"{what} is a folder; name one file, .jsonl for many conversations")
    is_file = path.suffix in (".json", ".jsonl") or path.is_file()
    if not is_file:
        asyncio.run(_score_stored(settings, scorecard, variables, what, as_json=as_json))
        return
    card = load_scorecard(scorecard or settings.scorecard)
    if path.suffix == ".jsonl":
        _score_lines(Judge(settings, card, variables), path, as_json=as_json)
    else:
        conversation = _conversation_in(path)
        judge = Judge(settings, card, variables)
        _show(judge.judge(conversation), conversation, card, as_json=as_json)


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        NotFound: there is none.
        BadInput: it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"{path}: there is no such file") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def _conversation_in(path: Path) -> Conversation:
    """The conversation of a file; what is wrong with it is told with its name."""
    raw = read(path)
    try:
        value = parse(decode(raw))
        if isinstance(value, list):
            raise BadInput("a list; write each conversation on a line of its own, in a file .jsonl")
        return from_exchange(value)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error


def decode(raw: bytes) -> str:
    """UTF-8 text, without the mark that some systems put in front of it.

    Raises:
        BadInput: it is no UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"not UTF-8 text (byte {error.start + 1} is none); save it in UTF-8"
        ) from error


def parse(text: str, *, is_line: bool = False) -> Any:
    """JSON values of a text.

    Raises:
        BadInput: naming the place where it stops being JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = "" if is_line else f"line {error.lineno}, "
        raise BadInput(f"not JSON at {line}column {error.colno}: {error.msg}") from error
    except ValueError as error:  # a number of thousands of digits
        raise BadInput(f"not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise BadInput("nested too deeply") from error


def _score_lines(judge: Judge, path: Path, *, as_json: bool) -> None:
    bad = False
    found = ((number, _conversation_of(line)) for number, line in _lines(read(path)))
    while group := tuple(islice(found, GROUP)):
        judge.read_ahead(one for _, one in group if isinstance(one, Conversation))
        for number, conversation in group:
            try:
                if isinstance(conversation, BadInput):
                    raise conversation
                _show(judge.judge(conversation), conversation, judge.card, as_json=as_json)
            except BadInput as error:
                bad = True
                problem = {"line": number, "error": str(error)}
                typer.echo(
                    json.dumps(problem) if as_json else f"line {number}: {shown(str(error))}\n"
                )
    if bad:
        raise typer.Exit(WRONG_INPUT)


def _conversation_of(line: bytes) -> Conversation | BadInput:
    """The conversation of a line, or what is wrong with it, told in its turn."""
    try:
        return from_exchange(parse(decode(line), is_line=True))
    except BadInput as error:
        return error


def _lines(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, without the empty ones at the end; an empty one between them is wrong."""
    return enumerate(raw.rstrip().split(b"\n"), start=1)


async def _score_stored(
    settings: Settings,
    name: str | None,
    variables: dict[str, str],
    conversation_id: str,
    *,
    as_json: bool,
) -> None:
    database = await open_database(settings)
    try:
        async with database.reading() as session:
            conversation = await conversations.find(session, conversation_id)
            own = await evaluations.scorecard_of(session, conversation_id)
            card = await find_named(session, name or own or settings.scorecard)
        if conversation is None:
            raise NotFound(f"{conversation_id}: no file and no stored conversation is called so")
        judge = Judge(settings, card, variables)
        evaluation = judge.judge(conversation)
        async with database.writing() as session:
            await evaluations.save(session, evaluation)
            await rescoring.follow(session, evaluation, judge.card)
            await audit.record(
                session,
                actor="cli",
                action="conversation.scored",
                subject=conversation_id,
                now=datetime.now(UTC),
            )
    finally:
        await database.close()
    _show(evaluation, conversation, judge.card, as_json=as_json)


def _show(
    evaluation: Evaluation, conversation: Conversation, card: Scorecard, *, as_json: bool
) -> None:
    if as_json:
        say_json(to_json(evaluation, conversation))
        return
    say_lines(_report(to_json(evaluation, conversation), card.pass_mark))


def _report(report: dict[str, Any], pass_mark: float) -> Iterator[str]:
    points = "no score" if report["score"] is None else f"{report['score']:.0f} of 100"
    verdict = ", failed" if report["failed"] else ""
    if report["failed"] and report["before_fatal"] is None:
        verdict += f" (the pass mark is {pass_mark:g})"
    if report["before_fatal"] is not None:
        verdict += f", {report['before_fatal']:.0f} before a fatal no"
    if report["critical"] is not None:
        verdict += f", critical questions {report['critical']:.0f}"
    card = f"{report['scorecard']} v{report['version']}"
    yield f"{report['conversation']}: {points}{verdict} ({card})"
    if report["not_scored"]:
        yield f"  not scored: {report['not_scored']}"
    if report["variables"]:
        yield "  with " + ", ".join(f"{k}={v}" for k, v in report["variables"].items())
    mood = report["sentiment"]
    if mood["overall"] is not None:
        yield f"  customer's sentiment {mood['overall']:+.2f}, shift {mood['shift']:+.2f}"
    for finding in report["findings"]:
        sign = SIGNS[Verdict(finding["verdict"])]
        yield f"  {sign:>6}  {finding['question']:<18} {finding['reason']}"
        for piece in finding["evidence"]:
            second = "" if piece["start"] is None else f" at {piece['start']:.1f} s"
            yield f"{'':>10}turn {piece['turn']}{second}: “{piece['quote']}”"
    yield ""
