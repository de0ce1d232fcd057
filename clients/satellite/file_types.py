"""Addresses that certainly lead to files, by their endings. Pure.

Nothing that can be a page is among them: `Node.js`, `ASP.NET` or `/feed.xml` are asked for, and their Content-Type
decides.
"""

from __future__ import annotations

import re

_FILES = """
7z apk avi avif bmp bz2 deb dmg doc docx eot epub exe flac flv gif gz heic ico iso jar jpeg jpg m4a m4v mkv mov mp3 mp4
mpeg mpg msi odp ods odt ogg ogv opus otf pdf png ppt pptx rar rpm tar tgz tif tiff ttf wav webm webp wma wmv woff woff2
xls xlsx xz zip zst"""
FILES = frozenset(_FILES.split())
_PATH = re.compile(r"https?://[^/?#]*([^?#]*)")


def of_a_file(url: str) -> str | None:
    """`.pdf`, where the address ends so; None where only the answer tells. A name with a colon is the title of a page
    about a file, as wikis have them (`File:Map.png`)."""
    match = _PATH.match(url)
    name = match[1].rpartition("/")[2] if match else ""
    stem, dot, ending = name.rpartition(".")
    known = dot and stem and ending.lower() in FILES and ":" not in stem and "%3a" not in stem.lower()
    return f".{ending.lower()}" if known else None
