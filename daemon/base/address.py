"""What is wrong with an address in a setting, as far as that shows in its text; nothing is asked of the network."""

from __future__ import annotations

import ipaddress
import re

_HOST = re.compile(r"[^\W_](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?")  # names of networks at home have underscores too
_NUMBERS = re.compile(r"[\d.]+")
_AFTER_USER = re.compile(r"(?:[^:/@]*(?::[^@]*)?@)?([^/?]*)")  # a password may hold anything but an @
_SECRET = re.compile(r"(://[^:@/?#]*):.*@")  # up to the last @: rather too much than a part of it
_PARAMETER = re.compile(r"([?&]([^=&#]*)=)[^&#]*")
_OPEN = frozenset(["anon", "endpoint_url", "profile", "region_name", "use_ssl"])  # parameters that are no secret
_BUCKETS = ("s3", "s3a")
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


def storage(url: str) -> str:
    """The fault of a store's URL, '' for none. Which protocols there are is known only where fsspec is asked."""
    protocol, _, rest = url.partition("://")
    place = re.split(r"[?#]", rest)[0]
    if not url:
        return ""
    if protocol in ("file", "local"):
        return "" if place.startswith("/") else "the path of a file:// URL begins with a third slash"
    if protocol in _BUCKETS and "@" in place:
        return "a bucket has no user: write ?key=...&secret=... behind it, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    return "" if place.split("/")[0] else "it names no host or bucket"


def masked(url: str) -> str:
    """A store's URL as it may be shown: stars for its password, for every parameter that may be secret, or for no URL."""
    if "://" not in url:
        return "***"
    address, mark, rest = url.partition("?")

    def starred(found: re.Match[str]) -> str:
        return _SECRET.sub(r"\1:***@", found[0]) if found[2] in _OPEN else f"{found[1]}***"

    return _SECRET.sub(r"\1:***@", address) + _PARAMETER.sub(starred, mark + rest)


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
