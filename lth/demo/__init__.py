"""Demo: real units and programmes, assumed figures and dates, and a story that is under way."""

from lth.demo.loading import load_if_empty
from lth.demo.scene import PASSWORD
from lth.demo.sign_in_list import DemoAccount, UnitAccounts, accounts

__all__ = ["PASSWORD", "DemoAccount", "UnitAccounts", "accounts", "load_if_empty"]
