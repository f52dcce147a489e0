"""The fault kit stays alive: a short run of `make faults` finds nothing."""

from pathlib import Path

import asyncpg
import pytest

from benchmarks.faults.acknowledgements import lost_or_doubled
from benchmarks.faults.campaign import Campaign, Result, Scale, running_campaign
from benchmarks.faults.ledger import Call, CallKind, Ledger
from benchmarks.faults.plan import Fault, Step, plan
from benchmarks.faults.system import Program, System
from lk_graphql.kit.ids import key_of

SMALL = Scale(customers=50, writers=4, api_workers=1, job_workers=1)
FAULTS = (
    Fault.JOB_WORKER_KILLED,
    Fault.SERVER_KILLED,
    Fault.DATABASE_CRASHED,
    Fault.JOB_WORKER_KILLED,
)


@pytest.mark.asyncio(loop_scope="function")
async def test_three_kills_and_a_crash_of_postgresql_lose_and_double_nothing(server_folder: Path):
    results: list[Result] = []

    async with running_campaign(server_folder, 1, SMALL, "a test", lambda _: None) as campaign:
        for number, fault in enumerate(FAULTS, 1):
            results.append(await campaign.run(Step(number, fault)))
        await campaign.writers.pause()
        lost = await lose_a_reading(campaign)
        found = await compare_all(campaign)

    assert [(result.name, result.violations) for result in results] == [
        (str(fault), []) for fault in FAULTS
    ]
    assert all(result.first_write is not None for result in results)
    assert found == [
        f"readingsSubmit {lost} was acknowledged: 0 rows, 0 of them as answered",
    ]


async def lose_a_reading(campaign: Campaign) -> str:
    """Delete an acknowledged reading; the id of its call."""
    acknowledged = campaign.writers.ledger.acknowledged[CallKind.READINGS][-1]
    reading = acknowledged.answer["entries"][0]["reading"]["id"]
    connection = await asyncpg.connect(campaign.writers.dsn)
    await connection.execute("DELETE FROM reading WHERE id = $1", key_of(reading))
    await connection.close()
    return acknowledged.call.id


async def compare_all(campaign: Campaign) -> list[str]:
    connection = await asyncpg.connect(campaign.writers.dsn)
    sentences = await lost_or_doubled(connection, campaign.writers.ledger.acknowledged)
    await connection.close()
    return sentences


def test_the_id_of_an_ended_worker_may_belong_to_a_new_process(tmp_path: Path):
    """Ids of processes come again: thousands of kills later, as the id of the server itself."""
    system = System(tmp_path, {}, job_workers=0)
    log = tmp_path / "serve.log"
    system.server = Program(("sleep", "60"), log, {})
    system.server.start()
    with log.open("a") as output:
        ids = range(system.server.pid, system.server.pid + 100_000)  # one is the next server's
        output.writelines(f"Started server process [{pid}]\n" for pid in ids)

    assert system.kill_server()
    assert not system.kill_server()
    with log.open("a") as output:
        output.write(f"Started server process [{system.server.pid}]\n")
    assert system.kill_server()
    system.server.kill()


def test_a_seed_has_always_the_same_steps():
    steps = plan(7, kills=10, restarts=5, outages=1)

    assert plan(7, kills=10, restarts=5, outages=1) == steps
    assert plan(8, kills=10, restarts=5, outages=1) != steps
    assert [step.number for step in steps] == [*range(1, len(steps) + 1)]
    assert steps[3].rng(7).random() == steps[3].rng(7).random()


def test_a_ledger_is_reopened_with_acknowledged_refused_and_pending_calls(tmp_path: Path):
    calls = [Call(str(number), CallKind.EXPORT, "token", {"n": number}) for number in range(3)]
    ledger = Ledger(tmp_path / "ledger")
    for call in calls:
        ledger.begin(call)
    ledger.acknowledge(calls[0], {"id": "exp_1"})
    ledger.refuse(calls[1])

    reopened = Ledger(tmp_path / "ledger")

    assert reopened.acknowledged == ledger.acknowledged
    assert [each.call for each in reopened.acknowledged[CallKind.EXPORT]] == [calls[0]]
    assert reopened.refused == [calls[1]]
    assert [*reopened.pending.values()] == [calls[2]]
    assert reopened.number == 3
