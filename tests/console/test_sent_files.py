"""A picture that a customer sent stands at its turn wherever the transcript is read."""

import pytest

from store import attachments
from store.attachments import Content
from tests.console import test_calibration as calibrating
from tests.console import test_reviews as reviewing
from tests.console.conftest import START, House


@pytest.mark.parametrize("where", ["conversation", "review", "sheet"])
async def test_a_picture_stands_at_its_turn(house: House, where: str) -> None:
    await calibrating.store_talk(house, "c1")
    async with house.database.writing() as session:
        content = Content("image/jpeg", 2048, 40, 30)
        file = await attachments.add_kept(session, "c1", "t1", content, now=START)
    path = "/conversations/c1"
    if where == "review":
        path = await reviewing.begin(house, "sam", "c1")
    if where == "sheet":
        session_id = await calibrating.begin(house, "sam", "olga")
        path = f"/calibration/{session_id}/conversations/c1"
    status, page = await house.get("sam", path)
    turn = page.split('id="turn-1"')[1].split('id="turn-2"')[0]
    assert status == 200
    assert f'<img src="/conversations/c1/files/{file}" width="40" height="30"' in turn
    assert "Picture (jpg, 2 KiB)" in turn
    assert f'download href="/conversations/c1/files/{file}?download=yes"' in turn
    assert "<figure" not in page.split('id="turn-0"')[1].split('id="turn-1"')[0]
