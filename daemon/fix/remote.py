"""A larger model on a server of the user's, where one is configured: asked last, with a hint and in turns."""

from __future__ import annotations

from sleepy.daemon.fix.hinted import Hinted


class Remote(Hinted):
    """The rung of the server."""

    name = "server"
