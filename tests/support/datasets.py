"""What a database may hold when a test begins; a test module picks one by its ``dataset`` fixture.

    @pytest.fixture
    def dataset() -> str:
        return "two_tiers"

A fill function gets an application on a migrated, otherwise empty database, and commits. It runs
once for each kind of database in a test process, so it may take a second.
"""

from support import demoworld, draftworld, flowworld, reportworld, resultworld
from support.databases import Fill
from world import fill_world

DATASETS: dict[str, Fill | None] = {
    "empty": None,
    "demo": demoworld.fill,
    "world": fill_world,
    "drafting": draftworld.fill,
    "reporting": reportworld.fill,
    "workflow": flowworld.fill,
    "results": resultworld.fill,
}
