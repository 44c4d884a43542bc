"""Who did and who read what: an append-only log whose entries are chained by their hashes."""
