"""Up to where an account is billed."""

BILLED_THROUGH = "SELECT max(period) FROM invoice WHERE account_id = $1"
"""The last month that has a bill; NULL before the first."""
