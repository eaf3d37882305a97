"""The model that the settings name: one in this process, or one behind a server's address."""

from __future__ import annotations

from sleepy.daemon.base.config import Config
from sleepy.daemon.base.errors import UserError
from sleepy.daemon.base.home import Home
from sleepy.daemon.compute.choose import choose
from sleepy.daemon.model.answerer import Answerer
from sleepy.daemon.model.language_model import LanguageModel, architecture
from sleepy.daemon.model.request import Format
from sleepy.daemon.model.server import Server


def local_model(config: Config, home: Home | None = None) -> LanguageModel:
    """`config.model`, loaded, computing with what is fastest here (see `choose`)."""
    compute = choose(config, architecture(config.model), home)
    return LanguageModel.load(config.model, compute=compute, form=config.format)


def configured_answerer(config: Config, home: Home | None = None) -> Answerer:
    """`config.model`, loaded; `http://host:port/v1#name` is the model `name` of that server."""
    if not config.model.startswith(("http://", "https://")):
        return local_model(config, home)
    base, _, name = config.model.partition("#")
    if not name:
        raise UserError(f"{config.model!r} names a server but no model", remedy=f"write {base}#model-name")
    return _server(config, base, name, answer_format(config))


def configured_server(config: Config) -> Server | None:
    """The bigger model of `config.server`; None where none is set."""
    if not config.server:
        return None
    form = answer_format(config)  # it is the local model's, and edits are in tokens of its own
    return _server(config, config.server, config.server_model, Format.WHOLE_FILE if form.is_edits else form)


def _server(config: Config, base: str, name: str, form: Format) -> Server:
    return Server(base, name, key=config.server_key, seconds=config.server_seconds, form=form)


def answer_format(config: Config) -> Format:
    """The answer format that the settings name, whole files where they name none; `UserError` for one there is not."""
    if config.format not in ("", *Format):
        raise UserError(f"the answer format is {config.format!r}", remedy=f"choose one of {', '.join(Format)}")
    return Format(config.format or Format.WHOLE_FILE)
