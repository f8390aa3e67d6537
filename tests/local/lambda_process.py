"""The first code of an instance: ends it with the account, then becomes the real runtime.

`instances.py` runs it as a script; the handler is its argument, as `awslambdaric` expects.
"""

import os
import runpy
import threading


def _end_with_the_account() -> None:
    """Standard input is a pipe that the account holds: it closes when the account ends.

    It closes even when the account is killed. PR_SET_PDEATHSIG does not work here: it follows the
    thread that started the process, and those threads are short-lived.
    """
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_account, daemon=True).start()
    runpy.run_module("awslambdaric", run_name="__main__")
