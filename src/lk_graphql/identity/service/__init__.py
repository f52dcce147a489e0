"""Use cases of identity, a module each; what other slices may use of it."""
