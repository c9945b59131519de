"""Keep the English catalogue in step with the source, whose Vietnamese text is the msgid.

    scripts/translations.py extract   list every msgid in messages.pot (not kept in git)
    scripts/translations.py update    bring messages.po up to date; new entries come out empty
    scripts/translations.py compile   write messages.mo from messages.po
    scripts/translations.py check     fail unless messages.po is complete and messages.mo matches it

Entries carry the files they come from, without line numbers, and are sorted by msgid, so that a
change of the source changes only the entries it is about.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = "en"
KEYWORDS = ("lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2", "C_:1,1")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


class Files:
    """The three files of the catalogue, below the root of a checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.template = root / "messages.pot"
        folder = root / "lth" / "translations" / LOCALE / "LC_MESSAGES"
        self.po = folder / "messages.po"
        self.mo = folder / "messages.mo"


def extracted(files: Files) -> Catalog:
    """Collect what the source says now."""
    with (files.root / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    catalog = _new_catalog(None)
    found = extract_from_dir(
        str(files.root),
        methods,
        options,
        keywords={**DEFAULT_KEYWORDS, **parse_keywords(KEYWORDS)},
        comment_tags=("NOTE:",),
        strip_comment_tags=True,
    )
    for name, _line, message, comments, context in found:
        path = Path(name).as_posix()
        catalog.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return catalog


def stored(files: Files) -> Catalog:
    """Read the English catalogue, an empty one if there is none yet."""
    if not files.po.exists():
        return _new_catalog(LOCALE)
    with files.po.open("rb") as source:
        return read_po(source, locale=LOCALE)


def _new_catalog(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale,
        project="lth",
        version="-",
        copyright_holder="lth contributors",
        header_comment="# English texts of lth. The msgids are the Vietnamese source.",
        msgid_bugs_address="-",
        last_translator="lth contributors",
        language_team="English",
        fuzzy=False,
    )


def extract(files: Files) -> None:
    _write_po(files.template, extracted(files))
    print(f"{files.template.relative_to(files.root)}: {len(extracted(files))} entries")


def update(files: Files) -> None:
    """Add new entries, drop those whose text is gone, keep the rest as they are."""
    before = {_key(message) for message in entries(stored(files))}
    catalog = stored(files)
    catalog.update(extracted(files), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if before != {_key(message) for message in entries(catalog)}:
        catalog.creation_date = catalog.revision_date = datetime.now(UTC)
    _write_po(files.po, catalog)
    missing = [message for message in entries(catalog) if not is_translated(message)]
    print(f"{len(catalog)} entries, {len(missing)} to translate")


def compile_catalog(files: Files) -> None:
    files.mo.write_bytes(compiled(stored(files)))
    print(f"{files.mo.relative_to(files.root)} written")


def check(files: Files) -> None:
    """Print what is wrong with the catalogue and exit non-zero, or say how many entries it has."""
    found = list(problems(files))
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(f"{len(found)} problems in {files.po.relative_to(files.root)}")
    print(f"translations: {len(stored(files))} entries, complete")


def problems(files: Files) -> Iterator[str]:
    """Yield what stands between the catalogue and a complete English edition."""
    source, catalog = extracted(files), stored(files)
    wanted = {_key(message): message for message in entries(source)}
    have = {_key(message): message for message in entries(catalog)}
    for key in wanted.keys() - have.keys():
        yield f"not in the catalogue (run: make translations): {key[1]!r}"
    for key in have.keys() - wanted.keys():
        yield f"no longer in the source (run: make translations): {key[1]!r}"
    for key in wanted.keys() & have.keys():
        yield from _problems_of(have[key])
    if not files.mo.exists() or files.mo.read_bytes() != compiled(catalog):
        yield f"{files.mo.name} is not what {files.po.name} compiles to (run: make translations)"


def _problems_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    elif not is_translated(message):
        yield f"not translated: {message.id!r}"
    else:
        wanted = {name for text in _texts(message.id) for name in _PLACEHOLDER.findall(text)}
        for text in _texts(message.string):
            if strange := set(_PLACEHOLDER.findall(text)) - wanted:
                yield f"{sorted(strange)} is not in the source: {message.id!r}"
        for error in message.check():
            yield f"{error}: {message.id!r}"


def entries(catalog: Catalog) -> list[Message]:
    """Return the entries without the header."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    return all(text.strip() for text in _texts(message.string)) and bool(_texts(message.string))


def compiled(catalog: Catalog) -> bytes:
    """Return what the .mo file of ``catalog`` holds."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return the forms of a msgid or msgstr; an entry just added has none."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", _texts(message.id)[0]


def _write_po(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalog, width=100, sort_output=True, include_lineno=False)


COMMANDS = {"extract": extract, "update": update, "compile": compile_catalog, "check": check}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[arguments[0]](Files(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
