"""Where the links in mails lead: a page with one button that calls the link's mutation."""

from lk_graphql.api.landing.page import Landing, Words, english, routes, russian

__all__ = ["Landing", "Words", "english", "routes", "russian"]
