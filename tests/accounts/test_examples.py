"""The operations in `examples/operations`, from which clients and code generators start."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import OperationDefinitionNode, parse, validate

from lk_graphql.demo.data import supplier
from lk_graphql.demo.data.people import UNLINKED
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Register
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import NUMBER, given_account, given_link
from tests.support.client import ApiClient

FOLDER = Path(__file__).parents[2] / "examples" / "operations"
FILES = sorted(FOLDER.glob("*.graphql"))


def operations_of(file: Path) -> list[OperationDefinitionNode]:
    definitions = parse(file.read_text()).definitions
    return [node for node in definitions if isinstance(node, OperationDefinitionNode)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_is_valid_and_explains_itself(file: Path):
    text = file.read_text()
    assert text.startswith("# ")
    assert validate(graphql_schema, parse(text)) == []
    assert all(operation.name for operation in operations_of(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_s_variables_are_those_of_its_operations(file: Path):
    declared = {
        variable.variable.name.value
        for operation in operations_of(file)
        for variable in operation.variable_definitions or ()
    }
    json_file = file.with_suffix(".json")
    values: dict[str, Any] = orjson.loads(json_file.read_bytes()) if json_file.exists() else {}
    assert set(values) == declared


def test_names_are_unique_so_that_generators_can_take_them_together():
    names = [
        operation.name.value
        for file in FILES
        for operation in operations_of(file)
        if operation.name
    ]
    assert len(names) == len(set(names))


def test_the_account_to_link_is_the_unlinked_one_of_the_demo():
    """Its numbers and its holder are independent of the day of the demo."""
    household = supplier.account(UNLINKED, date(2028, 2, 29), billed_months=1)
    variables = orjson.loads((FOLDER / "04-link-account.json").read_bytes())
    assert variables["claim"] == {
        "subscriberType": "HOUSEHOLD",
        "accountNumber": household.account.number,
        "surname": household.holder.last_name,
        "proof": {"unifiedNumber": household.account.unified_number},
    }


async def test_the_dashboard_is_answered_by_one_statement(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    query = (FOLDER / "03-dashboard.graphql").read_text()
    answer = await api.ask(query, await api.signed_in(anna), bills=2)
    (account,) = answer["viewer"]["accounts"]
    assert account["number"] == NUMBER
    assert [bill["period"] for bill in account["invoices"]] == ["2026-10", "2026-09"]


async def test_the_histories_are_answered_by_one_statement_each(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    register = await Register.all().order_by("position").first()
    assert register is not None
    token = await api.signed_in(anna)
    variables: dict[str, Any] = {
        "accountId": to_public("acc", account.id),
        "after": None,
        "first": 1,
    }
    query = (FOLDER / "05-history.graphql").read_text()
    archive = await api.ask(query, token, name="BillArchive", **variables)
    assert archive["node"]["invoiceArchive"]["totalCount"] == 3
    del variables["first"]
    await api.ask(query, token, name="PaymentHistory", **variables)
    consumption = await api.ask(query, token, name="ConsumptionHistory", **variables)
    (october,) = consumption["node"]["consumptionByMonth"]["nodes"]
    assert october["kwh"] == "300"
    assert [part["zone"] for part in october["zones"]] == ["DAY", "NIGHT"]
    reading: dict[str, Any] = {"registerId": to_public("reg", register.id), "after": None}
    readings = await api.ask(query, token, name="ReadingHistory", **reading)
    assert len(readings["node"]["readings"]["nodes"]) == 2
