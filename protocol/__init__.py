"""What the desk and the central service say to each other: messages, topics and schemas."""
