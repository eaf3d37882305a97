"""The champion on one model, taken up anew as soon as another version is promoted."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.base.text import plural
from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.serve import fallback, serve
from sleepy.daemon.serve.fallback import Fallback
from sleepy.daemon.serve.serve import Served
from sleepy.memory.episodic import versions
from sleepy.memory.episodic.database import Database, DatabaseError


class Following:
    """What serves now: `current` looks, and puts another version on the model. `say` hears of each."""

    def __init__(self, model: LanguageModel, db: Database | None, home: Home, say: Complain) -> None:
        self._model, self._db, self._home, self._say = model, db, home, say
        self._on = ExitStack()
        self._wanted: str | None = None
        self._silent = False
        self.served = Served()
        if db is None or versions.champion(db) is None:
            say("nothing has been learnt here yet: the base model answers every request")

    def current(self) -> Served:
        """What serves from now on."""
        if self._db is None:
            return self.served
        try:
            wanted = versions.champion(self._db)
            self._silent = False
        except DatabaseError as error:
            if not self._silent:
                self._say(f"it cannot be seen whether another version serves: {error}")
            self._silent = True
            return self.served
        if wanted != self._wanted:
            self._wanted = wanted
            self._take_up(self._db, wanted)
        return self.served

    def close(self) -> None:
        """Takes what serves off the model."""
        self._on.close()

    def _take_up(self, db: Database, wanted: str | None) -> None:
        self._on.close()
        self.served = Served()
        try:
            found = serve.champion(db, self._home, base=self._model.name)
            self._on.enter_context(found.on(self._model))
        except (UserError, DatabaseError) as error:
            self._say(f"only the base model answers: {error}")
            return
        self.served = found
        lacking = Fallback(found.fallback, wanted, found.version) if found.fallback else None
        fallback.note_fallback(db, lacking, now=datetime.now(UTC))
        routes = plural(len(found.router.accepted), "route")
        self._say(found.fallback or f"serving {found.version or 'the base model'} with {routes}")
