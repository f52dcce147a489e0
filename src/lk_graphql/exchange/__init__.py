"""The road to the billing system: what comes in, what goes out."""
