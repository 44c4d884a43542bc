"""Which desks there are, and where they stand."""
