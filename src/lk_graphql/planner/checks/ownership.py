"""Whether a relation stays inside what the viewer owns.

`node(id:)` proves ownership where a query enters; from there on relations lead anywhere that
foreign keys do. So each of them must be told by the declarations to stay inside, or argue.
"""

from lk_graphql.planner.declare.sources import KEY, PUBLIC, TypeDeclaration
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
    """Whether everyone who may see a row of `origin` may see what hangs on it.

    Safe are: what is public; children without an owner of their own, if they name no user but
    the one on whom they hang; what is owned through the very row that the relation starts from;
    and the one row through which that row is owned itself. (Where many stand there, one of them
    is the viewer's, and the others are other people's.)
    """
    path = join_steps(origin.model, relation)
    if target.owned_through == PUBLIC:
        return True
    if target.role is not None or origin.role is not None:
        return False
    if target.owned_through is None:
        of_the_user = path[-1].origin is user
        strangers = user in foreign_keys(target.model) and not of_the_user
        return all(map(_to_children, path)) and not strangers
    if origin.owned_through is None or origin.owned_through == PUBLIC:
        return False
    mine, theirs = _way(origin), _way(target)
    back = [hop.reverse_key for hop in reversed(path)]
    upwards = all(hop.to_one for hop in path) and mine == [hop.key for hop in path] + theirs
    return upwards or theirs == back + mine


def owner_model(declared: TypeDeclaration) -> Models | None:
    """The model at the end of an ownership path: the user's."""
    return None if declared.path is None else path_target(declared.model, declared.path)


def _way(declared: TypeDeclaration) -> JoinKeys:
    return [hop.key for hop in join_steps(declared.model, declared.path or "")]


def _to_children(hop: JoinStep) -> bool:
    return hop.link is None and hop.far != column(hop.target, KEY)
