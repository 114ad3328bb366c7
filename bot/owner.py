"""How a process names itself where several share one database."""

import os
import socket
from uuid import uuid4


def new_owner() -> str:
    """Another name each time: a process that was started anew is not taken for the one before."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
