"""Passages: whole sentences of one section, under its heading."""

import pytest

from language.articles import Section, load_articles
from language.passage import has_figure, lines, passage, sentences

TEXT = "Oak is oiled. It lasts. Pine is waxed twice. These need none."


@pytest.mark.parametrize(
    ("heading", "best", "words", "said"),
    [
        ("Wood", 0, 60, f"Wood: {TEXT}"),
        ("What does not count", 2, 60, f"What does not count: {TEXT}"),
        ("Which have you got?", 0, 60, f"Which have you got? {TEXT}"),
        ("", 0, 60, TEXT),
        ("Wood", 0, 6, "Wood: Oak is oiled. It lasts."),
        ("Wood", 1, 6, "Wood: Oak is oiled. It lasts."),  # "It" begins no answer
        ("Wood", 3, 8, "Wood: Pine is waxed twice. These need none."),
        ("Wood", 1, 1, "Wood: Oak is oiled. It lasts."),  # however short it should be
        ("Wood", 2, 5, "Wood: Pine is waxed twice."),
    ],
)
def test_a_passage_is_whole_sentences_under_their_heading(
    heading: str, best: int, words: int, said: str
) -> None:
    assert passage(Section(heading, TEXT), best, words=words) == said


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two. Three!", ["One two.", "Three!"]),
        ("It costs £4.95 today. Yes?", ["It costs £4.95 today.", "Yes?"]),
        ("a first point\na second", ["a first point", "a second"]),
        ("", []),
    ],
)
def test_sentences_and_list_items_stand_apart(text: str, parts: list[str]) -> None:
    assert [text[one.start : one.end] for one in sentences(text)] == parts
    assert list(lines(Section("", text))) == parts


@pytest.mark.parametrize(
    ("question", "line", "has"),
    [
        ("how long is the guarantee", "Mattresses: ten years.", True),
        ("how long is the guarantee", "It costs £45.", False),
        ("what does delivery cost", "It costs £45 an order.", True),
        ("what does delivery cost", "Collection is free.", True),
        ("what does delivery cost", "It takes two weeks.", False),
        ("how many fabrics are there", "There are 60 fabrics.", True),
        ("which days do you deliver", "From Monday to Saturday.", True),
        ("can I bring my dog", "Parking is free for two hours.", False),  # asks for no figure
    ],
)
def test_a_question_for_a_figure_knows_the_sentence_that_says_it(
    question: str, line: str, *, has: bool
) -> None:
    assert has_figure(question, [line]) == [has]


def test_no_answer_out_of_the_shops_articles_begins_by_pointing_back() -> None:
    vague = ("It ", "They ", "These ", "Those ", "This ", "That ")
    found = [
        f"{article.slug}: {section.heading}"
        for article in load_articles()
        for section in article.sections
        if section.text.startswith(vague)
    ]
    assert found == []
