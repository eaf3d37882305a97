"""`sleepy status`: what sleepy is doing, how the patterns stand, what serves. It loads neither episodes nor torch."""

from __future__ import annotations

from sleepy.daemon.base.heartbeat import heartbeat
from sleepy.daemon.status.figures import SCHEMA, Status, next_night, read
from sleepy.daemon.status.screen import WIDTH, view

__all__ = ["SCHEMA", "WIDTH", "Status", "heartbeat", "next_night", "read", "view"]
