"""An address in a setting: what is wrong with its host or port shows before anything is asked of it."""

from __future__ import annotations

import pytest

from sleepy.daemon.base import address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u@h/d", "postgresql+psycopg://u:p%40w@db.example.org:5432/team", "postgresql://u@/d?host=/run/pg",
        "postgresql:///d", "postgresql://u:a:b/c?d@localhost/d", "postgresql://u@[::1]:5432/d", "postgresql://u@10.0.0.7/d",
        "postgresql://u@one,two/d", "postgresql://u@my_box/d", "postgresql://u@müller.example/d", "",
    ],
)  # fmt: skip
def test_what_a_server_may_be_called_is_no_fault(url: str) -> None:
    assert address.postgresql(url) == ""


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("h:abc", "its port is no number from 1 to 65535"),
        ("h:0", "its port"),
        ("h:65536", "its port"),
        ("h:", "its port"),
        ("h:54x2", "its port"),
        ("a b", "'a b' is no host's name"),
        ("db!", "'db!' is no host's name"),
        ("-db", "'-db' is no host's name"),
        ("db..org", "'db..org' is no host's name"),
        ("300.1.1.1", "'300.1.1.1' is no host's name"),
        ("[::1", "'[::1' is no host with a port"),
        ("[h]", "'[h]' is no host's name"),
    ],
)
def test_a_malformed_host_or_port_is_named_for_databases_and_servers(place: str, fault: str) -> None:
    assert address.postgresql(f"postgresql://u:secret@{place}/d").startswith(fault)
    assert address.web(f"http://u:secret@{place}/v1").startswith(fault)
    assert address.model(f"https://{place}/v1#name").startswith(fault)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://h/x", "http:/h", "http://", "http:///v1", "http://:80/v1"])
def test_a_server_needs_a_scheme_and_a_host(url: str) -> None:
    assert address.web(url)


def test_a_models_name_is_no_address_and_none_is_no_fault() -> None:
    assert address.model("owner/model:x") == "" and address.web("") == ""
    assert address.web("http://127.0.0.1:8000/v1") == address.web("https://hc-ping.com/abc?x#y") == ""
