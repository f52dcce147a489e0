"""Use cases of the back office: staff actions with their audit entries."""
