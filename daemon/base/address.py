"""What is wrong with an address in a setting, as far as that shows in its text; nothing is asked of the network."""

from __future__ import annotations

import ipaddress
import re

_HOST = re.compile(r"[^\W_](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?")  # names of networks at home have underscores too
_NUMBERS = re.compile(r"[\d.]+")
_AFTER_USER = re.compile(r"(?:[^:/@]*(?::[^@]*)?@)?([^/?]*)")  # a password may hold anything but an @
_PLACE = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>.*))?")


def postgresql(url: str) -> str:
    """The fault of a PostgreSQL URL, '' for none. Without a host it is a socket's; several have commas between them."""
    found = _AFTER_USER.match(url.partition("://")[2])
    assert found is not None, "every part may be missing"
    return _fault(found[1], several=True)


def web(url: str) -> str:
    """The fault of an address that begins with http:// or https://, '' for none. No text at all is no fault."""
    if not url:
        return ""
    if not re.match(r"https?://", url):
        return "it does not begin with http:// or https://"
    place = re.split(r"[/?#]", url.partition("://")[2])[0].rpartition("@")[2]
    return _fault(place) if place else "it names no host"


def model(name: str) -> str:
    """The fault of a model's name where that is the address of a server's model."""
    return web(name.partition("#")[0]) if name.startswith(("http://", "https://")) else ""


def _fault(place: str, *, several: bool = False) -> str:
    found = _PLACE.fullmatch(place)
    if found is None:
        return f"{place!r} is no host with a port"
    host, port = found["host"], found["port"]
    if port is not None and not (port.isascii() and port.isdecimal() and 0 < int(port) < 2**16):
        return "its port is no number from 1 to 65535"
    if not host:
        return "" if several else "it names no host"
    wrong = [name for name in (host.split(",") if several else [host]) if not _is_host(name)]
    return f"{wrong[0]!r} is no host's name" if wrong else ""


def _is_host(name: str) -> bool:
    bare = name.removeprefix("[").removesuffix("]")
    if bare != name or _NUMBERS.fullmatch(name):
        try:
            return ipaddress.ip_address(bare).version == (6 if bare != name else 4)
        except ValueError:
            return False
    return _HOST.fullmatch(name) is not None
