"""A server that speaks vLLM's protocol for LoRA and really applies the adapters, by PEFT. It stands in for vLLM itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

NAME = "served-name"
TOKENS = 24  # of an answer


class LoraServer(ThreadingHTTPServer):
    """One base model under `NAME`. `able` is whether it loads adapters, `broken` the names that it refuses to load.

    `asked` are the models that completions named, `told` the adapters that were loaded and unloaded, in order.
    """

    daemon_threads = True

    def __init__(self, folder: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = folder
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.lock = threading.Lock()
        self.renew()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def renew(self) -> None:
        """As it was when it had been started for the first time."""
        self.asked: list[str] = []
        self.told: list[str] = []
        self.able, self.broken = True, False
        self.restart()

    def restart(self) -> None:
        """A new process of the same server: it has no adapters."""
        self.model: Any = AutoModelForCausalLM.from_pretrained(self.root, dtype=torch.float32).eval()
        self.adapters: dict[str, str] = {}

    def load(self, name: str, path: str) -> tuple[int, Any]:
        if name in self.adapters:
            self.told.append(f"again {name}")
            return _error(400, f"The lora adapter '{name}' has already been loaded. If you want to ...")
        if self.broken or not Path(path, "adapter_config.json").is_file():
            return _error(500, "LoRA rank 64 is greater than max_lora_rank 16.")
        if isinstance(self.model, PeftModel):
            self.model.load_adapter(path, adapter_name=name)
        else:
            self.model = PeftModel.from_pretrained(self.model, path, adapter_name=name).eval()
        self.adapters[name] = path
        self.told.append(f"load {name}")
        return 200, f"Success: LoRA adapter '{name}' added successfully."

    def unload(self, name: str) -> tuple[int, Any]:
        if name not in self.adapters:
            return _error(404, f"The lora adapter '{name}' cannot be found.")
        del self.adapters[name]
        self.told.append(f"unload {name}")
        return 200, f"Success: LoRA adapter '{name}' removed successfully."

    def complete(self, body: dict[str, Any]) -> tuple[int, Any]:
        name = body["model"]
        self.asked.append(name)
        if name != NAME and name not in self.adapters:
            return _error(404, f"The model `{name}` does not exist.")
        text = self.tokenizer.apply_chat_template(body["messages"], add_generation_prompt=True, tokenize=False)
        ids = self.tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
        bare: AbstractContextManager[Any] = nullcontext()
        if isinstance(self.model, PeftModel):
            if name == NAME:
                bare = self.model.disable_adapter()
            else:
                self.model.set_adapter(name)
        with bare, torch.no_grad():
            out = self.model.generate(input_ids=ids, max_new_tokens=TOKENS, do_sample=False)[0, ids.shape[1] :]
        message = {"role": "assistant", "content": self.tokenizer.decode(out)}
        return 200, {
            "choices": [{"index": 0, "message": message, "finish_reason": "length"}],
            "usage": {"completion_tokens": len(out)},
        }

    def models(self) -> tuple[int, Any]:
        cards = [{"id": NAME, "root": self.root}, *({"id": name, "root": at} for name, at in self.adapters.items())]
        return 200, {"object": "list", "data": cards}


def _error(status: int, message: str) -> tuple[int, Any]:
    return status, {"error": {"message": message, "type": "BadRequestError", "code": status}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoraServer

    def do_GET(self) -> None:
        with self.server.lock:
            self.say(*self.server.models())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            if self.path.endswith("/chat/completions"):
                self.say(*self.server.complete(body))
            elif not self.server.able:
                self.say(404, {"detail": "Not Found"})  # without VLLM_ALLOW_RUNTIME_LORA_UPDATING there is no such path
            elif self.path == "/v1/load_lora_adapter":
                self.say(*self.server.load(body["lora_name"], body["lora_path"]))
            else:
                self.say(*self.server.unload(body["lora_name"]))

    def say(self, status: int, told: Any) -> None:
        data = (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response_only(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Says nothing."""


@contextmanager
def running(folder: str) -> Iterator[LoraServer]:
    with LoraServer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
