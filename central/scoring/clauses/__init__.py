"""The clauses of a standard, one file each."""
