"""Use cases of uploads, one module each; the API for other slices."""
