"""The host's page: what it shows, in which words, and the small server that a browser on the desk opens it from."""
