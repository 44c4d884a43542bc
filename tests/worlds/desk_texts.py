"""Parts of desk.toml that several tests write, with the places that they fill in."""

LINE_AND_UPLINK = """
[[phone]]
name = "1"
ring_pin = 23
hook_pin = 24

[uplink]
host = "127.0.0.1"
port = {port}

[storage]
spool = "{folder}/spool.db"
"""
