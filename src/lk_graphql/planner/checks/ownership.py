"""Ownership checks for relations.

`node(id:)` checks the owner of the first row only, and relations follow foreign keys from there.
Therefore a relation must provably stay inside the owner's rows, or have an `unsafe_reason`.
"""

from lk_graphql.planner.declare.sources import KEY, PUBLIC, TypeDeclaration, gate_of
from lk_graphql.planner.declare.tables import (
    JoinStep,
    Models,
    column,
    foreign_keys,
    join_steps,
    path_target,
)

JoinKeys = list[tuple[str, ...]]


def stays_inside(
    origin: TypeDeclaration, relation: str, target: TypeDeclaration, user: Models | None
) -> bool:
    """True if everyone who may see a row of `origin` may also see the rows behind `relation`.

    Safe targets are:

    - public rows;
    - children without an owner of their own that reference no user besides their parent's;
    - rows owned through the row at which the relation starts;
    - the row through which that row itself is owned, if there is only one. (Of several such rows,
      only one is the viewer's.)
    """
    path = join_steps(origin.model, relation)
    if target.owned_through == PUBLIC:
        return True
    if target.role is not None or origin.role is not None:
        return False
    if target.owned_through is None:
        is_users_child = path[-1].origin is user
        names_other_users = user in foreign_keys(target.model) and not is_users_child
        return all(map(_leads_to_children, path)) and not names_other_users
    if origin.owned_through is None or origin.owned_through == PUBLIC:
        return False
    origin_keys, target_keys = _ownership_keys(origin), _ownership_keys(target)
    reverse_keys = [step.reverse_key for step in reversed(path)]
    upwards = (
        all(step.to_one for step in path)
        and origin_keys == [step.key for step in path] + target_keys
    )
    return upwards or target_keys == reverse_keys + origin_keys


def needs_policy(declared: TypeDeclaration) -> bool:
    """True for a customer's type that is owned through a gated row, such as a link that may end."""
    steps = join_steps(declared.model, declared.path or "")
    return any(gate_of(step.target) for step in steps)


def owner_model(declared: TypeDeclaration) -> Models | None:
    """The user's model, at the end of an ownership path."""
    return None if declared.path is None else path_target(declared.model, declared.path)


def _ownership_keys(declared: TypeDeclaration) -> JoinKeys:
    return [step.key for step in join_steps(declared.model, declared.path or "")]


def _leads_to_children(step: JoinStep) -> bool:
    return step.link is None and step.far != column(step.target, KEY)
