"""Options that several commands share, and what they mean."""

from typing import Annotated

import typer

from core.errors import BadInput

WRONG_INPUT = 2  # exit status, as command lines use it; anything else that failed is 1
ScorecardName = Annotated[
    str | None,
    typer.Option("--scorecard", metavar="NAME", help="A scorecard's name, or its YAML file."),
]
Variables = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="K=V", help='A word of the house, such as company="Acme".'),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def parse_variables(given: list[str] | None) -> dict[str, str]:
    """`["company=Acme"]` → `{"company": "Acme"}`.

    Raises:
        BadInput: one of them is no K=V.
    """
    variables: dict[str, str] = {}
    for pair in given or []:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise BadInput(f"--var {pair!r}: write it as name=value")
        variables[name.strip()] = value.strip()
    return variables
