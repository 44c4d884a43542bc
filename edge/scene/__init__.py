"""Who is where now: tracks over time, zones, customer or staff."""
