"""When a showroom is open, as stretches of Unix time: pure."""
