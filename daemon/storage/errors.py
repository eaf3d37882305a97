"""What goes wrong with a store, in words: a package or protocol that is not there, a place, rights, the network, a disk."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterator

from sleepy.daemon.base.errors import UserError

_LOOK = "`sleepy doctor` tries the store"
_RIGHTS = frozenset(
    ["AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"]
)
_NO_NAME = frozenset(["NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "CredentialRetrievalError"])
_FULL = frozenset(["XMinioStorageFull", "InsufficientStorage", "QuotaExceeded", "507"])
_AWAY = frozenset(
    [
        "ConnectionError", "EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "HTTPClientError",
        "ConnectionClosedError", "ProxyConnectionError", "SSLError", "FSTimeoutError", "gaierror",
        "ClientConnectionError",
    ]
)  # fmt: skip
_SECRET = re.compile(r"(://[^:@/?#\s]*):[^@\s]*@")  # what an error may quote of an address
_NETWORK = frozenset(
    [errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ETIMEDOUT, errno.EHOSTDOWN]
)


class StoreError(UserError):
    """The store cannot be used as it is set up."""


class StoreAway(StoreError):
    """It cannot be reached now."""

    exit_code = 75


class NotStored(StoreError):
    """It does not have what was asked for."""

    exit_code = 1


class Corrupt(StoreError):
    """What it has is only a part of what was put, or something else."""

    exit_code = 1


def uninstalled(shown: str, error: ImportError) -> StoreError:
    """The error that a package is missing which the store at this URL needs."""
    why = "the package fsspec" if error.name == "fsspec" else str(error).strip().split("\n")[0]
    extra = shown.startswith(("s3:", "s3a:", "file:", "local:"))
    what = "'sleepy[storage]'" if extra else "the package that it names"
    return StoreError(
        f"storage is {shown}, and it needs a package that is not installed: {why}",
        remedy=f"{sys.executable} -m pip install {what}",
    )


def unknown(shown: str, error: Exception) -> StoreError:
    """The error that a store's URL is none that fsspec can open."""
    return StoreError(
        f"storage is {shown}: {_line(error)}",
        remedy="give s3://bucket/prefix, file:///folder or another URL of fsspec's; parameters behind ? are its options",
    )


def missing(shown: str, what: str) -> StoreError:
    """The error that the bucket, or the folder, of the store is not there."""
    return StoreError(f"the store {shown} is not there: {what}", remedy="make it, or mount it; sleepy makes none")


def translated(error: Exception, shown: str, what: str) -> StoreError:
    """An error of a file system as one of ours; `what` names the object."""
    if isinstance(error, TypeError):  # a parameter that nobody knows is noticed at the first use
        return unknown(shown, error)
    chain = list(_chain(error))
    codes = {str(code) for each in chain if (code := _code(each))}
    names = {kind.__name__ for each in chain for kind in type(each).__mro__}
    numbers = {each.errno for each in chain if isinstance(each, OSError)}
    why = _line(error)
    if "NoSuchBucket" in codes:
        return missing(shown, "the bucket does not exist")
    if codes & _FULL or numbers & {errno.ENOSPC, errno.EDQUOT}:
        return StoreError(
            f"the store {shown} is full: {why}", remedy="free some space there (`sleepy gc` deletes there too)"
        )
    if codes & _RIGHTS or names & _NO_NAME or any(isinstance(each, PermissionError) for each in chain):
        return StoreError(
            f"the store {shown} does not let us at {what}: {why}",
            remedy="give the user the right to list, read, write and delete there, or correct key and secret",
        )
    if any(isinstance(each, FileNotFoundError) for each in chain):
        return NotStored(f"the store {shown} has no {what}", remedy=_LOOK)
    if names & _AWAY or numbers & _NETWORK or any(isinstance(each, ConnectionError | TimeoutError) for each in chain):
        return StoreAway(f"the store {shown} cannot be reached: {why}", remedy=f"see that it runs; {_LOOK}")
    return StoreError(f"the store {shown} failed at {what}: {why}", remedy=_LOOK)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _code(error: BaseException) -> str:
    """The code of an answer of S3's."""
    response = getattr(error, "response", None)
    told = response.get("Error") if isinstance(response, dict) else None
    return str(told.get("Code", "")) if isinstance(told, dict) else ""


def _line(error: BaseException) -> str:
    return _SECRET.sub(r"\1:***@", str(error).strip().split("\n")[0] or repr(error))
