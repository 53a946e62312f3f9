"""`python -m console` runs the console alone, until it is interrupted."""

import asyncio
import contextlib

from console.main import serving
from core.settings import load_settings


async def _run() -> None:
    async with serving(load_settings()):
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run())
