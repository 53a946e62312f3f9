"""bot/ runs inside Rasa: it must compile, type-check and import on Python 3.10."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

FILES = [
    *sorted((ROOT / "bot").rglob("*.py")),
    ROOT / "core" / "errors.py",
    ROOT / "language" / "encoder.py",
    ROOT / "language" / "first_layers.py",
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_syntax_is_python_310(file: Path) -> None:
    tree = ast.parse(file.read_text(), feature_version=(3, 10))
    assert ast.get_docstring(tree)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RASA_PYTHON), *arguments],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.rasa
def test_bot_imports_beside_rasa() -> None:
    done = run(
        "-c", "import bot.channel, bot.tracker, core.errors, language.encoder; print('imported')"
    )
    assert done.stdout.splitlines()[-1:] == ["imported"], done.stderr[-2000:]


@pytest.mark.rasa
def test_bot_passes_mypy_beside_rasa() -> None:
    done = run("-m", "mypy", "--config-file", "bot/mypy.ini", "-p", "bot")
    assert done.returncode == 0, done.stdout[-2000:]
