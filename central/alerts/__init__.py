"""Signals of charts, told to people: by page, e-mail and chat, once for one cause, and not while a showroom sleeps."""
