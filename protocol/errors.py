"""The one root of the errors that whoever runs a program can mend."""


class MendableError(Exception):
    """What was asked for cannot be done until somebody mends something; the text says what is wrong, where, and what to do.

    A command line ends with this text in place of a traceback, so it is written for a person who knows the
    files and the machine, not the code. What only the code can mend is no such error.
    """


class RefusalError(MendableError):
    """A step that was asked for and cannot be taken; whoever shows it may put its text into the reader's language.

    Args:
        text: In English, with the names of the values in braces where there are any.
        values: What stands in their place.
    """

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values
