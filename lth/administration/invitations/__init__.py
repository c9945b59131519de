"""Inviting an address to a role: nothing is attached to anybody before the person accepts it.

Whether the address has an account is not asked when it is invited, so that all that an
administrator is told, shown and charged in time is the same for every address. It is known once
the invitation is accepted, by whoever has the mail and is, or becomes, the account's person.
"""

from lth.administration.invitations.answering import (
    OfferedRole,
    accept,
    decline,
    has_account,
    is_for,
    join,
    offer_to,
    offered,
    offers_to,
    still_open,
)
from lth.administration.invitations.inviting import (
    LIFETIME,
    QUIET,
    Asked,
    Invitee,
    for_change,
    invite,
    invite_all,
    remind,
    remind_all,
    renew,
    withdraw,
)
from lth.administration.invitations.lists import ListedInvitation, tally, waiting
from lth.administration.invitations.messages import INVITED, PATH, mail_key
from lth.administration.invitations.states import (
    OPEN,
    UNANSWERED,
    InvitationState,
    in_state,
    state,
)

__all__ = [
    "INVITED",
    "LIFETIME",
    "OPEN",
    "PATH",
    "QUIET",
    "UNANSWERED",
    "Asked",
    "InvitationState",
    "Invitee",
    "ListedInvitation",
    "OfferedRole",
    "accept",
    "decline",
    "for_change",
    "has_account",
    "in_state",
    "invite",
    "invite_all",
    "is_for",
    "join",
    "mail_key",
    "offer_to",
    "offered",
    "offers_to",
    "remind",
    "remind_all",
    "renew",
    "state",
    "still_open",
    "tally",
    "waiting",
    "withdraw",
]
