"""What the parts of a desk share that may refuse: they are tried again, and who holds a pin is named."""
