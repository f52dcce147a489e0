"""File exchange with the billing system: imports and exports."""
