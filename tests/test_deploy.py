"""What deploy/ and its page name is what Rondom knows: a setting of another name would be ignored in silence."""

import re
from pathlib import Path

import yaml

from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {f"RONDOM_{name.upper()}" for name in Settings.model_fields}
# What compose and the proxy themselves read.
OF_DEPLOY = {"RONDOM_DOMAIN", "RONDOM_DATABASE_PASSWORD", "RONDOM_WORKERS"}


def test_every_setting_that_the_containers_are_given_is_one_of_rondom():
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    for worker in ("worker-1", "worker-2"):
        given = {name for name in compose["services"][worker]["environment"] if name.startswith("RONDOM_")}
        assert given <= SETTINGS
        assert {"RONDOM_ORIGIN", "RONDOM_DATABASE", "RONDOM_BUS_URL"} <= given


def test_no_file_of_deploy_names_a_setting_that_is_not_there():
    for file in (ROOT / "deploy").iterdir():
        named = set(re.findall(r"RONDOM_[A-Z_]+", file.read_text()))
        assert named <= SETTINGS | OF_DEPLOY, file.name


def test_the_page_about_running_it_has_every_setting():
    page = (ROOT / "docs" / "running-it.md").read_text()
    listed = {
        f"RONDOM_{name}" for row in re.findall(r"^\| (`.+?) \|", page, re.M) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert listed == SETTINGS


def test_the_proxy_sends_people_to_the_workers_there_are():
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
    named = set(re.findall(r"worker-\d", (ROOT / "deploy" / "Caddyfile").read_text()))
    assert named == {service for service in compose["services"] if service.startswith("worker-")}
