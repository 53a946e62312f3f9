"""The worker's log: ids, reasons and places in the code, never anybody's words."""

import logging
import traceback


class Wordless(logging.Formatter):
    """An error nobody foresaw may quote what it was about, so its own text is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; of an error, the type and the places in the code."""
        error = record.exc_info and record.exc_info[1]
        if not error:
            return super().format(record)
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {type(error).__name__}"
        return f"{head}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()


def speak(level: str) -> None:
    """Log to standard error from `level` on; libraries speak from warning on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Wordless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("parley").setLevel(level.upper())
