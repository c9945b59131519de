"""Giao chỉ tiêu: a plan in force splits its targets among the units below and settles what they
answer. Every step is one transaction with its line of the ledger and its mail.
"""

from lth.planning.quotas.asking import GIVERS, RECEIVERS, gives, newest_move, receives
from lth.planning.quotas.board import Sums, chosen, sums
from lth.planning.quotas.handing_down import Done, Handed, hand_down, rule_of, split_by
from lth.planning.quotas.known import note_older
from lth.planning.quotas.ledger import (
    MOVE_LABEL,
    OPEN,
    STATE_LABEL,
    Errand,
    Round,
    Standing,
    State,
    errands,
    in_state,
    is_past,
    moves,
    rounds,
    standings,
    state_after,
)
from lth.planning.quotas.letters import ANSWERED, HANDED, SETTLED
from lth.planning.quotas.offer import (
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
from lth.planning.quotas.talk import Reply, answer, assigned, settle

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
    "Receiver",
    "Reply",
    "Round",
    "Splittable",
    "Standing",
    "State",
    "Sums",
    "answer",
    "assigned",
    "chosen",
    "errands",
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
