"""Origins that may show the chat: exact ones, and nothing that could widen the policy."""

import pytest
from pydantic import ValidationError

from core.errors import BadInput
from core.origins import parse_origins
from core.settings import Settings


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        (" , ", ()),
        ("https://shop.example", ("https://shop.example",)),
        ("HTTPS://Shop.Example/", ("https://shop.example",)),
        (
            "https://a.example, http://localhost:8070",
            ("https://a.example", "http://localhost:8070"),
        ),
        ("https://*.shop.example", ("https://*.shop.example",)),
        ("https://a.example,https://a.example/", ("https://a.example",)),
        ("http://127.0.0.1:8070", ("http://127.0.0.1:8070",)),
    ],
)
def test_origins_are_read(text: str, origins: tuple[str, ...]) -> None:
    assert parse_origins(text) == origins


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https:",
        "https://*",
        "https://*.example",
        "https://*.*.shop.example",
        "shop.example",
        "'self'",
        "https://shop.example/page",
        "https://user@shop.example",
        "https://shop.example; script-src *",
        "https://shop.example https://evil.example",
        "https://shop.example\nhttps://evil.example",
        "https://sh-.example",
        "data:",
        "https://shop.example:port",
        "https://münchen.example",
    ],
)
def test_what_is_no_origin_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput, match=r"is no origin of a site; write https://shop\.example"):
        parse_origins(f"https://good.example,{text}")


def test_the_setting_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_WIDGET_ORIGINS", "https://shop.example,http://b.example:81")
    read = Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic's own
    assert read.widget_origins == ("https://shop.example", "http://b.example:81")
    monkeypatch.setenv("PARLEY_WIDGET_ORIGINS", "*")
    with pytest.raises(ValidationError, match=r"widget_origins[\s\S]*is no origin of a site"):
        Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic's own
