"""The demo's accounts: one for each role, listed for the sign-in page, each able to sign in."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.queries import counted

from lth import demo
from lth.administration import passwords
from lth.models import Credential
from lth.models.person import Role


def by_unit(session: Session) -> dict[str, demo.UnitAccounts]:
    return {unit.unit_name: unit for unit in demo.accounts(session)}


def roles_of(unit: demo.UnitAccounts) -> Counter[Role]:
    return Counter(role for account in unit.accounts for role in account.roles)


def test_every_level_has_one_person_for_each_role(told: Session) -> None:
    units = by_unit(told)
    every = {Role.CLERK: 1, Role.LEADER: 1}
    above = every | {Role.SPECIALIST: 1, Role.FINANCE_APPRAISER: 1, Role.FORMAT_APPRAISER: 1}
    watched = {Role.OBSERVER: 1, Role.UNIT_ADMIN: 1}
    assert roles_of(units["xã Tân Sơn"]) == every
    assert roles_of(units["xã Tập Sơn"]) == every | watched
    assert roles_of(units["huyện Cầu Kè"]) == above
    for name in ("huyện Trà Cú", "tỉnh Trà Vinh", "tỉnh Bắc Ninh"):
        assert roles_of(units[name]) == above | watched
    assert roles_of(units[""]) == {Role.SYSTEM_ADMIN: 1}
    assert len(units) == 3 + 42 + 1 + 5 + 2


def test_one_person_drafts_in_two_communes(told: Session) -> None:
    units = by_unit(told)
    both = [
        {account.email for account in units[name].accounts}
        for name in ("xã Ngọc Biên", "xã Long Hiệp")
    ]
    assert both[0] & both[1] == {"hoi-nct.ngoc-bien-long-hiep@lth.example"}


def test_the_list_follows_the_tree_and_names_roles_only(told: Session) -> None:
    units = demo.accounts(told)
    assert [unit.unit_name for unit in units[:3]] == [
        "tỉnh Trà Vinh",
        "huyện Càng Long",
        "thị trấn Càng Long",
    ]
    assert units[-1].unit_name == ""
    assert {unit.unit_name for unit in units if unit.first} == {
        "tỉnh Trà Vinh",
        "huyện Trà Cú",
        "xã Long Hiệp",
        "tỉnh Bắc Ninh",
        "xã Tam Tiến",
    }
    tap_son = by_unit(told)["xã Tập Sơn"].accounts[0]
    assert (tap_son.email, tap_son.name) == (
        "can-bo.tap-son@lth.example",
        "Cán bộ LĐTBXH xã Tập Sơn",
    )


def test_the_list_is_one_query(told: Session) -> None:
    told.execute(select(1))  # the transaction has begun
    with counted(told) as statements:
        demo.accounts(told)
    assert len(statements) == 1


def test_all_share_the_password_that_the_page_shows(told: Session) -> None:
    kept = set(told.scalars(select(Credential.password_hash)))
    assert len(kept) == 1
    assert passwords.verify(kept.pop(), demo.PASSWORD)
    assert len(demo.PASSWORD) >= passwords.MINIMUM_LENGTH


@pytest.mark.parametrize("dataset", ["demo"])
def test_each_role_signs_in_and_reads_that_it_is_a_demo(
    make_app: Callable[..., Flask], session: Session
) -> None:
    first = {
        role: account.email
        for unit in reversed(demo.accounts(session))
        for account in unit.accounts
        for role in account.roles
    }
    session.rollback()
    assert set(first) == set(Role)
    app = make_app(LTH_DEMO="1")
    for role, email in first.items():
        client = app.test_client()
        listed = client.get("/sign-in").get_data(as_text=True)
        assert email in listed
        assert demo.PASSWORD in listed
        client.post("/sign-in", data={"email": email, "password": demo.PASSWORD})
        page = client.get("/", follow_redirects=True)
        assert page.status_code == 200, role
        assert "Bản trình diễn: " in page.get_data(as_text=True), role


@pytest.mark.parametrize("dataset", ["demo"])
def test_in_earnest_no_account_is_listed_and_nothing_is_called_a_demo(app: Flask) -> None:
    page = app.test_client().get("/sign-in").get_data(as_text=True)
    assert "lth.example" not in page
    assert demo.PASSWORD not in page
    assert "Bản trình diễn" not in page
