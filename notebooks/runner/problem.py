"""The one exception that ends a run with a message instead of a traceback."""


class Problem(Exception):
    """Something that the user can repair; the message says what is wrong and how to go on."""

    def __init__(self, message, status=1):
        super().__init__(message)
        self.status = status
