"""Second layers around a sandboxed child, on Linux on x86-64, where a probe finds that they work.

What holds a hostile document is the function that opens it (`inspect`), which has no right and no
network; a fork inherits memory, and so is no boundary. These make the way there longer:

- the child's environment is empty, and it has no open files but its two pipes and the log;
- a seccomp filter refuses new sockets, new programs, and reaching into other processes;
- the parent is not dumpable, so that its environment and memory cannot be read below /proc.

Sources: seccomp(2), prctl(2), linux/filter.h, linux/seccomp.h, asm/unistd_64.h.
"""

import ctypes
import os
import platform
import signal
import struct
import warnings
from functools import cache

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # EPERM
AUDIT_ARCH_X86_64 = 0xC000003E
X32 = 0x40000000  # the other numbering of the same calls

REFUSED_CALLS = {
    "socket": 41,  # socketpair stays: it leads nowhere, and event loops need it
    "execve": 59,
    "ptrace": 101,
    "mount": 165,
    "add_key": 248,
    "request_key": 249,
    "keyctl": 250,
    "unshare": 272,
    "perf_event_open": 298,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "bpf": 321,
    "execveat": 322,
    "userfaultfd": 323,
    "io_uring_setup": 425,
    "pidfd_getfd": 438,
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def protect_memory() -> None:
    """Of this process: others of the same user cannot read it."""
    _prctl(PR_SET_DUMPABLE, 0)


def confine(*kept: int) -> None:
    """The child, which keeps these files open. It cannot be undone, and is inherited."""
    _wipe_environment()
    before = 3
    for descriptor in sorted(kept):
        os.closerange(before, descriptor)
        before = descriptor + 1
    os.closerange(before, max(before, 1_024))
    if can_filter():
        _filter_calls()


def end_with(parent: int) -> None:
    """This child ends once that process does, or its thread that made the child (prctl(2)): a
    sandbox within a sandbox is stopped with it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _wipe_environment() -> None:
    """The strings too, which /proc/self/environ shows."""
    strings = ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), "environ")
    at = 0
    while address := strings[at]:
        ctypes.memset(address, 0, len(ctypes.string_at(address)))
        at += 1
    os.environ.clear()


@cache
def can_filter() -> bool:
    """Tried once in a process of its own: where another filter forbids it, that one may die."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as `sandbox._forked`
        child = os.fork()
    if child == 0:
        works = False
        try:
            works = _filter_calls()
        finally:  # whatever happens, it must not go on as its parent
            os._exit(0 if works else 1)
    return os.waitpid(child, 0)[1] == 0


def _filter_calls() -> bool:
    """Whether the filter is in place."""
    code = _filter()
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    if _prctl(PR_SET_NO_NEW_PRIVS, 1) != 0:
        return False
    return _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program)) == 0


@cache
def _filter() -> bytes:
    """Allows all calls but those listed. The architecture and the number stand at 4 and 0."""
    calls = sorted(REFUSED_CALLS.values())
    refuse = len(calls)  # instructions between the first comparison and `return REFUSE`, less one
    lines = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refuse + 3, AUDIT_ARCH_X86_64),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refuse + 1, 0, X32),
        *((_EQUAL, refuse - at, 0, call) for at, call in enumerate(calls)),
        (_RETURN, 0, 0, ALLOW),
        (_RETURN, 0, 0, REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _prctl(option: int, *values: int) -> int:
    """-1 where it is refused, or where there is no such call."""
    try:
        call = ctypes.CDLL(None).prctl
    except (AttributeError, OSError):
        return -1
    padded = [*values, 0, 0, 0, 0][:4]
    return int(call(option, *(ctypes.c_ulong(value) for value in padded)))
