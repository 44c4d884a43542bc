"""Footage or a recording, measured as the live desk would have measured it: `deskside replay`."""
