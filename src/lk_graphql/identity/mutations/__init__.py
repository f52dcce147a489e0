"""What can be done about a login. Importing the parts adds them to the graph, in their order."""

# isort: off
# The schema shows them as a customer meets them, not by the alphabet.
from lk_graphql.identity.mutations import registration, sessions, passwords, email_change

__all__ = ["email_change", "passwords", "registration", "sessions"]
