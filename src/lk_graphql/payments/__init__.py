"""Paying, from the review page to a posted payment."""
