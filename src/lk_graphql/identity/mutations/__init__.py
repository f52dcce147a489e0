"""What can be done about a login. Importing the parts adds them to the graph."""

from lk_graphql.identity.mutations import email_change, passwords, registration, sessions

__all__ = ["email_change", "passwords", "registration", "sessions"]
