"""Who speaks: the model of the settings with what nights have taught it, or one behind a server's address."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.base.listener import Complain
from sleepy.daemon.fix.lazy_model import Speaker
from sleepy.daemon.fix.redaction import leaves
from sleepy.memory.episodic.database import Database
from sleepy.memory.episodic.errors import DatabaseError

if TYPE_CHECKING:  # torch takes seconds to import
    from sleepy.daemon.model.language_model import LanguageModel


def speaker(
    config: Config,
    home: Home,
    db: Database | None,
    until: ExitStack,
    complain: Complain,
    *,
    model: LanguageModel | None = None,
) -> Speaker:
    """The configured model, serving the champion where there is one, until the stack is closed.

    `model` is one that is open already and nobody else's.
    """
    import torch

    from sleepy.daemon.attempt.attempt import base_only
    from sleepy.daemon.model.language_model import LanguageModel
    from sleepy.daemon.model.open import answerer
    from sleepy.daemon.serve import serve

    torch.manual_seed(config.seed)  # of the samples
    found = model or answerer(config, home)
    if not isinstance(found, LanguageModel):
        _warned(config.model.partition("#")[0], "model", complain)
        return Speaker(found, base_only, elsewhere=True)
    if db is None:
        return Speaker(found, base_only)
    try:
        served = serve.champion(db, home, base=found.name)
    except (UserError, DatabaseError) as error:
        complain(f"the bare model answers: {error}")
        return Speaker(found, base_only)
    if served.fallback:
        complain(served.fallback)
    return Speaker(until.enter_context(served.on(found)), served.router.route, served.version)


def server(config: Config, complain: Complain) -> Speaker:
    """The larger model on the server of the settings; it is there."""
    from sleepy.daemon.attempt.attempt import base_only
    from sleepy.daemon.model import open as opening

    found = opening.server(config)
    assert found is not None, "the rung is there only with a server"
    _warned(config.server, "server", complain)
    return Speaker(found, base_only, elsewhere=True)


def _warned(address: str, setting: str, complain: Complain) -> None:
    """Says it plainly where code leaves the machine."""
    if leaves(address):
        complain(f"code is sent to {address} (the setting {setting}), without the secrets that are recognised in it")
