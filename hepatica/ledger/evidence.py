"""Tables of the evidence desk: how far each result can be trusted, what the outcomes come to, and
which trials stand in the registers."""

from __future__ import annotations

from hepatica.ledger.columns import STATUSES, origin, reading, words
from hepatica.ledger.fields import Field, key, link, number, one_of, text, whole

DOMAINS = words("randomisation deviations missing measurement selection")
"""The five domains of RoB 2, in its order (Sterne 2019)."""

JUDGEMENTS = ("low", "some concerns", "high", "not readable")

CERTAINTIES = ("high", "moderate", "low", "very low", "no evidence", "not graded")
"""GRADE's four words, the best first; `not graded`: the review says it in other words."""

HOLDS = ("supported", "partly supported")
"""The verdicts that say that a claim holds, in part at least."""


def sure_by_rule(verdict: str, certainty: str) -> str:
    """How sure we are of a verdict if nothing else is said: high, moderate or low.

    That a thing holds is as sure as its evidence. That it is not shown, or misleads, is surer the
    less there is: new evidence could hardly have been overlooked. Where a claim departs from this,
    its `sure_because` says why.
    """
    if verdict in HOLDS:
        return {"very_low": "low"}.get(certainty, certainty)
    return {"very_low": "high", "low": "moderate"}.get(certainty, certainty)


STAGES = (
    "not yet recruiting",
    "recruiting",
    "with results",
    "without results",
    "withdrawn",
    "unknown",
)
"""Where a registered trial stands: `without results` is completed or terminated, and nothing
published; `unknown` says that the register does not tell, and is never counted as missing."""

OUTCOMES = words("death transplant_free meld encephalopathy serious fever other")

BIAS = {
    "key": key(),
    "trial": link("trials"),
    "covers": one_of(
        *words("deaths meld albumin meld-share composite collagen study"),
    ),
    "outcome": text(),
    "domain": one_of(*DOMAINS, "overall", "quality"),
    "judgement": one_of(
        *JUDGEMENTS,
        *("high quality", "moderate quality", "low quality", "very low quality"),
    ),
    "reason": text(),
    "judged_by": text(),
    **origin(),
}

FINDINGS = {
    "key": key(),
    "population": one_of(*words("aclf decompensated compensated alcoholic_hepatitis any")),
    "given": one_of("cells", "g_csf"),
    "outcome": one_of(*OUTCOMES),
    "label": text(),
    "intervention": text(),
    "at": text(True),
    "measure": one_of("RR", "OR", "MD", "words", "none"),
    "value": number(),
    "low": number(),
    "high": number(),
    "unit": link("units", True),
    "baseline_low": whole(),
    "baseline_low_from": text(True),
    "baseline_typical": whole(),
    "baseline_typical_from": text(True),
    "trials": text(True),
    "people": text(True),
    "certainty": one_of(*CERTAINTIES),
    "reasons": text(True),
    "judged_by": text(),
    "source": link("references"),
    "other_sources": link("references", True, True),
    "status": one_of(*STATUSES),
    "note": text(True),
    **reading(),
}

REGISTER = {
    "key": key(),
    "registry_id": text(),
    "short": text(),
    "sponsor": text(),
    "condition": text(),
    "design": text(),
    "randomised": one_of("yes", "no", "not read"),
    "masking": text(),
    "given": one_of("cells", "g_csf", "none"),
    "cell": text(),
    "route": text(True),
    "planned": whole(),
    "stage": one_of(*STAGES),
    "status_as_seen": text(),
    "results_posted": text(),
    "start": text(True),
    "completion": text(True),
    "seen_in": text(True),
    "trial": link("trials", True),
    "note": text(True),
    "read_at": text(),
    **reading(),
}

TABLES: dict[str, dict[str, Field]] = {
    "risk_of_bias": BIAS,
    "summary_of_findings": FINDINGS,
    "registrations": REGISTER,
}
