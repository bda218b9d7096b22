"""Setting the course up, for `course.py`: standard library only, importable before anything is
installed."""


class CourseError(Exception):
    """Something the reader can put right; the message says how."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)
