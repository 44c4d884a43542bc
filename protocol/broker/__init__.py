"""The way to the broker, which desk and central service go alike: address, proof of one's name, connection, and what goes wrong on it."""
