"""Back office: queries, mutations and actions of staff."""
