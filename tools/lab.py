"""JupyterLab with the course's own configuration: what this computer's other Jupyters are set to
stays theirs. `tools.setup.surroundings` takes away the reader's settings, this the machine's."""

from __future__ import annotations

import sys

from jupyter_core import paths


def main() -> None:
    """Forget the machine's folders of configuration and kernels, then start."""
    paths.SYSTEM_CONFIG_PATH.clear()
    paths.SYSTEM_JUPYTER_PATH.clear()
    from jupyterlab.labapp import main as lab  # it looks at the folders when it is imported

    sys.exit(lab())


if __name__ == "__main__":
    main()
