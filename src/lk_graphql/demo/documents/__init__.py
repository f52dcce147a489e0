"""Texts of the demo's invented company, to which its customers consent."""

from importlib import resources

from lk_graphql.identity.service.consents import Edition, editions_in


def demo_editions() -> list[Edition]:
    return editions_in(resources.files("lk_graphql.demo.documents"))
