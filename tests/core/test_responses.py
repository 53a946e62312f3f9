"""The bot's words: what nothing fills, what is missing and what leads nowhere is named by line."""

import re
from pathlib import Path

import pytest
import yaml

from core.errors import BadDomain
from core.responses import FILLED, check_responses

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "domain.yml"


def test_the_shipped_words_are_well_and_all_known() -> None:
    responses = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["responses"]
    assert check_responses(DOMAIN) == len(responses)
    used = {
        name: set(re.findall(r"\{(\w+)\}", " ".join(one["text"] for one in variations)))
        for name, variations in responses.items()
    }
    assert used == FILLED


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "{passage}\\n\\n{title}: {link}\\n\\nWas",
            "{passage} {Title} Was",
            "responses.utter_article[0].text: nothing fills {Title}; known here: {link}, {passage}",
        ),
        ("You are welcome.", "Bye {company}", "nothing fills {company}; known here: none"),
        ("  utter_thanks:", "  utter_thank:", "responses: the key 'utter_thanks' is missing"),
        (
            'payload: "/start_return"',
            'payload: "/give_back"',
            "buttons[1].payload: '/give_back' is no intent of this domain",
        ),
        ('- text: "You are welcome."', "- text: [", "not YAML: "),
        ("responses:", "answers:", "the key 'responses' is missing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, before: str, after: str, told: str) -> None:
    words = DOMAIN.read_text(encoding="utf-8")
    assert before in words
    file = tmp_path / "domain.yml"
    file.write_text(words.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BadDomain) as caught:
        check_responses(file)
    assert re.match(rf"{re.escape(str(file))}:\d+: ", str(caught.value))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        'text: "You are welcome. It was about {last_order}."',  # a slot, which Rasa fills
        "custom: {a: 1}",
        'text: "Hm."\n      buttons: [{title: a, payload: "/complain{\\"x\\": 1}"}]',
        'text: "Hm."\n      buttons: [{title: a, payload: anything}]',
    ],
)
def test_what_is_well_passes(tmp_path: Path, words: str) -> None:
    text = DOMAIN.read_text(encoding="utf-8").replace('text: "You are welcome."', words, 1)
    file = tmp_path / "domain.yml"
    file.write_text(text, encoding="utf-8")
    assert check_responses(file) == len(FILLED)
