"""What runs a task within the page: given code, the student's code and the check, one after the
other in a fresh namespace. It runs outside a page too, where tests call it.
"""

from __future__ import annotations

import io
import linecache
import traceback
from contextlib import redirect_stdout

from hepatica.exercises import NotYet, explained

OUTPUT = 20_000
"""Letters of output that are shown; a loop that prints may write far more."""
SECONDS = 10
"""After so long a run is stopped from outside, see worker.js."""
OWN = "your code"


def run(given: str, code: str, check: str) -> dict[str, str]:
    """Run a task; `state` is "correct", "wrong" or "error", `words` says why in one line and
    `output` is what was printed."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        state, words = _verdict(given, code, check)
    output = printed.getvalue()
    cut = "\n… (the rest is cut off)" if len(output) > OUTPUT else ""
    return {"state": state, "words": words, "output": output[:OUTPUT] + cut}


def _verdict(given: str, code: str, check: str) -> tuple[str, str]:
    """The state of a run, and its words."""
    names: dict = {"__name__": "__main__"}
    try:
        for text, name in ((given, "given"), (code, OWN), (check, "check")):
            linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
            exec(compile(text, name, "exec"), names)  # noqa: S102, this is what the page is for
    except NotYet as wrong:
        return "wrong", f"Not yet: {wrong}"
    except SyntaxError as error:
        return "error", f"Line {error.lineno} of your code cannot be read: {error.msg}."
    except KeyboardInterrupt as stop:
        return "error", _stopped(stop)
    except SystemExit:
        return "error", "Your code ended the program. Return a value instead."
    except BaseException as error:  # noqa: BLE001, whatever a student's code raises is told
        words = explained(error)
        return "error", words[:1].upper() + words[1:]
    return "correct", ""


def _stopped(stop: KeyboardInterrupt) -> str:
    """Where a run was when its time was over."""
    own = [f for f in traceback.extract_tb(stop.__traceback__) if f.filename == OWN]
    line = f" in line {own[-1].lineno} of your code" if own else ""
    return f"Stopped after {SECONDS} seconds{line}. Is there a loop that never ends?"
