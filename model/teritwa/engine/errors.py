"""The error for a mistake of the user: every room raises it; the commands print it as lines."""

QUOTED_AT_MOST = 40
"""The most characters of a user's text that a message repeats."""


class InputError(Exception):
    """What a user gave cannot be used; ``problems`` lists every mistake, one line each."""

    def __init__(self, problems: tuple[str, ...] | list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[str, ...]]]:
        """Pickle by the problems, so that a worker's error reaches its parent whole."""
        return type(self), (self.problems,)


def quoted(text: str) -> str:
    """Return a user's text in quotes on one line, cut if it is long."""
    cut = text if len(text) <= QUOTED_AT_MOST else f"{text[:QUOTED_AT_MOST]}..."
    return repr(cut)
