"""The fictitious supplier's requisites, also printed by `lk supplier example`."""

from importlib import resources

from lk_graphql.billing.models import Supplier
from lk_graphql.billing.service.requisites import requisites_in
from lk_graphql.demo.data.rng import Keys

TEXT = resources.files("lk_graphql.demo.data").joinpath("requisites.toml").read_text("utf-8")


def suppliers() -> list[Supplier]:
    requisites = requisites_in(TEXT)
    return [
        Supplier.construct(
            id=Keys("supplier").new(requisites.valid_from), **requisites.model_dump()
        )
    ]
