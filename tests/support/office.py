"""LibreOffice, with the fonts of the product and nothing of whoever runs the tests."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from support.services import program

from lth.exchange.papers import word

FONTS = Path(word.__file__).parents[3] / "data" / "fonts"
FONT_SETTINGS = f"""<?xml version="1.0"?>
<fontconfig><dir>{FONTS}</dir><cachedir>{{cache}}</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Liberation Serif</family>
</prefer></alias></fontconfig>"""

Office = Callable[[Path, list[str], str], None]
"""Converts files of a folder into others beside them: the folder, their names, into what."""


def libreoffice(home: Path, debian_package: str) -> Office:
    """Make one with its settings in a folder; without it the test is skipped."""
    soffice = program(("soffice", "libreoffice"), debian_package)
    settings = home / "fonts.conf"
    settings.write_text(FONT_SETTINGS.format(cache=home / "fonts"))

    def run(folder: Path, names: list[str], target: str) -> None:
        subprocess.run(
            [
                *(soffice, f"-env:UserInstallation=file://{home}/profile", "--headless"),
                *("--convert-to", target, "--outdir", str(folder)),
                *(str(folder / name) for name in names),
            ],
            env=os.environ | {"FONTCONFIG_FILE": str(settings), "HOME": str(home)},
            check=True,
            capture_output=True,
            timeout=300,
        )

    return run
