"""systemd's units, the image and compose.yaml: what they name exists, and they are hardened."""

import os
import re
import subprocess
from pathlib import Path
from shutil import which
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from typer.main import get_command

from lk_graphql.cli import app
from lk_graphql.demo.postgres import temporary
from lk_graphql.demo.postgres.installation import PROGRAMS
from lk_graphql.settings import Settings, variable_of
from tests.support.cli_process import lk

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
SAMPLES = [
    path
    for path in (*ROOT.glob("deploy/**/*"), ROOT / "Dockerfile", ROOT / "compose.yaml")
    if path.is_file()
]
VARIABLES = {variable_of(name) for name in Settings.model_fields}
COMMAND = re.compile(r"(?:`|bin/)lk ([a-z]+)")
PROGRAM = re.compile(r"/opt/lk/[\w./-]+(?= |$)", re.MULTILINE)
EXPOSED = 2.0
"""The largest exposure that `systemd-analyze security` may find, of 10."""


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units, with programs that exist here in place of those of an installation."""
    program = which("true")
    units: list[Path] = []
    for unit in UNITS:
        text = re.sub(
            r"/opt/lk/[\w./-]+(?= |$)", str(program), unit.read_text(), flags=re.MULTILINE
        )
        (tmp_path / unit.name).write_text(text)
        units.append(tmp_path / unit.name)
    return units


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if which("systemd-analyze") is None:
        pytest.skip("systemd-analyze isn't installed")
    return subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_COLORS": "0"},
    )  # fmt: skip


def test_systemd_accepts_the_units(installed: list[Path]):
    done = analyze("verify", *map(str, installed))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["lk-serve@.service", "lk-worker@.service"])
def test_a_service_that_is_broken_into_may_do_little(installed: list[Path], name: str):
    (unit,) = [path for path in installed if path.name == name]
    done = analyze("security", "--offline=true", str(unit))
    exposed = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    assert exposed is not None, done.stderr
    assert float(exposed[1]) <= EXPOSED


def test_samples_name_settings_and_commands_that_exist():
    group = get_command(app)
    commands = {*getattr(group, "commands", {})}
    for sample in SAMPLES:
        text = sample.read_text()
        assert {*re.findall(r"\bLK_[A-Z_]+\b", text)} <= VARIABLES, sample
        assert {*COMMAND.findall(text)} <= commands, sample


def test_the_settings_of_the_sample_are_accepted():
    lines = (ROOT / "deploy" / "lk.env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert values["LK_SECRET_KEY"] == ""  # each installation makes its own
    done = lk("settings", **values)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_shell_reads_the_settings_as_systemd_does(tmp_path: Path):
    """By the README's loop, also values that a shell would split or expand."""
    (loop,) = re.findall(
        r"^while read .*/etc/lk/lk.env$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    values = {
        "LK_DATABASE_URL": "postgresql://lk:p$w@db:5432/lk?sslmode=require&connect_timeout=5",
        "LK_COMPANY_NAME": "Энергосбыт плюс",
        "LK_SECRET_KEY": "",
    }
    file = tmp_path / "lk.env"
    file.write_text("# a comment\n" + "".join(f"{n}={v}\n" for n, v in values.items()), "utf-8")

    script = loop.replace("/etc/lk/lk.env", str(file)) + "\nenv -0"
    printed = subprocess.run(["sh", "-c", script], capture_output=True, check=True, env={}).stdout

    lines = [line.partition("=") for line in printed.decode().split("\0")]
    assert {name: value for name, _, value in lines if name.startswith("LK_")} == values


def test_the_image_is_made_of_the_wheel_and_the_lock_of_production():
    """And of nothing else: no other file reaches the builder."""
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert allowed == ["*", "!requirements.lock", "!dist/*.whl"]
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copies = [line for line in lines if line.startswith("COPY") and "--from" not in line]
    assert copies == ["COPY requirements.lock dist/*.whl /tmp/"]
    assert "USER 10001" in lines
    (install,) = [line for line in lines if "-r /tmp/requirements.lock" in line]
    assert {"--no-deps", "--require-hashes"} <= {*install.split()}


def test_compose_runs_the_processes_with_restricted_rights():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    ours = {name: service for name, service in services.items() if service["image"] == "lk"}
    commands = {name: service["command"] for name, service in ours.items()}
    assert commands == {
        "lk": ["check"],
        "migrate": ["sh", "-c", "lk migrate up && lk migrate grant lk"],
        "api": ["lk", "serve"],
        "worker": ["lk", "worker"],
    }
    for service in ours.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert ours["api"]["ports"] == ["127.0.0.1:8000:8000"]  # only the proxy reaches it


def test_compose_keeps_the_rules_of_the_readme():
    """The processes don't own the tables, trust the proxy only, and know their number."""
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    services = compose["services"]
    owner = services["postgres"]["environment"]["POSTGRES_USER"]
    urls = {
        name: service["environment"].get("LK_DATABASE_URL", "")
        for name, service in services.items()
    }
    assert {name for name, url in urls.items() if f"//{owner}:" in url} == {"migrate"}
    assert {name for name, url in urls.items() if "//lk:" in url} == {"lk", "api", "worker"}
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    api = services["api"]["environment"]
    assert api["LK_TRUSTED_PROXIES"] == network["gateway"]
    assert api["LK_COST_PROCESSES"] == "1"


def test_compose_creates_the_role_of_the_processes():
    with temporary() as dsn:
        variables = {
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "PGHOST": parse_qs(urlsplit(dsn).query)["host"][0],
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": "postgres",
            "ROLE_PASSWORD": "it's a :'password'",
        }
        script = ROOT / "deploy" / "compose_role.sh"
        subprocess.run(["sh", script], check=True, env=variables, capture_output=True)
        query = "SELECT rolcanlogin, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'lk'"
        found = subprocess.check_output([PROGRAMS / "psql", "-qtAd", dsn, "-c", query], text=True)
    assert found.strip() == "t|f|f"
