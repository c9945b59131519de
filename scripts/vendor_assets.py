"""Fetch the few third-party browser assets and record what they are.

Run by hand when a version changes (`python scripts/vendor_assets.py`). It packs
each npm package in a scratch folder, keeps the one file that is used and its
licence, and writes `vendor.json` beside them. Nothing is fetched at run time.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVED = ROOT / "lth/static/vendor"
TESTED = ROOT / "tests/browser/vendor"
SOURCE_MAP = re.compile(rb"\s*/[/*][#@] ?sourceMappingURL=[^\n]*")


@dataclass(frozen=True)
class Asset:
    """One file of one npm package, at one exact version."""

    package: str
    version: str
    licence: str
    member: str
    target: Path


ASSETS = (
    Asset("htmx.org", "2.0.11", "0BSD", "dist/htmx.min.js", SERVED),
    Asset("bootstrap", "5.3.9", "MIT", "dist/css/bootstrap-reboot.min.css", SERVED),
    Asset("axe-core", "4.14.1", "MPL-2.0", "axe.min.js", TESTED),
)


def sha384(content: bytes) -> str:
    """The digest in the form of the `integrity` attribute."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def pack(asset: Asset, scratch: Path) -> dict[str, bytes]:
    """Download one package and return its files by their path inside it."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{asset.package}@{asset.version}"], cwd=scratch, check=True
    )
    (archive,) = scratch.glob("*.tgz")
    with tarfile.open(archive) as tar:
        files = {
            member.name.removeprefix("package/"): tar.extractfile(member).read()
            for member in tar.getmembers()
            if member.isfile()
        }
    archive.unlink()
    return files


def check_identity(asset: Asset, manifest: bytes) -> None:
    """Refuse a package whose own manifest disagrees with what we pinned."""
    found = json.loads(manifest)
    seen = (found["name"], found["version"], found["license"])
    if seen != (asset.package, asset.version, asset.licence):
        raise SystemExit(f"{asset.package}: expected {asset}, the package says {seen}")


def vendor(asset: Asset, scratch: Path) -> dict[str, str]:
    """Write one asset with its licence, and return its entry for `vendor.json`."""
    files = pack(asset, scratch)
    check_identity(asset, files["package.json"])
    content = SOURCE_MAP.sub(b"", files[asset.member]).rstrip() + b"\n"
    name = Path(asset.member).name
    licence = f"{asset.package}.LICENSE"
    asset.target.mkdir(parents=True, exist_ok=True)
    (asset.target / name).write_bytes(content)
    (asset.target / licence).write_bytes(files["LICENSE"])
    return {
        "name": asset.package,
        "version": asset.version,
        "licence": asset.licence,
        "licence_file": licence,
        "file": name,
        "sha384": sha384(content),
    }


def main() -> None:
    """Vendor every asset and write one manifest for each folder."""
    with tempfile.TemporaryDirectory() as folder:
        for target in (SERVED, TESTED):
            entries = [vendor(a, Path(folder)) for a in ASSETS if a.target == target]
            text = json.dumps(entries, indent=2) + "\n"
            (target / "vendor.json").write_text(text, encoding="utf-8")
            for entry in entries:
                print(f"{entry['name']} {entry['version']} ({entry['licence']}): {entry['file']}")


if __name__ == "__main__":
    main()
