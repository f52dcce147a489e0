"""Use cases of identity, one module each; the API for other slices."""
