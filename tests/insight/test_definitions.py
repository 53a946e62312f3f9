"""What a value means stands in the document that people read."""

import re
from pathlib import Path

import pytest

from insight.definitions import DEFINITIONS
from insight.figures import Definition

TEXT = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)
def test_every_definition_is_documented_with_its_version(definition: Definition) -> None:
    row = (
        f"| {definition.title} (`{definition.key}`) | {definition.version} "
        f"| {definition.numerator} | {definition.denominator} |"
    )
    assert row in TEXT.splitlines()


def test_no_other_value_is_documented() -> None:
    rows = re.findall(r"^\| .*\(`[a-z_]+`\) \| \d+ \|", TEXT, flags=re.MULTILINE)
    assert len(rows) == len(DEFINITIONS)
