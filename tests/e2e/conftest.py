"""One running Parley for all the stories."""

from collections.abc import Iterator

import pytest

from tests.browser import chromium_page  # noqa: F401 -- a fixture
from tests.e2e.stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Parley as an operator starts it."""
    with running(tmp_path_factory.mktemp("parley")) as started:
        yield started
