"""Pictures of the main pages, at 360 and 1280 px, from the demo into docs/screenshots/.

    make screenshots

Serves the demo on a database of its own, with the clock set, so that another run makes the same
pages. Needs Chromium.
"""

import logging
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

TARGET = Path(__file__).parent.parent / "docs" / "screenshots"
HEIGHT = {360: 800, 1280: 900}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CLERK = "can-bo.ngoc-bien@lth.example"
DISTRICT = "chuyen-vien.huyen-tra-cu@lth.example"
LEADER = "lanh-dao.huyen-tra-cu@lth.example"
PROVINCE = "chuyen-vien.tinh-tra-vinh@lth.example"
ADMINISTRATOR = "quan-tri.huyen-tra-cu@lth.example"

ISSUER = "can-bo.tam-tien@lth.example"
REPORTER = "can-bo.thanh-son@lth.example"

PAGES = {
    "": {"sign-in": "/sign-in"},
    CLERK: {
        "clerk-desk": "/commune/",
        "returned": "/commune/documents/{returned}",
        "drafting": "/commune/documents/{returned}/draft",
        "budget": "/commune/documents/{returned}/draft/parts/budget",
        "checks": "/commune/documents/{returned}/checks",
    },
    DISTRICT: {
        "desk": "/district/",
        "inbox": "/district/inbox",
        "review": "/district/documents/{review}",
        "synthesis": "/district/documents/{synthesis}/synthesis",
        "quotas": "/district/documents/{district}/quotas",
        "work": "/district/work",
        "extension": "/district/documents/{extension}",
        "month": "/district/month",
        "results": "/district/results",
        "report-sum": "/district/documents/{report_sum}/synthesis",
    },
    REPORTER: {"report": "/commune/documents/{report}/values", "clubs": "/commune/clubs"},
    LEADER: {"delegation": "/district/delegations/new"},
    PROVINCE: {"province-desk": "/province/"},
    ISSUER: {"handover": "/commune/documents/{issued}/handover"},
    ADMINISTRATOR: {"mail": "/mail"},
}


GUIDE = Path(__file__).parent.parent / "lth" / "static" / "guide"
GUIDE_SIZE = {"width": 800, "height": 500}
"""Of the pictures on the page “Bắt đầu”: as they are shown on a wide screen."""

GUIDE_PAGES = {
    CLERK: {
        "desk": "/commune/",
        "assigned": "/commune/documents/{district}/assigned",
        "draft": "/commune/documents/{returned}/draft#main",
        "checks": "/commune/documents/{returned}/checks",
        "returned": "/commune/documents/{returned}#main",
        "budget": "/commune/documents/{returned}/draft/parts/budget",
        "workbook": "/commune/documents/{returned}/draft/workbook",
        "papers": "/commune/documents/{returned}/papers",
    },
    ISSUER: {"handover": "/commune/documents/{issued}/handover"},
    REPORTER: {
        "report": "/commune/documents/{report}/values#main",
        "clubs": "/commune/clubs",
    },
    DISTRICT: {
        "inbox": "/district/inbox",
        "review": "/district/documents/{review}",
        "synthesis": "/district/documents/{synthesis}/synthesis",
        "packs": "/district/packs",
        "register": "/district/register",
        "quotas": "/district/documents/{district}/quotas",
        "month": "/district/month",
        "reports": "/district/reporting/sent",
        "results": "/district/results",
    },
    LEADER: {
        "work": "/district/work",
        "confirm": "/district/documents/{review}/acts/approve",
        "delegation": "/district/delegations/new",
    },
    ADMINISTRATOR: {
        "people": "/admin/people",
        "deadlines": "/admin/deadlines",
        "templates": "/admin/templates/named",
    },
}
"""The pictures of `lth/blueprints/guide`, by whose page they show."""


def main() -> int:
    browser = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if browser is None:
        print("Chromium is not installed: sudo apt-get install chromium", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lth-screenshots-") as home:
        os.environ.update(LTH_HOME=home, LTH_DEMO="1", LTH_CLOCK="2026-11-23T09:00:00+07:00")
        app = demo()
        shoot(browser, serve(app), documents_of(app))
    return 0


def demo():
    """Make the application on a fresh demo."""
    from lth import create_app
    from lth.core import schema
    from lth.demo import load_if_empty

    app = create_app()
    schema.upgrade(app.config["SETTINGS"])
    load_if_empty(app)
    return app


def documents_of(app) -> dict[str, int]:
    """Find the ids of the documents that the pages show."""
    from sqlalchemy import select

    from lth.access.scope import Purpose, system
    from lth.blueprints.web.extensions import db
    from lth.models import Document, Unit

    def number(name: str, kind: str) -> int:
        statement = (
            select(Document.id)
            .join(Unit, Unit.id == Document.unit_id)
            .where(Unit.name == name, Unit.type != "thị trấn", Document.kind == kind)
        )
        return db.session.scalars(statement).one()

    with app.app_context(), system(db.session(), Purpose.LOAD):
        return {
            "returned": number("Ngọc Biên", "plan"),
            "review": number("Đại An", "plan"),
            "synthesis": number("Trà Cú", "synthesis"),
            "district": number("Trà Cú", "plan"),
            "extension": number("Tân Hiệp", "plan"),
            "issued": number("Tam Tiến", "plan"),
            "report": number("Thanh Sơn", "report"),
            "report_sum": number("Trà Cú", "report_synthesis"),
        }


def serve(app) -> str:
    """Serve on a free port of this machine; returns the address."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def shoot(browser: str, base: str, documents: dict[str, int]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for width, height in HEIGHT.items():
            for email, pages in PAGES.items():
                context = chromium.new_context(
                    viewport={"width": width, "height": height}, locale="vi-VN"
                )
                page = context.new_page()
                sign_in(page, base, email)
                for name, address in pages.items():
                    page.goto(base + address.format(**documents))
                    page.screenshot(path=TARGET / f"{name}-{width}.png")
                    print(f"{name}-{width}.png")
                context.close()
        guide(chromium, base, documents)
        chromium.close()


def guide(chromium, base: str, documents: dict[str, int]) -> None:
    """Make the pictures that the product itself shows, small enough for a slow line."""
    GUIDE.mkdir(parents=True, exist_ok=True)
    for email, pages in GUIDE_PAGES.items():
        context = chromium.new_context(viewport=GUIDE_SIZE, locale="vi-VN", bypass_csp=True)
        page = context.new_page()
        sign_in(page, base, email)
        for name, address in pages.items():
            page.goto(base + address.format(**documents))
            page.add_style_tag(content=".demo { display: none; }")
            page.screenshot(path=GUIDE / f"{name}.jpg", type="jpeg", quality=55)
            print(f"guide/{name}.jpg")
        context.close()


def sign_in(page, base: str, email: str) -> None:
    from lth.demo import PASSWORD

    if email:
        page.goto(f"{base}/sign-in")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(f"{base}/*/**")


if __name__ == "__main__":
    sys.exit(main())
