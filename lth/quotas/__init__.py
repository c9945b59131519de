"""Giao chỉ tiêu: a document in force splits its targets among the units below and settles what they
answer. Every step is one transaction with its line of the ledger and its mail.
"""

from lth.quotas.errands import errands_of
from lth.quotas.handing_down import Done, Handed, hand_down, rule_of, split_by
from lth.quotas.ledger import (
    MOVE_LABEL,
    OPEN,
    STATE_LABEL,
    Errand,
    QuotaRound,
    QuotaStanding,
    QuotaState,
    errands,
    in_state,
    is_past,
    moves,
    rounds,
    standings,
    state_after,
)
from lth.quotas.mail import ANSWERED, HANDED, SETTLED
from lth.quotas.negotiation import Reply, answer, assigned, assigns_to, settle
from lth.quotas.offer import (
    RULE_LABEL,
    Place,
    Receiver,
    Splittable,
    lowest,
    receivers,
    refusal,
    splittable,
    step,
)
from lth.quotas.populations import note_older
from lth.quotas.preconditions import GIVERS, RECEIVERS, gives, newest_move, receives
from lth.quotas.summary import QuotaSums, chosen, sums

__all__ = [
    "ANSWERED",
    "GIVERS",
    "HANDED",
    "MOVE_LABEL",
    "OPEN",
    "RECEIVERS",
    "RULE_LABEL",
    "SETTLED",
    "STATE_LABEL",
    "Done",
    "Errand",
    "Handed",
    "Place",
    "QuotaRound",
    "QuotaStanding",
    "QuotaState",
    "QuotaSums",
    "Receiver",
    "Reply",
    "Splittable",
    "answer",
    "assigned",
    "assigns_to",
    "chosen",
    "errands",
    "errands_of",
    "gives",
    "hand_down",
    "in_state",
    "is_past",
    "lowest",
    "moves",
    "newest_move",
    "note_older",
    "receivers",
    "receives",
    "refusal",
    "rounds",
    "rule_of",
    "settle",
    "split_by",
    "splittable",
    "standings",
    "state_after",
    "step",
    "sums",
]
