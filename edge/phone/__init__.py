"""Pin edges to rings, rings to calls."""
