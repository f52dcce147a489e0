"""Plain Python that every floor may use: no framework, no word of the trade."""
