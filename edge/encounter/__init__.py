"""One encounter from coming near to leaving: the state machine that measures it."""
