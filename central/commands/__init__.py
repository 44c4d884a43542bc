"""Groups of commands of `deskside-central`, one file a group."""
