"""desk.toml, read and checked, and the last good ones."""
