"""Who may do what: one table, which the commands, docs/roles.md and the tests read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.options import Choice
from db.members import Role


class Scope(StrEnum):
    """How far a permission reaches."""

    NOTHING = "no"
    OWN = "their own"
    OWN_GROUP = "the group they lead"
    ALL = "yes"


class Permission(Choice):
    """Something that may be done, as docs/roles.md says it."""

    OWN_ENTRIES = "own_entries", "Keep entries, goals and check-ins; export, delete, share and report them"
    READ_ENTRIES = "read_entries", "Read somebody else’s private entry"
    LEAD = "lead", "Set prompts, check-in times, resources and feeds"
    SEE_MEMBERS = "see_members", "See who is in a group, and who asks to come in"
    DECIDE_JOINING = "decide_joining", "Accept or decline who asks to come in"
    HAND_OVER = "hand_over", "Hand the lead of a group to another of its members"
    WARN = "warn", "Hide a shared post, write a note or a private warning"
    PAUSE = "pause", "Pause somebody’s sharing, or remove them from a group (a facilitator for 24 hours at most)"
    APPOINT_FACILITATORS = "appoint_facilitators", "Appoint facilitators, and end their part"
    APPOINT_MODERATORS = "appoint_moderators", "Appoint moderators, and end their part"
    SET_UP_GROUPS = "set_up_groups", "Set up, change and dissolve groups"
    SET_UP_COMMUNITY = "set_up_community", "Set how long things are kept, anonymous posts and keys; remove the bot"


_NO, _OWN, _GROUP, _ALL = Scope.NOTHING, Scope.OWN, Scope.OWN_GROUP, Scope.ALL

TABLE: Final[Mapping[Permission, Mapping[Role, Scope]]] = {
    permission: dict(zip(Role, scopes, strict=True))
    for permission, scopes in {
        Permission.OWN_ENTRIES: (_OWN, _OWN, _OWN, _OWN),
        Permission.READ_ENTRIES: (_NO, _NO, _NO, _NO),
        Permission.LEAD: (_NO, _GROUP, _ALL, _ALL),
        Permission.SEE_MEMBERS: (_NO, _GROUP, _ALL, _ALL),
        Permission.DECIDE_JOINING: (_NO, _GROUP, _ALL, _ALL),
        Permission.HAND_OVER: (_NO, _GROUP, _NO, _NO),
        Permission.WARN: (_NO, _GROUP, _ALL, _ALL),
        Permission.PAUSE: (_NO, _GROUP, _ALL, _ALL),
        Permission.APPOINT_FACILITATORS: (_NO, _NO, _ALL, _ALL),
        Permission.APPOINT_MODERATORS: (_NO, _NO, _NO, _ALL),
        Permission.SET_UP_GROUPS: (_NO, _NO, _NO, _ALL),
        Permission.SET_UP_COMMUNITY: (_NO, _NO, _NO, _ALL),
    }.items()
}
"""Permission -> role -> scope, the roles in their order."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is where something is to be done; read anew for each act, and never kept."""

    community: Role
    """In the community: MEMBER, MODERATOR or ADMIN."""
    group: Role | None = None
    """In the group that it is about: MEMBER or FACILITATOR; None where they are not in it, or there is none."""

    @property
    def leads(self) -> bool:
        """Leads the group that it is about."""
        return self.group is Role.FACILITATOR

    @property
    def rank(self) -> Role:
        """The highest of what they are here."""
        return max(self.everywhere, Role.FACILITATOR if self.leads else Role.MEMBER)

    @property
    def everywhere(self) -> Role:
        """What they are in every group of the community: to lead one is nothing in another."""
        return self.community if self.community > Role.FACILITATOR else Role.MEMBER


def may(permission: Permission, by: Standing) -> bool:
    """Whether somebody may do it, to their own things or to the group that their standing is about.

    Whose an entry is, and which community a group belongs to, is for the one who looks them up.
    """
    scopes = TABLE[permission]
    if by.leads and scopes[Role.FACILITATOR] is Scope.OWN_GROUP:
        return True
    return scopes[by.everywhere] in {Scope.OWN, Scope.ALL}


def outranks(by: Standing, other: Standing) -> bool:
    """Whether somebody may act on another: never on an equal or a higher one, and so never on themselves."""
    return by.rank > other.rank


def roles_page() -> str:
    """The table as the page docs/roles.md."""
    head = f"| may | {' | '.join(_NAMES[role] for role in Role)} |\n| --- |{' --- |' * len(Role)}\n"
    rows = [
        f"| {permission.label} | {' | '.join(scopes[role].value for role in Role)} |\n"
        for permission, scopes in TABLE.items()
    ]
    return "".join([_HEAD, head, *rows, _FOOT])


_NAMES: Final[Mapping[Role, str]] = {
    Role.MEMBER: "member",
    Role.FACILITATOR: "facilitator (of one group)",
    Role.MODERATOR: "moderator (of the community)",
    Role.ADMIN: "admin",
}
_HEAD: Final = """\
# Roles

Who may do what. This page is made from the code's own table by `make docs`; every command that needs a role asks
that table, and a test tries each line of it.

"""
_FOOT: Final = """
- An admin is who has *Manage Server* on Discord, or is an admin or owner of the Slack workspace. It is read anew at
  each act, and never stored.
- A facilitator leads one group, and is a member like any other everywhere else.
- Nobody acts on somebody of an equal or a higher role, on themselves, or on a bot. Whoever asks to join a group is
  let in or not by those who decide there, whatever their role; nobody decides about their own request.
- What a server's own settings allow is not enough: this table has to allow it too.
"""
