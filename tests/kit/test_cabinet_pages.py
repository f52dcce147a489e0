"""Addresses of the cabinet's pages: one list in the code, the same in the documents."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.kit.cabinet_pages import (
    OBJECT_PATHS,
    ActionPath,
    CabinetPath,
    action_link,
    cabinet_link,
    object_link,
)
from lk_graphql.kit.company import Company
from lk_graphql.planner.catalog import Catalog
from lk_graphql.schema import graphql_schema

ALONE = Company("Энергия", "https://api.example.ru", ZoneInfo("Asia/Novokuznetsk"))
APART = replace(ALONE, cabinet_url="https://app.example.ru")
KEY = UUID(int=1)
CLIENTS = Path(__file__).parents[2] / "docs" / "clients.md"


@pytest.mark.parametrize("path", ActionPath)
def test_a_token_stands_behind_the_fragment(path: ActionPath):
    assert (
        action_link(ALONE, path, token="a=b/c") == f"https://api.example.ru{path}#token=a%3Db%2Fc"
    )
    assert action_link(APART, path, token="x") == f"https://app.example.ru{path}#token=x"


@pytest.mark.parametrize("path", CabinetPath)
def test_without_a_cabinet_other_pages_are_its_home(path: CabinetPath):
    assert cabinet_link(ALONE, path) == "https://api.example.ru/"
    assert cabinet_link(APART, path) == f"https://app.example.ru{path}"


@pytest.mark.parametrize(("prefix", "folder"), OBJECT_PATHS.items())
def test_an_object_has_a_page_in_a_cabinet(prefix: str, folder: str):
    assert object_link(ALONE, prefix, KEY) == "https://api.example.ru/"
    assert object_link(APART, prefix, KEY) == f"https://app.example.ru{folder}/{prefix}_{KEY.hex}"


@pytest.mark.parametrize(("prefix", "key"), [("rdg", KEY), (None, KEY), ("inv", None)])
def test_an_object_without_a_page_leads_home(prefix: str | None, key: UUID | None):
    assert object_link(APART, prefix, key) == "https://app.example.ru/"


def test_the_prefixes_are_those_of_the_schema():
    assert OBJECT_PATHS.keys() <= Catalog(graphql_schema).nodes.keys()


def test_client_developers_find_every_path():
    documented = re.findall(r"^\| `(/[^`]*)` \|", CLIENTS.read_text(), re.MULTILINE)
    objects = (f"{folder}/{prefix}_…" for prefix, folder in OBJECT_PATHS.items())
    assert sorted(documented) == sorted([*ActionPath, *CabinetPath, *objects])
