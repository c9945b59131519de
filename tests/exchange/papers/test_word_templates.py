"""Templates that offices offer: changed ones are taken, hostile and careless ones are told why."""

import base64
import io
import runpy
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from exchange.papers.layout_table import SAMPLES
from PIL import Image

from lth.core import apart
from lth.core.errors import BlockedError, RefusedError
from lth.exchange.papers import templates, word
from lth.exchange.papers.packing import packed_paper, unpacked_paper
from lth.exchange.papers.word import child
from lth.exchange.papers.word.looking import LARGEST, looked_at
from lth.exchange.papers.word.slots import SLOTS
from lth.models import PaperLayout

ROOT = Path(word.__file__).parents[4]
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(change: Callable[[WordDocument], object], layout: str = "named") -> bytes:
    """Return a shipped template as somebody has changed it in Word."""
    document = Document(io.BytesIO(word.shipped(layout)))
    change(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def with_parts(parts: dict[str, bytes | None], layout: str = "named") -> bytes:
    """Return a shipped template with some of its parts put in, replaced or (None) taken out."""
    with zipfile.ZipFile(io.BytesIO(word.shipped(layout))) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (found | parts).items():
            if data is not None:
                packed.writestr(name, data)
    return made.getvalue()


def part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(word.shipped("named"))) as packed:
        return packed.read(name).decode()


def with_relation(kind: str, target: str, *, external: bool = False) -> bytes:
    relations = part("word/_rels/document.xml.rels")
    mode = ' TargetMode="External"' if external else ""
    one = f'<Relationship Id="rId99" Type="{R}/{kind}" Target="{target}"{mode}/></Relationships>'
    changed_relations = relations.replace("</Relationships>", one).encode()
    return with_parts(
        {"word/_rels/document.xml.rels": changed_relations, f"word/{target}": b"\x00" * 9}
        if not external
        else {"word/_rels/document.xml.rels": changed_relations}
    )


def with_line(text: str) -> bytes:
    return changed(lambda document: document.add_paragraph(text))


def refusal(template: bytes, layout: str = "named") -> str:
    with pytest.raises(BlockedError) as caught:
        child.tried(template, layout)
    return str(caught.value)


def without(name: str) -> Callable[[WordDocument], None]:
    def take_out(document: WordDocument) -> None:
        for text in document.element.body.iter(qn("w:t")):
            text.text = (text.text or "").replace(f"{{{{ {name} }}}}", "")

    return take_out


# --- The shipped ones ---------------------------------------------------------------------


def test_the_shipped_templates_are_those_of_the_script() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "build_word_templates.py"))
    for name, build in made["TEMPLATES"].items():
        assert made["written"](build()) == word.shipped(name), "run scripts/build_word_templates.py"
    assert set(made["TEMPLATES"]) == {layout.value for layout in PaperLayout}


@pytest.mark.parametrize("layout", PaperLayout)
def test_the_shipped_templates_are_taken_and_tell_nothing_of_a_machine(layout: PaperLayout) -> None:
    example = Document(io.BytesIO(templates.try_out(word.shipped(layout), layout).example))
    assert example.core_properties.author == "ỦY BAN NHÂN DÂN XÃ MẪU"
    document = Document(io.BytesIO(word.shipped(layout)))
    about = document.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")


def test_the_docs_tell_every_placeholder() -> None:
    docs = (ROOT / "docs" / "paper-templates.md").read_text()
    for slot in SLOTS.values():
        (line,) = (one for one in docs.splitlines() if one.startswith(f"| `{slot.name}` |"))
        _, _, says, how, _ = line.split("|")
        assert says.strip() == slot.says
        assert ("needed" in how, "alone" in how) == (slot.needed, slot.whole), slot.name


# --- What an office changes ---------------------------------------------------------------


def test_an_office_changes_letters_words_and_margins() -> None:
    def change(document: WordDocument) -> None:
        document.styles["VB Nội dung"].font.size = Pt(13)
        document.sections[0].top_margin = Pt(70)
        number = document.tables[0].cell(1, 0).paragraphs[0]
        number.runs[0].text = "Số hiệu: {{so_ky_hieu}} (HĐND)"
        cell = document.tables[0].cell(0, 0)
        cell.paragraphs[1].runs[0].text = "ỦY BAN NHÂN DÂN XÃ CỦA CHÚNG TÔI"

    template = changed(change)
    child.tried(template, "named")
    document = Document(io.BytesIO(word.write(SAMPLES["plan"], template)))
    head = document.tables[0]
    assert head.cell(1, 0).paragraphs[0].text == "Số hiệu: 05/KH-UBND (HĐND)"
    assert "CỦA CHÚNG TÔI" in head.cell(0, 0).text
    assert {section.top_margin.pt for section in document.sections} == {70}
    assert document.styles["VB Nội dung"].font.size == Pt(13)


def test_a_placeholder_that_word_has_cut_into_runs_is_still_one() -> None:
    def cut(document: WordDocument) -> None:
        line = document.tables[0].cell(1, 0).paragraphs[0]
        line.clear()
        for text in ("Số: {", "{ so_", "ky_hi", "eu }", "}"):
            line.add_run(text).bold = len(text) > 4

    document = Document(io.BytesIO(word.write(SAMPLES["plan"], changed(cut))))
    assert document.tables[0].cell(1, 0).paragraphs[0].text == "Số: 05/KH-UBND"


def test_an_office_brings_its_emblem() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")

    def change(document: WordDocument) -> None:
        picture.seek(0)
        document.tables[0].cell(0, 0).paragraphs[0].insert_paragraph_before().add_run().add_picture(
            picture
        )

    assert (
        len(Document(io.BytesIO(word.write(SAMPLES["plan"], changed(change)))).inline_shapes) == 1
    )


def test_styles_that_a_template_has_not_are_put_in() -> None:
    """An office may start from a paper of its own, and only write the placeholders into it."""
    document = Document()
    for name in SLOTS:
        document.add_paragraph(f"{{{{ {name} }}}}")
    made = io.BytesIO()
    document.save(made)
    child.tried(made.getvalue(), "named")
    written = Document(io.BytesIO(word.write(SAMPLES["plan"], made.getvalue())))
    assert written.styles["VB Nội dung"].font.name == "Times New Roman"
    body = next(one for one in written.paragraphs if one.text.startswith("Huy động"))
    assert body.style.name == "VB Nội dung"


def test_a_page_without_a_size_is_told_before_it_is_taken() -> None:
    """It would do for a short paper; one with annexes could not be turned."""

    def change(document: WordDocument) -> None:
        section = document.element.body.sectPr
        section.remove(section.find(qn("w:pgSz")))

    with pytest.raises(BlockedError):
        templates.try_out(changed(change), PaperLayout.NAMED)


def test_a_body_within_a_cell_is_as_wide_as_the_cell() -> None:
    def change(document: WordDocument) -> None:
        without("noi_dung")(document)
        cell = document.add_table(1, 1).cell(0, 0)
        cell.width = Mm(120)
        cell.paragraphs[0].text = "{{ noi_dung }}"

    template = changed(change)
    child.tried(template, "named")
    document = Document(io.BytesIO(word.write(SAMPLES["plan"], template)))
    (inner,) = document.tables[2].cell(0, 0).tables
    assert sum(cell.width.mm for cell in inner.rows[0].cells) == pytest.approx(120, abs=0.5)


def test_what_word_adds_by_itself_is_left_out() -> None:
    about = b'<Properties xmlns="urn:x"><Company>Noi sua</Company></Properties>'
    relations = part("_rels/.rels").replace(
        "</Relationships>",
        f'<Relationship Id="rId77" Type="{R}/custom-properties" Target="docProps/custom.xml"/>'
        f'<Relationship Id="rId78" Type="{R}/extended-properties" Target="docProps/app.xml"/>'
        "</Relationships>",
    )
    added = {"docProps/custom.xml": about, "docProps/app.xml": about}
    template = with_parts({"_rels/.rels": relations.encode(), **added})
    paper = word.write(SAMPLES["plan"], template)
    with zipfile.ZipFile(io.BytesIO(paper)) as packed:
        assert not set(added) & set(packed.namelist())


# --- What is no template ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", ".docx"),
        (b"Xin chao", ".docx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "(.doc)"),
        (b"PK\x03\x04" + b"\0" * 90, ".docx"),
        (b"PK" + b"\0" * LARGEST, "2 MB"),
    ],
)
def test_a_file_of_another_kind_is_told_what_to_do(data: bytes, told: str) -> None:
    assert told in refusal(data)


def test_a_cut_file_is_refused() -> None:
    assert ".docx" in refusal(word.shipped("named")[:5000])


def test_a_workbook_is_no_template() -> None:
    kinds = part("[Content_Types].xml").replace("wordprocessingml.document.main", "sheet.main")
    assert ".docx" in refusal(with_parts({"[Content_Types].xml": kinds.encode()}))


def test_a_bomb_is_not_unpacked() -> None:
    big = with_parts({"word/media/image1.png": b"\0" * 30_000_000})
    assert len(big) < LARGEST
    assert "bung ra" in refusal(big)


def test_a_bomb_that_lies_about_its_size_is_no_zip() -> None:
    data = with_parts({"word/media/big.xml": b"<a>" + b" " * 3_000_000 + b"</a>"})
    at = data.rindex(b"word/media/big.xml") - 46
    lying = data[: at + 24] + struct.pack("<I", 10) + data[at + 28 :]
    assert ".docx" in refusal(lying)


def test_entities_are_not_followed() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    text = part("word/document.xml")
    head, _, rest = text.partition("?>")
    assert ".docx" in refusal(with_parts({"word/document.xml": f"{head}?>{bomb}{rest}".encode()}))


@pytest.mark.parametrize(
    ("kind", "target", "external"),
    [
        ("attachedTemplate", "file:///C:/Mau/Normal.dotm", True),
        ("image", "http://203.0.113.9/dem.png", True),
        ("hyperlink", "file://server/tep", True),
        ("hyperlink", "javascript:alert(1)", True),
        ("oleObject", "embeddings/oleObject1.bin", False),
        ("package", "embeddings/so.xlsx", False),
        ("vbaProject", "vbaProject.bin", False),
        ("aFChunk", "chunk.html", False),
        ("image", "media/hinh.svg", False),
        ("comments", "comments.xml2", False),
    ],
)
def test_what_runs_or_comes_from_elsewhere_is_refused(
    kind: str, target: str, external: bool
) -> None:
    assert refusal(with_relation(kind, target, external=external))


def test_a_link_to_a_page_is_none_of_these() -> None:
    assert child.tried(with_relation("hyperlink", "https://xa.example/", external=True), "named")


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p {n}><w:fldSimple w:instr=' INCLUDETEXT \"/etc/passwd\" '/></w:p>",
        "<w:p {n}><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> DDE</w:instrText>"
        "</w:r><w:r><w:instrText>AUTO c:\\\\cmd.exe</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
        "<w:p {n}><w:r><w:object/></w:r></w:p>",
        "<w:p {n}><w:ins w:id='1' w:author='a'><w:r><w:t>x</w:t></w:r></w:ins></w:p>",
    ],
)
def test_fields_objects_and_tracked_changes_are_refused(xml: str) -> None:
    element = parse_xml(xml.replace("{n}", nsdecls("w")))
    assert refusal(changed(lambda document: document.element.body.insert(0, element)))


# --- What stands between braces -----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ so_ky_hieu.__class__ }}",
        "{{ so_ky_hieu|upper }}",
        "{{ 7*7 }}",
        "{{ 'a' * 10**9 }}",
        "{{ range(10**9)|list }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% set x = 1 %}",
        "{%p if du_thao %}",
        "{# ghi chú #}",
        "{{p noi_dung }}",
        "{{r so_ky_hieu }}",
        "{{ so_ky_hieu",
        "so_ky_hieu }}",
        "{{ }}",
        "{{ Số ký hiệu }}",
    ],
)
def test_nothing_but_names_stands_between_braces(text: str) -> None:
    assert refusal(with_line(text))


def test_what_is_hidden_from_the_lines_is_still_not_run() -> None:
    """In the name of a picture, or in a field's words, Jinja would see what no line shows."""

    def change(document: WordDocument) -> None:
        mark = OxmlElement("w:bookmarkStart")
        mark.set(qn("w:id"), "7")
        mark.set(qn("w:name"), "{{ 7*7 }}")
        document.paragraphs[0]._p.append(mark)

    assert refusal(changed(change))


def test_a_wrong_name_is_told_with_the_likeliest_right_one() -> None:
    assert "so_ky_hieu" in refusal(with_line("{{ so_kyhieu }}"))
    assert "khong_he_co" in refusal(with_line("{{ khong_he_co }}"))


def test_a_body_within_a_line_is_told() -> None:
    assert "noi_dung" in refusal(
        changed(lambda document: document.add_paragraph("Nội dung: {{ noi_dung }} hết"))
    )


@pytest.mark.parametrize(
    "name", ["so_ky_hieu", "noi_dung", "chuc_vu_ky", "nguoi_ky", "du_thao", "can_cu", "noi_nhan"]
)
def test_a_template_that_would_lose_a_part_is_refused(name: str) -> None:
    assert name in refusal(changed(without(name)))


def test_a_placeholder_that_is_hidden_is_lost() -> None:
    def hide(document: WordDocument) -> None:
        document.tables[0].cell(1, 0).paragraphs[0].runs[0].font.hidden = True

    assert "so_ky_hieu" in refusal(changed(hide))


def test_a_body_twice_is_refused() -> None:
    assert "noi_dung" in refusal(with_line("{{ noi_dung }}"))


def test_a_letter_needs_no_name_of_its_kind() -> None:
    assert child.tried(word.shipped("letter"), "letter")
    assert "ten_loai" in refusal(word.shipped("letter"), "named")


# --- Apart --------------------------------------------------------------------------------


def test_a_paper_on_an_offices_template_is_the_same_as_ours_on_its_own() -> None:
    for name in ("plan", "letter"):
        paper = SAMPLES[name]
        assert word.write(paper, word.shipped(word.layout(paper.kind))) == word.write(paper)


def test_a_refusal_comes_back_from_the_child_process() -> None:
    with pytest.raises(RefusedError, match="7\\*7") as caught:
        templates.try_out(with_line("{{ 7*7 }}"), PaperLayout.NAMED)
    assert [one.field for one in caught.value.messages] == ["file"]
    with pytest.raises(BlockedError):
        word.write(SAMPLES["plan"], with_line("{% for x in y %}"))


def test_a_template_that_takes_too_long_is_stopped() -> None:
    lines = "<w:p><w:r><w:t>{{ co_quan }}</w:t></w:r></w:p>" * 300_000
    text = part("word/document.xml").replace("<w:sectPr", f"{lines}<w:sectPr", 1)
    template = with_parts({"word/document.xml": text.encode()})
    assert len(template) < LARGEST
    with pytest.raises(BlockedError) as caught:
        apart.call("lth.exchange.papers.word.child:tried", template, "named", seconds=1)
    assert caught.value.messages[0] in (apart.TOO_SLOW, apart.TOO_MUCH)


def test_braces_without_end_are_told_at_once() -> None:
    assert "{{" in refusal(with_line("{{" * 300_000))


def test_a_paper_survives_the_way_to_the_child() -> None:
    for paper in SAMPLES.values():
        assert unpacked_paper(packed_paper(paper)) == paper


def test_a_template_is_looked_at_the_same_each_time() -> None:
    template = word.shipped("named")
    assert looked_at(template) == looked_at(looked_at(template))
    assert base64.b64decode(child.tried(template, "named"))
