"""This process into one that leaves nothing behind: no copy of its memory on a disk, no life without its parent.

It holds persons' data while it reads, and a library in a long native call hears nothing of what happens to
the night that asked. Keep out: limits on time and memory, which are for whoever started it.
"""

import contextlib
import ctypes
import resource
import signal

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


def confine() -> None:
    """No core dump from now on, and death with the parent, whatever this process is doing then."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        system = ctypes.CDLL(None)
        # The limit says nothing to a machine that hands its dumps to a program.
        system.prctl(_PR_SET_DUMPABLE, 0)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
