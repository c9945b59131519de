"""The block that is signed with: Nghị định 30/2020/NĐ-CP, Điều 13 and Phụ lục I."""

from datetime import date

import pytest

from lth.access.actor import Actor, Giver, OnBehalf
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow import signing

KT, TM_KT, TL, TUQ, Q, TM = (
    SignForm.KT,
    SignForm.TM_KT,
    SignForm.TL,
    SignForm.TUQ,
    SignForm.Q,
    SignForm.TM,
)
HEADS = {
    Level.COMMUNE: ("Chủ tịch UBND xã", "Phó Chủ tịch UBND xã"),
    Level.DISTRICT: ("Chủ tịch Ủy ban nhân dân huyện", "Phó Chủ tịch Ủy ban nhân dân huyện"),
    Level.PROVINCE: ("Chủ tịch", "Phó Chủ tịch"),
}


def signer(
    form: SignForm,
    head: str = "Chủ tịch",
    own: str = "",
    under: Giver | None = None,
    level: Level = Level.COMMUNE,
) -> Actor:
    lent = OnBehalf(
        delegation_id=4,
        giver=Giver(1, "Người giao", head, form),
        subject=Subject.ALL,
        programme_id=None,
        number="12/QĐ-UBND",
        decided_on=date(2021, 6, 1),
        starts_on=date(2021, 6, 1),
        ends_on=date(2021, 6, 15),
        under=under,
    )
    place = {"unit_id": 3, "unit_path": "3.", "unit_name": "đơn vị", "level": level}
    return Actor(2, "Người ký", 9, Role.LEADER, **place, position=own, on_behalf=lent)


def lines(actor: Actor, form: SignForm) -> list[str]:
    return signing.block(actor, form)["lines"]


@pytest.mark.parametrize("level", Level)
def test_a_deputy_signs_for_the_head(level):
    head, deputy = HEADS[level]
    actor = signer(KT, head, deputy, level=level)
    assert lines(actor, TM_KT) == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert lines(actor, KT) == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


@pytest.mark.parametrize("level", Level)
def test_who_is_given_the_heads_powers_signs_as_the_head(level):
    head, deputy = HEADS[level]
    actor = signer(Q, head, deputy, level=level)
    assert lines(actor, Q) == ["Q. CHỦ TỊCH"]
    assert lines(actor, TM) == ["TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("form", "written"), [(TL, "TL."), (TUQ, "TUQ.")])
def test_by_order_or_by_authorisation_the_signers_own_position_follows(level, form, written):
    actor = signer(form, HEADS[level][0], "Trưởng phòng Tài chính - Kế hoạch", level=level)
    expected = [f"{written} CHỦ TỊCH", "TRƯỞNG PHÒNG TÀI CHÍNH - KẾ HOẠCH"]
    assert lines(actor, form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (KT, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (TL, ["TL. CHỦ TỊCH", "NGƯỜI ĐƯỢC GIAO KÝ THỪA LỆNH"]),
        (TUQ, ["TUQ. CHỦ TỊCH", "NGƯỜI ĐƯỢC ỦY QUYỀN"]),
        (Q, ["Q. CHỦ TỊCH"]),
    ],
)
def test_where_positions_are_unknown_there_are_words_for_them(form, expected):
    assert lines(signer(form, head=""), form) == expected


def test_a_deputy_signs_for_whoever_signs_by_order():
    under = Giver(7, "Người đứng đầu", "Chủ tịch UBND huyện", TL)
    actor = signer(KT, "Chánh Văn phòng", "Phó Chánh Văn phòng", under)
    expected = ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
    assert signing.forms(actor.on_behalf) == (TL,)
    assert lines(actor, TL) == expected


def test_a_deputy_signs_for_whoever_holds_the_heads_powers():
    under = Giver(7, "Người đứng đầu", "Chủ tịch UBND xã", Q)
    actor = signer(KT, "Phó Chủ tịch UBND xã", "Phó Chủ tịch UBND xã", under)
    assert signing.forms(actor.on_behalf) == (TM_KT, KT)
    assert lines(actor, TM_KT) == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    nobody_knows = signer(KT, "Phó Chủ tịch UBND xã", "", under)
    assert lines(nobody_knows, KT) == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


@pytest.mark.parametrize(
    ("form", "fitting"), [(KT, (TM_KT, KT)), (TL, (TL,)), (TUQ, (TUQ,)), (Q, (Q, TM))]
)
def test_which_signatures_fit_a_decision(form, fitting):
    assert signing.forms(signer(form).on_behalf) == fitting


def test_the_block_keeps_who_signed_for_whom_by_which_decision():
    kept = signing.block(signer(KT, own="Phó Chủ tịch UBND xã"), KT)
    assert kept | {"lines": []} == {
        "lines": [],
        "name": "Người ký",
        "position": "Phó Chủ tịch",
        "for_name": "Người giao",
        "for_position": "Chủ tịch",
        "form": "KT",
        "number": "12/QĐ-UBND",
        "decided_on": "2021-06-01",
        "delegation_id": 4,
    }
    told = "Người ký ký thay Người giao theo QĐ số 12/QĐ-UBND ngày 2021-06-01"
    assert str(signing.told(kept)) == told


def test_whoever_signs_in_their_own_right_leaves_no_block():
    place = {"unit_id": 3, "unit_path": "3.", "unit_name": "đơn vị", "level": Level.COMMUNE}
    assert signing.block(Actor(2, "Người ký", 9, Role.LEADER, **place), TM) is None
