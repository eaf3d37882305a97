"""What the endpoint refuses, as OpenAI's clients read it: an error object with the value and what would do."""

from __future__ import annotations

from typing import Any

_TYPES = {401: "authentication_error", 404: "not_found_error", 405: "not_found_error"}


class Refusal(Exception):
    """A request that is not answered. `param` names the field, `wait` is how many seconds later it may be asked again."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        remedy: str,
        param: str | None = None,
        code: str | None = None,
        wait: int | None = None,
    ) -> None:
        super().__init__(f"{message}: {remedy}")
        self.status, self.param, self.code, self.wait = status, param, code, wait

    @property
    def body(self) -> dict[str, Any]:
        kind = _TYPES.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        return {"error": {"message": str(self), "type": kind, "param": self.param, "code": self.code}}

    @property
    def headers(self) -> dict[str, str]:
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {} if self.wait is None else {"Retry-After": str(self.wait)}
