"""Use cases of profiles, one module each; the API for other slices."""
