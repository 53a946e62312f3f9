"""`parley doctor` names what is still the demo shop's in a house of another name."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.house import DEMO, look_for_demo
from core.settings import Settings

OWN = "---\ntitle: Meters\ntopic: Meters\ntags: [meter]\nquestions:\n" + "".join(
    f"  - question {number}?\n" for number in range(4)
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"company": DEMO}, []),
        ({}, ["book_fitting, cancel_fitting, cancel_order and 13 more answer out of the demo"]),
        ({"tasks": ("call_back", "complain")}, ["an empty page offers 'Where is my order?'"]),
        ({"tasks": ("call_back", "complain"), "openers": ("Are you open?",)}, []),
        (
            {"tasks": ("order_status", "call_back"), "backend_url": ""},
            ["order_status answer out of the demo shop's"],
        ),
        ({"backend_url": "http://127.0.0.1:1"}, []),
        (
            {"tasks": ("complain",), "openers": (), "smtp_url": "smtps://mail.example"},
            ["mail goes out from orders@harbourandpine.example"],
        ),
        (
            {
                "backend_url": "http://127.0.0.1:1",
                "smtp_url": "smtps://a.example",
                "mail_from": "a@b.example",
            },
            [],
        ),
    ],
)
def test_what_is_left_of_the_demo(
    tmp_path: Path, changes: Mapping[str, object], found: list[str]
) -> None:
    (tmp_path / "meters.md").write_text(
        f"{OWN}updated: 2026-10-05\n---\n\nRead them.\n\n## Reading\n\nWrite the digits down.\n"
    )
    settings = Settings(company="Acme", knowledge=str(tmp_path)).model_copy(update=changes)
    told = [what for _, what, mend in look_for_demo(settings) if mend]
    assert len(told) == len(found)
    assert all(one.startswith(begin) for one, begin in zip(told, found, strict=True))


def test_articles_that_speak_of_the_demo_are_named() -> None:
    settings = Settings(company="Acme", tasks=("complain",), openers=())
    ((what, told, mend),) = look_for_demo(settings)
    assert what == "articles"
    assert told.endswith(f" speak of {DEMO}")
    assert mend
