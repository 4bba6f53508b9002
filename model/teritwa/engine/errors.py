"""The error for a mistake of the user: every room raises it; the commands print it as lines."""


class InputError(Exception):
    """What a user gave cannot be used; ``problems`` lists every mistake, one line each."""

    def __init__(self, problems: tuple[str, ...] | list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[tuple[str, ...]]]:
        """Pickle by the problems, so that a worker's error reaches its parent whole."""
        return type(self), (self.problems,)
