"""The Compose file: what it starts, and with which settings."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from sleepy.daemon.base.config import Config, load

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return found


def test_head_and_workers_share_an_image_and_the_home(services: dict[str, Any]) -> None:
    ours = {name: services[name] for name in ("ray", "worker", "sleepy")}
    assert {item["image"] for item in ours.values()} == {"sleepy"}
    assert services["worker"]["volumes"] == services["sleepy"]["volumes"]
    place = services["sleepy"]["environment"]["SLEEPY_HOME"]
    assert services["sleepy"]["volumes"] == [f"home:{place}"]
    assert place in (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), "a volume takes its owner from the image"


def test_its_settings_are_settings_and_the_password_is_nobodys_default(
    services: dict[str, Any], tmp_path: Path
) -> None:
    given = services["sleepy"]["environment"]
    names = {name.removeprefix("SLEEPY_").lower() for name in given if name.startswith("SLEEPY_")} - {"home"}
    assert names <= {item.name for item in fields(Config)} and "cluster" in names
    config = load(environment=given, project=tmp_path / "none", user=tmp_path / "none")
    assert config.cluster == "auto" and config.database.startswith("postgresql+psycopg://")
    password = services["database"]["environment"]["POSTGRES_PASSWORD"]
    assert re.match(r"\$\{SLEEPY_DATABASE_PASSWORD:\?", password)


def test_who_works_joins_the_cluster_and_who_only_leads_has_no_cores(services: dict[str, Any]) -> None:
    assert "--num-cpus=0" in services["ray"]["command"] and "--head" in services["ray"]["command"]
    assert services["worker"]["command"] == "ray start --address=ray:6379 --block"
    assert "--num-cpus=0" in services["sleepy"]["command"]
