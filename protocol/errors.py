"""The one root of the errors that whoever runs a program can mend."""


class MendableError(Exception):
    """What was asked for cannot be done until somebody mends something; the text says what is wrong, where, and what to do.

    A command line ends with this text in place of a traceback, so it is written for a person who knows the
    files and the machine, not the code. What only the code can mend is no such error.
    """
