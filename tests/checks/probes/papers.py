"""Probes of the rules about papers, offices, dates and outline."""

from checks.probes import Probe

PROBES: tuple[Probe, ...] = ()
