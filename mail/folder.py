"""Letters laid into a folder, where no mail server is set up."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from mail.letter import Letter, MailUnavailable, message_of


@dataclass(frozen=True, slots=True)
class FileMail:
    """Lays letters into a folder, one .eml file each, readable by this user alone."""

    folder: Path
    sender: str

    async def send(self, letter: Letter) -> None:
        """Write it; the file is complete once it has its name."""
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        message = message_of(letter, self.sender)
        name = "".join(each if each.isalnum() else "-" for each in letter.key)
        draft = self.folder / f"{name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_bytes(message.as_bytes())
            draft.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise MailUnavailable(
                f"{self.folder} takes no mail: {error.strerror}", retryable=True
            ) from error
