"""The cue of this moment, and the lights that show it."""
