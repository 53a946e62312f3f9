"""A bot trained by an older Parley is not served: its process ends and says what to do."""

import io
import os
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import pytest

from tests.servers import MODEL, QUIET, RASA_PYTHON, ROOT, RasaServer, free_port

SECONDS = 60


def with_shorter_vectors(model: Path, made: Path) -> None:
    """The model, its classifier's sentences as vectors of half the length."""
    with tarfile.open(model) as given, tarfile.open(made, "w:gz") as taken:
        for member in given:
            content = given.extractfile(member)
            data = content.read() if content else b""
            if member.name.endswith("/ridge.npz"):
                data = halved(data)
                member.size = len(data)
            taken.addfile(member, io.BytesIO(data))


def halved(ridge: bytes) -> bytes:
    with np.load(io.BytesIO(ridge)) as stored:
        arrays = dict(stored)
    arrays["anchors"] = arrays["anchors"][:, : arrays["anchors"].shape[1] // 2]
    shorter = io.BytesIO()
    np.savez(shorter, **arrays)
    return shorter.getvalue()


@pytest.mark.rasa
def test_a_model_that_cannot_be_loaded_ends_the_server(
    rasa_server: RasaServer, tmp_path: Path
) -> None:
    model = tmp_path / "older.tar.gz"
    with_shorter_vectors(MODEL, model)
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot", "--port", str(free_port()), "--model", str(model)],
        cwd=ROOT,
        env=os.environ | QUIET | rasa_server.rasa.environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "cannot be loaded; train the bot anew with `make train`" in done.stderr + done.stdout
