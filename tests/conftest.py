"""Fixtures that several packages' tests share."""

from tests.servers import rasa_server  # noqa: F401  # a fixture
