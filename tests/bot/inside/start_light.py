"""Runs another of these programs as the server starts: `start_light NAME MODEL`, no TensorFlow."""

import runpy
import sys
from pathlib import Path

from bot.without_training import leave_training_out

if __name__ == "__main__":
    name, model = sys.argv[1:3]
    leave_training_out(Path(model))  # before Rasa is imported
    sys.argv = [name, model]
    runpy.run_module(f"tests.bot.inside.{name}", run_name="__main__")
