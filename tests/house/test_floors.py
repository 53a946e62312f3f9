"""The floors of docs/architecture.md hold: imports point down, never sideways, never up."""

import ast
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = {
    "core": 1,
    "language": 2,
    "store": 3,
    "speech": 3,
    "qa": 3,
    "insight": 3,
    "mail": 3,
    "channels": 4,
    "actions": 4,
    "jobs": 4,
    "console": 4,
    "cli": 4,
}
BOT_MAY_IMPORT = {"bot", "language.encoder", "core.errors"}
PURE = ("core", "language", "speech", "qa", "insight")
# These fetch weights, for `parley models pull` and nobody else; a test below holds who may.
NETWORK_OF_MODELS = {"core/weights.py", "core/download.py"}
PULLERS = {
    "core/weights.py",
    "speech/weights.py",
    "speech/voices/weights.py",
    "language/weights.py",
    "cli/models.py",
}
NETWORK = {"socket", "urllib.request", "http.client", "aiohttp", "httpx", "requests"}
SQL = {"sqlalchemy", "sqlite3", "alembic", "asyncpg", "aiosqlite"}


def files_of(room: str) -> Iterator[Path]:
    yield from sorted((ROOT / room).rglob("*.py"))


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def rooms() -> list[str]:
    return [room for room in FLOORS if (ROOT / room).is_dir()]


@pytest.mark.parametrize("room", rooms())
def test_imports_point_down(room: str) -> None:
    wrong = []
    for file in files_of(room):
        for name in imports_of(file):
            other = name.split(".", maxsplit=1)[0]
            if other == "bot":
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
            if other not in FLOORS or other == room:
                continue
            is_runner = room == "cli" and FLOORS[other] == 4
            if FLOORS[other] >= FLOORS[room] and not is_runner:
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("room", [room for room in rooms() if room in PURE])
def test_trades_know_no_sql_and_no_network(room: str) -> None:
    wrong = []
    for file in files_of(room):
        place = str(file.relative_to(ROOT))
        for name in imports_of(file):
            top = name.split(".", maxsplit=1)[0]
            if top in SQL or (name in NETWORK | {"http"} and place not in NETWORK_OF_MODELS):
                wrong.append(f"{place} imports {name}")
    assert wrong == []


def test_only_the_pull_command_fetches_weights() -> None:
    """`core.weights.RECORD` names a file on disk; reading it fetches nothing."""
    wrong = []
    for room in rooms():
        for file in files_of(room):
            place = str(file.relative_to(ROOT))
            fetching = {
                *("core.download", "speech.weights", "speech.voices.weights"),
                "language.weights",
            }
            if place not in PULLERS and fetching & set(imports_of(file)):
                wrong.append(place)
    assert wrong == []


def test_only_the_store_writes_sql() -> None:
    """Programs name SQLAlchemy's session type, which marks a transaction, and nothing else;
    letters know no database at all.
    """
    allowed = {"sqlalchemy.ext.asyncio"}
    wrong = []
    for room in ("mail", "channels", "actions", "jobs", "console", "cli"):
        for file in files_of(room):
            for name in imports_of(file):
                if name.split(".", maxsplit=1)[0] in SQL and name not in allowed:
                    wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_bot_imports_nothing_else_of_ours() -> None:
    wrong = []
    for file in files_of("bot"):
        for name in imports_of(file):
            top = name.split(".", maxsplit=1)[0]
            if top in {*FLOORS, "bot"} and top != "bot" and name not in BOT_MAY_IMPORT:
                wrong.append(f"{file.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_language_package_is_empty() -> None:
    assert (ROOT / "language" / "__init__.py").read_text(encoding="utf-8") == ""


def test_no_third_party_package_owns_our_names() -> None:
    owned = packages_distributions()
    taken = {
        name: owned[name] for name in [*FLOORS, "bot"] if set(owned.get(name, [])) - {"parley"}
    }
    assert taken == {}


def test_refused_names_are_not_used() -> None:
    refused = {"utils", "helpers", "common", "manager", "domain"}
    ours = [ROOT / room for room in rooms()]
    found = [
        str(path.relative_to(ROOT))
        for room in ours
        for path in room.rglob("*")
        if path.stem in refused
    ]
    assert found == []


def test_every_room_says_what_it_is_for() -> None:
    for room in rooms():
        if room == "language":  # empty for Rasa's sake, so it has a README
            assert (ROOT / room / "README.md").is_file()
            continue
        tree = ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), room
