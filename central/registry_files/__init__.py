"""The registry as CSV files: read with every error at its line and column, taken in as a whole or not at all, and written out again."""
