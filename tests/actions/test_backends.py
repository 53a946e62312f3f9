"""Which back end runs is chosen by settings, in one place."""

from datetime import date
from pathlib import Path

import pytest

from actions.backends import open_backend
from actions.embedded import EmbeddedShop
from actions.http_backend import HttpBackend
from core.errors import BadSettings
from core.settings import Settings
from mail.folder import FileMail
from mail.smtp import SmtpMail
from store.database import Database, make_engine
from tests.actions.reference_shop import TOKEN, Clock, Postbox, embedded, serving


@pytest.fixture
def nowhere() -> Database:
    return Database(make_engine("sqlite+aiosqlite:///"), b"key")


async def test_without_a_url_the_embedded_shop_runs(nowhere: Database, tmp_path: Path) -> None:
    async with open_backend(Settings(var=tmp_path), nowhere) as backend:
        assert isinstance(backend, EmbeddedShop)
        assert isinstance(backend.mail, FileMail)
        assert date(2026, 12, 25) in backend.closed
    settings = Settings(var=tmp_path, smtp_url="smtps://mail.example", mail_from="a@b.example")
    settings = settings.model_copy(update={"shop_closed": "2027-01-04"})
    async with open_backend(settings, nowhere) as backend:
        assert isinstance(backend, EmbeddedShop)
        assert isinstance(backend.mail, SmtpMail)
        assert date(2027, 1, 4) in backend.closed
        assert date(2026, 12, 25) not in backend.closed
        assert backend.mail.sender == "a@b.example"


async def test_with_a_url_it_is_asked_with_the_token(nowhere: Database) -> None:
    async with serving(embedded(nowhere, Postbox(), Clock())) as (_, url):
        settings = Settings(backend_url=url, backend_token=TOKEN)
        async with open_backend(settings, nowhere) as backend:
            assert isinstance(backend, HttpBackend)
            assert len(await backend.stores_near("LS6 2AB")) == 4
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "http://", "http://a/?b=c"])
async def test_what_is_no_address_is_a_bad_setting(nowhere: Database, url: str) -> None:
    with pytest.raises(BadSettings, match="PARLEY_BACKEND_URL"):
        async with open_backend(Settings(backend_url=url), nowhere):
            pass
