"""The names under which the daemon's state keeps its values (see `memory.episodic.state`), each with what lies there."""

from __future__ import annotations

DAEMON = "daemon"  # the process that is this home's daemon (service.presence)
DOING = "doing"  # the heartbeat: what is being done, and how far it is (base.heartbeat)
HELD = "held"  # why a due night is on hold (service.presence)

PAUSE = "pause"  # the daemon is paused, and until when (service.commands)
SLEEP_NOW = "sleep_now"  # the date whose night is to begin at once (service.commands)
WAKE = "wake"  # tonight's work is to end; dropped once the daemon has seen it (service.commands)
WAIVED = "waived"  # the date whose night was ended by `sleepy wake` (service.commands)

SINCE = "since"  # when a daemon first ran in this home: the entry's time alone counts (service.calendar)
NIGHT = "night"  # the night that a daemon began last, and how many times in a row (service.calendar)
CLAIM = "claim"  # which home and process took up the last night, in a database that homes share (night.claim)

FALLBACK = "fallback"  # what serves in a damaged champion's place, and why (serve.fallback)
FORGETTING = "forgetting"  # what is left to do of an unfinished forgetting (versions.unfinished)
RECIPES = "recipes"  # model -> the learning rate that a probe found for it (night.recipe)
COMPUTE = "compute"  # what the model computes with, as last chosen (compute.compute)

CRATE = "crate:"  # and a crate's root behind it: how that crate is (watch.events)
PRACTISED = "practised:"  # and a crate's path behind it: what is known of its state (crate.practised)
HISTORY = "history:"  # and a crate's root behind it: which of its commits were looked at (history.looked_at)
OFFER = "offer"  # the newest fix that is ready (watch.events)

EXPERIMENT_PRACTISED = "experiment practised"  # the koans an experiment's day had (lab.experiment.patterns)
EXPERIMENT_SEQUENTIAL = "experiment sequential"  # its patterns; and, with a date behind it, a night's result
EXPERIMENT_NIGHTS = "experiment nights"  # and a day's date behind it: what that day came to (lab.experiment.nights)

# each home's own, where several share a database: what its daemon does and is told, its machine, its files, its crates
OF_A_HOME = frozenset(
    [
        DAEMON,
        DOING,
        HELD,
        PAUSE,
        SLEEP_NOW,
        WAKE,
        WAIVED,
        SINCE,
        NIGHT,
        FALLBACK,
        COMPUTE,
        CRATE,
        PRACTISED,
        HISTORY,
        OFFER,
    ]
)
