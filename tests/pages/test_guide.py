"""The page “Bắt đầu” of each role. That its links open is held by the walk over every page."""

import importlib.util
from pathlib import Path

import pytest

from lth.blueprints.guide.steps import STEPS, steps_of
from lth.models.person import Role
from lth.models.unit import Level

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "lth" / "static" / "guide"


def script():
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts/screenshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_role_has_steps_at_every_level():
    assert set(STEPS) == set(Role)
    assert all(steps_of(role, level) for role in Role for level in Level)


def test_the_pictures_are_those_that_the_script_makes_and_none_is_left_over():
    shown = {step.picture for steps in STEPS.values() for step in steps if step.picture}
    made = {name for pages in script().GUIDE_PAGES.values() for name in pages}
    assert shown == made == {path.stem for path in PICTURES.glob("*.jpg")}
    assert all(path.stat().st_size < 60_000 for path in PICTURES.glob("*.jpg"))


@pytest.mark.databases("sqlite")
def test_every_page_that_is_pictured_opens(guarded, visitor):
    pictures = script()
    with guarded.app_context():
        documents = pictures.documents_of(guarded)
    for shot in (pictures.PAGES, pictures.GUIDE_PAGES):
        for email, pages in shot.items():
            browser = visitor(email) if email else None
            for name, address in pages.items():
                client = browser or guarded.test_client()
                answer = client.get(address.format(**documents))
                assert answer.status_code == 200, name


@pytest.mark.databases("sqlite")
def test_a_clerk_and_a_district_leader_are_led_to_their_own_pages(visitor):
    clerk, leader = visitor("clerk").get("/guide").text, visitor("district leader").get("/guide")
    assert 'href="/commune/"' in clerk
    assert "/district/" not in clerk
    assert 'href="/district/delegations"' in leader.text
