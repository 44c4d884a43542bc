"""Pure: how long customers waited for a reply, in all hours and in those of business, and until when one is due."""
