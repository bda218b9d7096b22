"""Tables of how scar is made, what was tried against it, who gets it, how it is staged and treated."""

from __future__ import annotations

from hepatica.ledger.columns import measured, origin, words
from hepatica.ledger.fields import Field, key, link, number, one_of, some_of, text, whole

LEVELS = words("textbook cell animal human_tissue human_trial")
"""What an arrow of scarring rests on, from the weakest to the strongest."""

CAUSES = words("""
    hcv hbv hdv masld alcohol metald aih pbc psc haemochromatosis wilson a1at buddchiari cardiac
    schistosomiasis cf drug biliaryatresia
""")
"""The causes of the atlas, in its order."""

ASPECTS = words("start pattern pace test stop regression")
"""What the atlas says of each cause."""

VERDICTS = ("met", "missed", "not tested", "stopped", "no control", "not read")
"""What a trial's endpoint came to; `not tested`: a secondary endpoint, not tested on its own."""

PARTS = {
    "key": key(),
    "kind": one_of("part", "arrow"),
    "from_part": link("fibrogenesis", True),
    "to_part": link("fibrogenesis", True),
    "effect": one_of("+", "-", "?", "holds", "off", "switch", optional=True),
    "label": text(),
    "what": text(True),
    "level": some_of(*LEVELS),
    "species": text(True),
    **measured(),
    "as_printed": text(True),
    "human_evidence": text(True),
    **origin(),
}

TRIALS = {
    "key": key(),
    "trial": text(),
    "label": text(),
    "drug": text(),
    "target": text(),
    "arrow": link("fibrogenesis"),
    "drug_class": text(),
    "phase": text(),
    "design": text(),
    "double_blind": one_of("yes", "no"),
    "control": one_of("placebo", "untreated", "active", "not randomised", "none"),
    "registry": text(True),
    "disease": text(),
    "stage": text(),
    "cirrhosis": one_of("yes", "no", "mixed"),
    "patients": whole(),
    "weeks": whole(),
    "endpoint": text(),
    "endpoint_kind": one_of("fibrosis_stage", "collagen", "pattern", "hvpg", "nit", "composite"),
    "endpoint_rank": one_of("primary", "secondary", "exploratory"),
    "arm": text(),
    "drug_value": number(),
    "placebo_value": number(),
    "unit": link("units"),
    "drug_events": whole(),
    "drug_counted": whole(),
    "placebo_events": whole(),
    "placebo_counted": whole(),
    "counted": one_of("second biopsy", "those who finished", "per protocol", optional=True),
    "as_printed": text(True),
    "p_value": text(True),
    "verdict": one_of(*VERDICTS),
    "verdict_note": text(True),
    "year": whole(False),
    **origin(),
}

ATLAS = {
    "key": key(),
    "cause": one_of(*CAUSES),
    "label": text(),
    "aspect": one_of(*ASPECTS),
    "statement": text(),
    **measured(),
    "spread": one_of("95 % interval", "from group to group", "range", optional=True),
    "population": text(True),
    "year": whole(),
    "evidence": text(),
    "same_as": text(True),
    "other_sources": link("references", True, True),
    **origin(),
}

ACCELERATORS = {
    "key": key(),
    "cause": one_of(*CAUSES, "all"),
    "factor": text(),
    "comparison": text(),
    "outcome": text(),
    "measure": text(),
    **measured(),
    "reference_value": number(),
    "population": text(),
    "year": whole(False),
    "evidence": text(),
    "direction": one_of("faster", "slower", "selection", "brake on the way back", "prognosis"),
    "same_as": text(True),
    **origin(),
}

STAGING = {
    "key": key(),
    "step": whole(False),
    "topic": text(),
    "label": text(),
    "statement": text(),
    **measured(),
    "population": text(True),
    "guideline": text(),
    "year": whole(False),
    "grade": text(True),
    "before": text(True),
    "same_as": text(True),
    "other_sources": link("references", True, True),
    **origin(),
}

EXPLANATIONS = words("zones collapse vessels ducts pressing")
"""What may draw the walls of a cirrhosis, in the order of notebook 04."""

SEEN = words("model animal people followed")
"""Where an explanation was seen: the rungs of the ladder of notebook 04, from the lowest."""

WALLS = {
    "key": key(),
    "topic": one_of("wall", "test", "P-I-R", "Laennec", "repair"),
    "explanation": one_of(*EXPLANATIONS, optional=True),
    "level": one_of(*SEEN, optional=True),
    "sign": one_of("for", "open", "against", "aside", optional=True),
    "label": text(),
    "statement": text(),
    "limit": text(True),
    **measured(),
    "as_printed": text(True),
    "population": text(True),
    "year": whole(),
    "same_as": text(True),
    **origin(),
}

TREATMENTS = words("resmetirom incretin FGF21 surgery weight other")
"""What steatohepatitis is treated with, in the order of notebook 08."""

MASH = {
    "key": key(),
    "treatment": one_of(*TREATMENTS),
    "topic": one_of("licence", "guideline", "trial"),
    "label": text(),
    "statement": text(),
    "value": number(),
    "comparison_value": number(),
    "low": number(),
    "high": number(),
    "unit": link("units"),
    "treated_counted": whole(),
    "compared_counted": whole(),
    "stage": text(),
    "cirrhosis": one_of("yes", "no"),
    "compared_with": one_of("placebo", "not randomised", "nobody"),
    "verdict": one_of(*VERDICTS, optional=True),
    "year": whole(False),
    "same_as": text(True),
    **origin(),
}

TABLES: dict[str, dict[str, Field]] = {
    "fibrogenesis": PARTS,
    "antifibrotic_trials": TRIALS,
    "causes": ATLAS,
    "accelerators": ACCELERATORS,
    "staging": STAGING,
    "why_walls": WALLS,
    "mash_treatment": MASH,
}
