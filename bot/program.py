"""What this program is called by whoever started it, so that it can say what to type next."""

import sys
from pathlib import Path
from typing import Final

NAME: Final = "steppingstone" if Path(sys.argv[0]).stem == "steppingstone" else "python -m bot"
