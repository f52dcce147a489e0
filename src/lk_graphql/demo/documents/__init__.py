"""Texts of the demo's invented company, to which its customers consent."""

from importlib import resources

from lk_graphql.identity.service.consents import DocumentVersion, read_versions


def demo_documents() -> list[DocumentVersion]:
    return read_versions(resources.files("lk_graphql.demo.documents"))
