"""A server of our own that speaks S3, moto's, in a thread; buckets that are not made are not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class S3Server:
    """A server at an `endpoint` on the loopback interface; it takes any key."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def url(self, place: str) -> str:
        """The URL of a bucket and prefix on it, key and secret included."""
        return f"s3://{place}?endpoint_url={self.endpoint}&key=mykey&secret=hushhush"

    def bucket(self, name: str) -> None:
        """Makes a bucket."""
        import s3fs

        s3fs.S3FileSystem(endpoint_url=self.endpoint, key="mykey", secret="hushhush").mkdir(name)


@contextmanager
def running() -> Iterator[S3Server]:
    """A fresh server, within; skips the test where its package is not installed."""
    pytest.importorskip("s3fs", reason="needs the package s3fs: pip install 'sleepy[storage]'")
    threaded = pytest.importorskip("moto.server", reason="needs moto and flask, of the dev extra").ThreadedMotoServer
    server = threaded(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
