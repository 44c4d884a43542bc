"""The spool that loses nothing, and the MQTT publisher that empties it."""
