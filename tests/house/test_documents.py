"""What operators and programmers read is complete: commands, dependencies, no stray addresses."""

import re
import subprocess
from pathlib import Path

import pytest

from cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, place in COMMANDS.items() if not place.hidden])
def test_every_command_is_documented(name: str) -> None:
    assert f"### `parley {name}" in read("docs/commands.md")


@pytest.mark.parametrize("file", ["app", "test", "mono", "rasa"])
def test_every_chosen_library_has_its_reason(file: str) -> None:
    lines = read(f"requirements/{file}.in").splitlines()
    chosen = [re.split(r"[\[=]", line)[0].lower() for line in lines if line.strip()]
    reasons = read("docs/dependencies.md").lower()
    assert [name for name in chosen if f"| {name} |" not in reasons] == []


@pytest.mark.parametrize("file", ["app", "test", "mono", "rasa"])
def test_requirements_are_full_pins_without_addresses(file: str) -> None:
    lines = read(f"requirements/{file}.txt").splitlines()[1:]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[\w.+!]+", line)] == []


def test_app_needs_no_torch() -> None:
    assert "torch" not in read("requirements/app.txt")


def test_no_tracked_file_is_large() -> None:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    sizes = {name: (ROOT / name).stat().st_size for name in names if (ROOT / name).is_file()}
    assert {name: size for name, size in sizes.items() if size > 600_000} == {}


ROUTE = re.compile(r'router\.add_(get|post|delete|put)\(f?"([^"]+)"')
SECTIONS = {
    "Chat": "channels/web.py",
    "Messages": "channels/twilio/routes.py",
    "Copies": "channels/copy_routes.py",
    "Live commands": "channels/live_api.py",
    "Phone": "channels/phone/webhooks.py",
    "Actions": "actions/server.py",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_route_outside_the_console_is_documented(section: str) -> None:
    """The console's own test compares its table; these programs name their routes in one file."""
    source = read(SECTIONS[section]).replace("{{", "{").replace("}}", "}")
    routes = {(method.upper(), path) for method, path in ROUTE.findall(source)}
    text = read("docs/http-routes.md").split(f"\n## {section}\n")[1].split("\n## ")[0]
    told = set(re.findall(r"^\| `(\w+)` \| `([^`]+)` ", text, flags=re.MULTILINE))
    assert routes == told
