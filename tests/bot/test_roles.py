"""The table of who may do what, held against the promise it was made from."""

import itertools

import pytest

from bot.roles import TABLE, Permission, Standing, may, outranks, roles_page
from db.members import Role

MEMBER = Standing(Role.MEMBER, Role.MEMBER)
LEADS_HERE = Standing(Role.MEMBER, Role.FACILITATOR)
MODERATOR = Standing(Role.MODERATOR)
ADMIN = Standing(Role.ADMIN)
RANKS = (MEMBER, LEADS_HERE, MODERATOR, ADMIN)
PROMISED = {
    Permission.OWN_ENTRIES: RANKS,
    Permission.READ_ENTRIES: (),
    Permission.LEAD: (LEADS_HERE, MODERATOR, ADMIN),
    Permission.SEE_MEMBERS: (LEADS_HERE, MODERATOR, ADMIN),
    Permission.DECIDE_JOINING: (LEADS_HERE, MODERATOR, ADMIN),
    Permission.HAND_OVER: (LEADS_HERE,),
    Permission.WARN: (LEADS_HERE, MODERATOR, ADMIN),
    Permission.PAUSE: (LEADS_HERE, MODERATOR, ADMIN),
    Permission.APPOINT_FACILITATORS: (MODERATOR, ADMIN),
    Permission.APPOINT_MODERATORS: (ADMIN,),
    Permission.SET_UP_GROUPS: (ADMIN,),
    Permission.SET_UP_COMMUNITY: (ADMIN,),
}


def test_every_permission_says_something_for_every_role() -> None:
    assert set(TABLE) == set(PROMISED) == set(Permission)
    assert all(list(scopes) == list(Role) for scopes in TABLE.values())


@pytest.mark.parametrize("permission", Permission, ids=lambda each: each.value)
def test_somebody_may_what_was_promised_and_nothing_else(permission: Permission) -> None:
    assert tuple(by for by in RANKS if may(permission, by)) == PROMISED[permission]


@pytest.mark.parametrize("permission", Permission, ids=lambda each: each.value)
def test_who_leads_one_group_is_a_member_like_others_elsewhere(permission: Permission) -> None:
    for elsewhere in (Standing(Role.MEMBER), Standing(Role.FACILITATOR), Standing(Role.FACILITATOR, Role.MEMBER)):
        assert may(permission, elsewhere) is may(permission, MEMBER)
        assert elsewhere.rank is Role.MEMBER


def test_a_moderator_who_leads_a_group_may_what_either_may() -> None:
    both = Standing(Role.MODERATOR, Role.FACILITATOR)
    for permission in Permission:
        assert may(permission, both) is (may(permission, MODERATOR) or may(permission, LEADS_HERE))


def test_nobody_acts_on_an_equal_or_a_higher_one() -> None:
    lower = [(by, other) for by, other in itertools.product(RANKS, repeat=2) if outranks(by, other)]
    assert lower == [(by, other) for by in RANKS for other in RANKS[: RANKS.index(by)]]


def test_the_page_has_a_line_for_each_permission() -> None:
    page = roles_page()
    assert f"| {Permission.LEAD.label} | no | the group they lead | yes | yes |" in page
    assert all(f"| {permission.label} |" in page for permission in Permission)
