"""The one way in which the embedded PostgreSQL fails."""

from lk_graphql.kit.obstacle import Obstacle


class EmbeddedFailed(Obstacle):
    """The server can't be had."""
