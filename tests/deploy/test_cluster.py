"""The samples for Patroni and HAProxy as `make cluster` runs them, and the order of its rounds."""

import subprocess
from pathlib import Path

import yaml

from benchmarks.cluster import parts, report
from benchmarks.cluster.network import Cable
from benchmarks.cluster.nodes import configuration
from benchmarks.cluster.plan import ClusterFault, plan
from benchmarks.faults.campaign import Result
from tests.support.proxies import program


def test_each_node_is_configured_by_the_sample():
    node = yaml.safe_load(configuration(Cable("db2"), Path("/disk")))

    assert (node["name"], node["scope"]) == ("db2", "lk")
    assert node["etcd3"] == {"hosts": "10.77.0.1:2379"}
    assert node["restapi"]["listen"] == "10.77.0.12:8008"
    assert node["postgresql"]["connect_address"] == "10.77.0.12:5432"
    assert node["postgresql"]["data_dir"] == "/disk/data"


def test_a_lost_primary_is_replaced_within_the_rule_of_patroni():
    dcs = yaml.safe_load((parts.DEPLOY / "patroni.yml").read_text())["bootstrap"]["dcs"]

    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"]
    assert (dcs["synchronous_mode"], dcs["failsafe_mode"]) == (True, True)


def test_haproxy_accepts_both_samples_together(tmp_path: Path):
    command = parts.haproxy(tmp_path, 20_001, 20_002, 20_003, (20_004, 20_005)).words

    done = subprocess.run(
        [program("haproxy"), "-c", *command[1:]], check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


def test_all_faults_come_in_turn_and_a_seed_has_always_the_same_order():
    rounds = plan(3, 20)

    assert plan(3, 20) == rounds
    assert plan(4, 20) != rounds
    assert [step.number for step in rounds] == [*range(1, 21)]
    assert {step.fault for step in rounds[: len(ClusterFault)]} == {*ClusterFault}
    only = [ClusterFault.DISK_FULL]
    assert {step.fault for step in plan(3, 5, only)} == {*only}


def test_the_table_has_the_errors_that_clients_saw():
    results = [
        Result("a run", 1, number, "primary killed", "now", first, first + 1, 10,
               failures={"503": number}, slowest=2.5, note="failover")
        for number, first in ((1, 4.0), (2, 6.0))
    ]  # fmt: skip

    (killed, _) = report.rows(results)

    assert killed == ("primary killed", "2", "2", "5.0 (6.0)", "7.0", "20", "3 × 503", "2.5", "0")
