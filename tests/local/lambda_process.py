"""The first code of an instance: tie its life to the account's, then become the real runtime.

Run as a script by `instances.py`; the handler is its argument, as `awslambdaric` wants it.
"""

import os
import runpy
import threading


def _end_with_the_account() -> None:
    """Standard input is a pipe that the account holds: its end is the account's end.

    It also ends when the account is killed outright. PR_SET_PDEATHSIG would not do: it follows
    the thread that started the process, and instances are started by threads that come and go.
    """
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_account, daemon=True).start()
    runpy.run_module("awslambdaric", run_name="__main__")
