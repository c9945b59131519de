"""A unit's administrator takes a template out, changes it, puts it back, and goes back."""

import html
import io
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db, store_of
from lth.core.errors import BlockedError
from lth.exchange.papers import templates, word
from lth.exchange.papers.text import PaperKind
from lth.models import AuditEntry, PaperLayout, PaperTemplate

NAMED = "/admin/templates/named"
LETTER = "/admin/templates/letter"


def changed(text: str = "SỐ: {{ so_ky_hieu }}") -> bytes:
    """The shipped template with other words before the number."""
    document = Document(io.BytesIO(word.shipped("named")))
    document.tables[0].cell(1, 0).paragraphs[0].runs[0].text = text
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def words(answer: Any) -> str:
    """The text of a page, as it is read."""
    return html.unescape(answer.text)


def version(client: Any, where: str = NAMED) -> str:
    page = client.get(where).text
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def send(client: Any, data: bytes, name: str = "mẫu xã.docx", seen: str | None = None) -> Any:
    seen = version(client) if seen is None else seen
    return client.post(NAMED, data={"file": (io.BytesIO(data), name), "seen": seen})


@pytest.fixture
def admin(signed_in: Any) -> Any:
    """The administrator of B, which has no template of its own."""
    return signed_in("unit_admin@D")


def test_the_shipped_templates_are_in_use_first(admin: Any) -> None:
    page = words(admin.get("/admin/templates"))
    assert page.count("Đang dùng mẫu có sẵn") == 2
    page = words(admin.get(LETTER))
    assert "{{ so_ky_hieu }}" in page
    assert "ten_loai" not in page
    answer = admin.get(f"{LETTER}/current.docx")
    assert answer.data == word.shipped("letter")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mau-cong-van.docx"'


def test_a_changed_template_is_taken_and_given_back(admin: Any, read: Any) -> None:
    data = changed()
    answer = send(admin, data)
    assert answer.status_code == 302, answer.text
    page = words(admin.get(NAMED))
    assert "mẫu xã.docx" in page
    assert admin.get(f"{NAMED}/current.docx").data == data
    assert admin.get(f"{NAMED}/shipped.docx").data == word.shipped("named")
    example = Document(io.BytesIO(admin.get(f"{NAMED}/example.docx").data))
    assert "SỐ: 05/QĐ-UBND" in example.tables[0].cell(1, 0).text
    (row,) = read(select(PaperTemplate).where(PaperTemplate.file_name == "mẫu xã.docx"))
    assert (row.layout, row.retired_at) == (PaperLayout.NAMED, None)
    assert row.person_name
    assert row.unit_name
    (entry,) = read(select(AuditEntry).where(AuditEntry.what == "templates.uploaded"))
    assert entry.data["changes"] == {"template_file": ["", "mẫu xã.docx"]}
    assert "Thay mẫu văn bản" in admin.get("/admin/trail").text


def test_another_takes_its_place_and_the_first_stays_told(admin: Any, read: Any) -> None:
    send(admin, changed(), "một.docx")
    send(admin, changed("Số : {{ so_ky_hieu }}"), "hai.docx")
    rows = read(select(PaperTemplate.file_name, PaperTemplate.retired_at.is_(None)))
    assert {("một.docx", False), ("hai.docx", True)} <= set(rows)


def test_going_back_to_the_shipped_one(admin: Any, read: Any) -> None:
    send(admin, changed())
    answer = admin.post(f"{NAMED}/back", data={"seen": version(admin)}, follow_redirects=True)
    assert "Đã dùng lại mẫu có sẵn." in answer.text
    assert admin.get(f"{NAMED}/current.docx").data == word.shipped("named")
    assert read(select(AuditEntry).where(AuditEntry.what == "templates.retired"))


def test_an_older_page_changes_nothing(admin: Any, read: Any) -> None:
    seen = version(admin)
    send(admin, changed(), "một.docx")
    assert send(admin, changed(), "hai.docx", seen).status_code == 409
    assert admin.post(f"{NAMED}/back", data={"seen": seen}).status_code in {302, 409}
    assert read(select(PaperTemplate.file_name).where(PaperTemplate.retired_at.is_(None))).count(
        "một.docx"
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ".docx"),
        (b"PK\x03\x04 hong", ".docx"),
        (changed("Số: {{ so_kyhieu }}"), "so_ky_hieu"),
        (changed("Số:"), "so_ky_hieu"),
        (changed("{{ so_ky_hieu }} {{ ''.__class__ }}"), "__class__"),
    ],
)
def test_a_template_that_is_no_good_is_told_why_and_not_taken(
    admin: Any, read: Any, data: bytes, told: str
) -> None:
    answer = send(admin, data)
    assert answer.status_code == 422
    assert told in words(answer)
    assert not read(select(PaperTemplate).where(PaperTemplate.file_name == "mẫu xã.docx"))


def test_no_file_is_told(admin: Any) -> None:
    answer = admin.post(NAMED, data={"file": (io.BytesIO(), ""), "seen": version(admin)})
    assert answer.status_code == 422
    assert "Hãy chọn tệp mẫu." in answer.text


def test_papers_of_a_unit_are_written_on_its_template(
    app: Any, admin: Any, world: Any, session: Any
) -> None:
    data = changed()
    send(admin, data)
    store = store_of(app)
    unit = world.units["D"].id
    with system(session, Purpose.LOAD):
        own = templates.template_of(session, store, unit, PaperKind.DECISION)
        assert own == data
        assert templates.template_of(session, store, unit, PaperKind.LETTER) is None
        assert templates.template_of(session, store, world.units["E"].id, PaperKind.PLAN) is None


def test_a_template_whose_file_is_gone_is_told(
    app: Any, admin: Any, world: Any, session: Any
) -> None:
    """The world's A has a row whose file was never kept."""
    with system(session, Purpose.LOAD), pytest.raises(BlockedError, match=r"mau\.docx"):
        templates.template_of(session, store_of(app), world.units["A"].id, PaperKind.PLAN)


def test_the_administrator_of_another_unit_finds_nothing(signed_in: Any, world: Any) -> None:
    other = signed_in("unit_admin@A")
    where = f"/admin/units/{world.units['D'].id}/templates/named"
    for path in ("", "/current.docx", "/shipped.docx", "/example.docx"):
        assert other.get(where + path).status_code == 404
    assert other.post(f"{where}/back", data={"seen": ""}).status_code == 404


def test_there_is_no_other_layout(admin: Any) -> None:
    assert admin.get("/admin/templates/other").status_code == 404
    assert admin.get(f"{NAMED}/other.docx").status_code == 404


def test_the_name_of_a_file_hides_nothing(admin: Any, read: Any) -> None:
    send(admin, changed(), "mẫu\u202exslx\u0007 <b>.docx")
    (name,) = read(select(PaperTemplate.file_name).where(PaperTemplate.file_name != "mau.docx"))
    assert name == "mẫuxslx <b>.docx"
    assert "mẫuxslx &lt;b&gt;.docx" in admin.get(NAMED).text


def test_nothing_is_locked_while_a_template_is_tried(
    admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_out, busy = templates.try_out, []

    def watched(data: bytes, layout: PaperLayout) -> templates.TriedTemplate:
        busy.append(db.session().in_transaction())
        return try_out(data, layout)

    monkeypatch.setattr(templates, "try_out", watched)
    assert send(admin, changed()).status_code == 302
    assert busy == [False]
