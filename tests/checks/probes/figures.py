"""Probes of the rules about figures: targets, baseline, budget, and what the text says of them."""

from checks.probes import COMMUNE, Probe, edit, header, probe

PROBES: tuple[Probe, ...] = (
    probe("the total is not its lines'", COMMUNE, header(budget_total=250_000_000), "V01"),
    probe(
        "a yearly rate over fewer years",
        COMMUNE,
        edit("budget", "Tập huấn ban chủ nhiệm", years=4),
        "V02",
    ),
)
