"""Use cases of accounts: proof, linking, naming, unlinking."""
