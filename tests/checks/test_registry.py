"""Checks are found where they are written: a file among the rules is all that one takes."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from support.plandocs import faultless

from lth.checks import CHECKS, rules, run
from lth.checks.registry import register_rules
from lth.models.finding import Severity, Stage

RULE = '''
"""V{number}: a plan is of nobody."""

from lth.checks.registry import Fault, check
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage


@check("V{number}", "NOBODY", N_("Không của ai"), Severity.WARNING, Stage.DRAFT)
def nobody(content):
    yield Fault.of("Kế hoạch của %(unit)s.", "Bỏ %(unit)s đi.", unit=content.place.name)
'''


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch):
    """Leave the checks, and the modules of the rules, as they were."""
    checks, modules = dict(CHECKS), set(sys.modules)
    yield
    CHECKS.clear()
    CHECKS.update(checks)
    for name in set(sys.modules) - modules:
        del sys.modules[name]
        vars(rules).pop(name.rpartition(".")[2], None)


def write(folder: Path, monkeypatch: pytest.MonkeyPatch, **numbers: str) -> None:
    """Write rules into a folder that stands beside that of the product's own."""
    for name, number in numbers.items():
        (folder / f"{name}.py").write_text(RULE.format(number=number), encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(folder)])
    register_rules(rules)


def test_a_check_takes_one_file(tmp_path, monkeypatch):
    write(tmp_path, monkeypatch, nobody="99")
    (finding,) = run(faultless(), Stage.DRAFT)
    assert (finding.code, finding.name, finding.severity) == ("V99", "NOBODY", Severity.WARNING)
    assert str(finding.said) == f"Kế hoạch của {faultless().place.name}."
    assert str(finding.remedy) == f"Bỏ {faultless().place.name} đi."


def test_they_stand_in_the_order_of_their_codes_whatever_their_files_are_called(
    tmp_path, monkeypatch
):
    write(tmp_path, monkeypatch, first="98", between="00")
    assert list(CHECKS) == sorted(CHECKS)
    assert (next(iter(CHECKS)), list(CHECKS)[-1]) == ("V00", "V98")


def test_two_with_one_code_are_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="V07 is registered twice"):
        write(tmp_path, monkeypatch, again="07")


def test_every_rule_of_the_product_has_checks():
    for path in rules.__path__:
        names = {file.stem for file in Path(path).glob("*.py")} - {"__init__"}
        modules = [import_module(f"{rules.__name__}.{name}") for name in names]
        judges = {check.judge.__module__ for check in CHECKS.values()}
        assert judges == {module.__name__ for module in modules}
