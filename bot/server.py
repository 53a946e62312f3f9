"""The server as `rasa run` makes it, from Rasa's own parts: agent, channels, endpoints, sanic.

Left out is what `rasa run` brings for other uses: training, evaluation, plots, a command line.
"""

from __future__ import annotations

import gc
import logging
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.core.agent import load_agent
from rasa.core.channels import BUILTIN_CHANNELS
from rasa.core.channels.channel import InputChannel, register
from rasa.core.constants import DEFAULT_KEEP_ALIVE_TIMEOUT
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from core.errors import BotUnavailable

LOOPBACK = "127.0.0.1"  # channels runs beside us; nobody else may ask
CREDENTIALS, ENDPOINTS = "credentials.yml", "endpoints.yml"


def serve(model: Path, *, port: int, log_level: str) -> None:
    """Load the model and answer until told to stop."""
    level = getattr(logging, log_level)
    configure_logging_and_warnings(level)
    configure_structlog(level)
    app = build_app(model)
    app.run(host=LOOPBACK, port=port, access_log=False)


def build_app(model: Path) -> Sanic:
    """The application; the model is loaded before the first request is taken, or it ends."""
    app = Sanic("parley_bot", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = DEFAULT_KEEP_ALIVE_TIMEOUT
    register(_channels(), app, route="/webhooks/")

    async def load(app: Sanic, loop: Any) -> None:
        endpoints = AvailableEndpoints.read_endpoints(ENDPOINTS)
        agent = await load_agent(str(model), endpoints=endpoints, loop=loop)
        if agent is None or not agent.is_ready():  # Rasa would serve without a model
            raise BotUnavailable(f"{model} cannot be loaded; train the bot anew with `make train`")
        app.ctx.agent = agent
        gc.collect()
        gc.freeze()  # model and modules stay for good: looking through them stops turns for 0.2 s

    app.register_listener(load, "before_server_start")
    return app


def _channels() -> list[InputChannel]:
    """The doors that credentials.yml names."""
    named = rasa.shared.utils.io.read_config_file(CREDENTIALS)
    return [_door(name).from_credentials(given) for name, given in named.items()]


def _door(name: str) -> type[InputChannel]:
    found: type[InputChannel] = BUILTIN_CHANNELS.get(name) or class_from_module_path(name)
    return found
