"""What we serve from others is exactly what we recorded, and nothing more."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("lth/static/vendor", "tests/browser/vendor")


def entries(folder: str) -> list[dict[str, str]]:
    return json.loads((ROOT / folder / "vendor.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_file_has_its_recorded_hash(folder):
    for entry in entries(folder):
        content = (ROOT / folder / entry["file"]).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert entry["sha384"] == f"sha384-{digest}", entry["file"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_is_unrecorded_and_every_licence_is_kept(folder):
    recorded = {name for e in entries(folder) for name in (e["file"], e["licence_file"])}
    present = {path.name for path in (ROOT / folder).iterdir()} - {"vendor.json"}
    assert present == recorded
    assert all(e["licence"] and e["version"] for e in entries(folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_points_to_a_source_map(folder):
    for entry in entries(folder):
        assert b"sourceMappingURL=" not in (ROOT / folder / entry["file"]).read_bytes()[-200:]
