"""The first code of an instance: makes all but /tmp read-only, ends it with the account, then
becomes the real runtime.

`instances.py` runs it as a script; the handler is its argument, as `awslambdaric` expects.
"""

import ctypes
import os
import runpy
import struct
import sys
import threading

# Landlock (linux/landlock.h): from now on this process and its children change nothing on disk but
# below the folders that are named. The numbers are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_NO_NEW_PRIVILEGES = 38  # linux/prctl.h; without it Landlock refuses who is not root
_BENEATH_A_PATH = 1
_WRITE, _REMOVE_AND_MAKE, _TRUNCATE = 1 << 1, 0b1_1111_1111 << 4, 1 << 14
_VERSION_WITH_TRUNCATE = 3
_libc = ctypes.CDLL(None)


def has_landlock() -> bool:
    version: int = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    return version >= _VERSION_WITH_TRUNCATE


def only_tmp_is_writable() -> None:
    """As on Lambda (https://bref.sh/docs/environment/storage.html). Devices stay as they are, and
    bytecode is kept apart from the code (`function_environment.py`)."""
    changes = _WRITE | _REMOVE_AND_MAKE | _TRUNCATE
    wanted = struct.pack("=Q", changes)
    ruleset = _libc.syscall(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0)
    for folder in ("/tmp", "/dev", sys.pycache_prefix or "/tmp"):
        beneath = os.open(folder, os.O_PATH)
        allowed = struct.pack("=Qi", changes, beneath)
        _libc.syscall(_ADD_RULE, ruleset, _BENEATH_A_PATH, allowed, 0)
        os.close(beneath)
    _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _end_with_the_account() -> None:
    """Standard input is a pipe that the account holds: it closes when the account ends.

    It closes even when the account is killed. PR_SET_PDEATHSIG does not work here: it follows the
    thread that started the process, and those threads are short-lived.
    """
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    if has_landlock():
        only_tmp_is_writable()
    threading.Thread(target=_end_with_the_account, daemon=True).start()
    runpy.run_module("awslambdaric", run_name="__main__")
