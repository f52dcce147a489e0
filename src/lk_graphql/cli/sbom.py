"""`lk sbom`: the software bill of materials of this installation, as CycloneDX 1.6 (JSON)."""

import json
import re
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import Distribution, distribution
from typing import Any, cast

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lk_graphql.cli.terminal import print_line

PROJECT = "lk-graphql"
_SPDX_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")


def sbom() -> None:
    """Print the components of this installation as a CycloneDX document.

    The document lists the packages that lk needs at run time, with their installed versions. Other
    packages of the environment, such as development tools, are omitted.
    """
    print_line(json.dumps(document(), ensure_ascii=False, indent=2))


def document() -> dict[str, Any]:
    """The CycloneDX document, reproducible because it has neither a date nor a serial number."""
    packages, edges = _closure()
    project = packages.pop(PROJECT)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(PROJECT, project, "application")},
        "components": [
            _component(name, package, "library") for name, package in sorted(packages.items())
        ],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(needed)} for name, needed in sorted(edges.items())
        ],
    }


def _closure() -> tuple[dict[str, Distribution], dict[str, set[str]]]:
    """All direct and indirect requirements of the project, and the dependencies between them."""
    packages: dict[str, Distribution] = {}
    edges: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(PROJECT, "")]  # a package, and one of its extras
    while waiting:
        name, extra = requirement = waiting.pop()
        packages[name] = distribution(name)
        seen.add(requirement)
        for needed, extras in _requirements(packages[name], extra):
            edges.setdefault(name, set()).add(needed)
            waiting += {(needed, each) for each in ("", *extras)} - seen
    return packages, edges


def _requirements(package: Distribution, extra: str) -> Iterator[tuple[str, set[str]]]:
    """The requirements of a package or of one of its extras: names, each with required extras."""
    for requirement in map(Requirement, package.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield canonicalize_name(requirement.name), requirement.extras


def _component(name: str, package: Distribution, kind: str) -> dict[str, Any]:
    component = {
        "type": kind,
        "bom-ref": name,
        "name": name,
        "version": package.version,
        "purl": f"pkg:pypi/{name}@{package.version}",
    }
    return component | ({"licenses": licenses} if (licenses := _licenses(package)) else {})


def _licenses(package: Distribution) -> list[dict[str, Any]]:
    """The licence from the metadata: the expression, or else the field, or else the classifiers."""
    fields = cast(Message, package.metadata)
    if expression := fields["License-Expression"]:
        return [{"expression": expression}]
    classified = [
        text.rpartition(" :: ")[2]
        for text in map(str, fields.get_all("Classifier", []))
        if text.startswith("License ::")
    ]
    field = str(fields["License"] or "")
    is_name = _SPDX_IDENTIFIER.fullmatch(field) or (field and not classified and "\n" not in field)
    names = [field] if is_name else classified
    return [{"license": {"name": name}} for name in names]
