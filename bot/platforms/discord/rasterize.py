"""A program of its own: SVG from standard input, PNG to standard output, twice as many pixels as it says.

resvg keeps the interpreter to itself while it draws, so that in the bot's own process nobody else would be answered.
The fonts' files are the arguments; those of the system are not looked at.
"""

import sys

from resvg_py import svg_to_bytes

if __name__ == "__main__":
    drawn = svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(), skip_system_fonts=True, font_files=sys.argv[1:], zoom=2
    )
    sys.stdout.buffer.write(drawn)
