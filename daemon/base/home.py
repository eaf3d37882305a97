"""The home: the folder of all state, `SLEEPY_HOME` or the platform's data folder.

Its database is a file in it, or one on a server that other homes use as well: the setting `database`. What lies in its
folders may lie in a store as well: the setting `storage`.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from sleepy.daemon.base import config, state_keys
from sleepy.daemon.base.errors import UserError
from sleepy.memory.episodic.shared import Shared

_ANOTHER = "set SLEEPY_HOME (or --home) to a folder that you may write to"


@dataclass(frozen=True, slots=True)
class Home:
    """The folders and files of a home. Nothing is created before `make` is called.

    `url` is that of the database, where it is not the home's own file; `storage` that of the store in which its folders
    lie as well. Both may hold passwords.
    """

    root: Path
    url: str = field(default="", repr=False)
    storage: str = field(default="", repr=False)

    @property
    def database(self) -> Path | Shared:
        """What `Database.open` opens: the home's own file, or a server's database."""
        return Shared(self.url, f"{platform.node()}:{self.root}", state_keys.OF_A_HOME) if self.url else self.file

    @property
    def file(self) -> Path:
        """The home's own database."""
        return self.root / "sleepy.db"

    @property
    def is_used(self) -> bool:
        """Whether there is a database to look into; a server's is taken to be there."""
        return bool(self.url) or self.file.is_file()

    @property
    def versions(self) -> Path:
        return self.root / "versions"

    @property
    def nights(self) -> Path:
        return self.root / "nights"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def koans(self) -> Path:
        """The user's own koans, one TOML file each."""
        return self.root / "koans"

    @property
    def hints(self) -> Path:
        """The user's own hints."""
        return self.root / "hints.toml"

    @property
    def crates(self) -> Path:
        """Copies of the user's crates and their builds, shared by `sleepy fix` and the watcher."""
        return self.root / "crates"

    @property
    def models(self) -> Path:
        """Models that `sleepy model` got or was told of."""
        return self.root / "models"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        return self.root / "sleepy.lock"

    def checked(self) -> Home:
        """The home; `UserError` where it is no folder, or is not there and cannot be made. Nothing is made here."""
        wrong = ""
        try:
            above = next(place for place in (self.root, *self.root.parents) if place.exists())
            if not above.is_dir():
                how = "it is a file" if above == self.root else f"{above} is a file"
                wrong = f"the home {self.root} cannot be created: {how}"
            elif above != self.root and not os.access(above, os.W_OK | os.X_OK):
                wrong = f"the home {self.root} cannot be created: you may not write in {above}"
            elif above == self.root and not os.access(above, os.R_OK | os.X_OK):
                wrong = f"the home {self.root} may not be read"
        except OSError as error:  # a folder above it is closed
            wrong = f"the home {self.root} cannot be reached: {error.strerror or error}"
        if wrong:
            raise UserError(wrong, remedy=_ANOTHER)
        return self

    def make(self) -> Home:
        """Creates the folders and returns the home; raises `UserError` where they cannot be created or written."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)  # copies of the user's code are kept in it
            for folder in (self.root, self.versions, self.nights, self.reports, self.koans, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"the home {self.root} cannot be created: {error.strerror or error}",
                remedy=_ANOTHER,
            ) from error
        if not os.access(self.root, os.W_OK):
            raise UserError(
                f"the home {self.root} is not writable",
                remedy=_ANOTHER,
            )
        return self


def find(given: str | None) -> Home:
    """The home that a flag names, else SLEEPY_HOME, else the platform's data folder; database and store by the settings."""
    named = given or os.environ.get("SLEEPY_HOME")
    root = Path(named).expanduser().absolute() if named else Path(platformdirs.user_data_dir("sleepy"))
    places = config.alone("database", "storage")
    return Home(root, places.database, places.storage)
