"""`deskside phone`: what the phone's pins see, live or from a trace."""
