"""What each table of ``data/`` must look like: one line per column, in the order of the file."""

from __future__ import annotations

from hepatica.ledger.columns import STATUSES, measured, origin, reading, words
from hepatica.ledger.evidence import TABLES as EVIDENCE
from hepatica.ledger.fields import (
    Field,
    day,
    json_object,
    key,
    link,
    number,
    one_of,
    text,
    whole,
)
from hepatica.ledger.scarring import TABLES as SCARRING
from hepatica.ledger.teaching import TABLES as TEACHING

LABORATORY = words("""
    bilirubin_mg_dl bilirubin_umol_l albumin_g_dl albumin_g_l inr creatinine_mg_dl
    creatinine_umol_l sodium_mmol_l platelets_10e9_l hb_g_dl hb_g_l ast_u_l alt_u_l alp_u_l
    afp_ng_ml lsm_kpa hvpg_mmhg
""")
"""Laboratory values of a virtual patient, the unit at the end of each name."""

CODES = words("""
    ascites_code he_grade compensated cirrhosis active_bleeding days_since_bleed
    active_infection aclf_grade autoimmune dialysis expected_survival_gt_12mo hbv_dna_iu_ml
    hcc hcc_or_cancer_5y hiv hrs listed_for_lt organ_failure pvt_code tips
    viral_marker_positive
""")
"""Yes/no and graded findings that the eligibility rules read; 999 and 9999 stand for "never"."""

EXPECTED = words("""
    expected_egfr_ml_min expected_meld expected_meld_na expected_meld_3
    expected_child_pugh_points
""")
"""Scores worked out when the patients were written; the score functions must find the same."""

TREATMENTS = words("""
    cause recompensation surveillance nutrition portal bleeding infection kidney
    encephalopathy aclf palliative transplant cells
""")
"""What the statements of guidelines.csv are about."""


MAYO_FINDINGS = words("""
    oedema bilirubin_mg_dl cholesterol_mg_dl albumin_g_dl copper_ug_day alp_u_l ast_u_l
    triglycerides_mg_dl platelets_10e9_l prothrombin_s
""")
MAYO_AT_ENTRY = ("copper_ug_day", "triglycerides_mg_dl")
"""What the Mayo Clinic measured at a visit, in the order of its columns,
and what only at the first."""


def _mayo_patient() -> dict[str, Field]:
    """A patient of the Mayo Clinic: how long followed, how it ended, treatment, age at entry,
    sex."""
    return {
        "days": whole(False),
        "outcome": one_of("censored", "transplant", "death"),
        "treatment": one_of("D-penicillamine", "placebo", optional=True),
        "age_years": number(False),
        "sex": one_of("F", "M"),
    }


def _mayo_findings(baseline_only: bool) -> dict[str, Field]:
    """Findings and laboratory of one visit; copper and triglycerides were only taken at entry."""
    signs = dict.fromkeys(words("ascites hepatomegaly spiders"), whole())
    kept = [name for name in MAYO_FINDINGS if baseline_only or name not in MAYO_AT_ENTRY]
    last = {"stage": whole(), "source": link("references"), "status": one_of(*STATUSES)}
    return signs | dict.fromkeys(kept, number()) | last | reading()


TABLES: dict[str, dict[str, Field]] = (
    {
        # `shown`: what a reader sees beside a value; none: nothing; blank: the unit. The value is shown
        # `times` so much; blank: as it is.
        "units": {"unit": key(), "meaning": text(), "shown": text(True), "times": number()},
        # how many rows a table has at least: fewer, and part of it is lost
        "sizes": {"table": key(), "rows": whole(False)},
        "notebooks": {
            "key": key(),
            "slug": text(),
            "question": text(),
            "minutes": whole(False),
            "patients": link("patients", True, True),
        },
        # a card that is an audit of five minutes; the start page of the site lists them
        "cases": {
            "key": key(),
            "title": text(),
            "question": text(),
            "notebook": link("notebooks"),
            "part": one_of("lesson", "exercise"),
            "card": text(),  # tests/test_cases.py holds it to the pages
        },
        "references": {
            "key": key(),
            "short": text(),
            "title": text(),
            "doi": text(True),
            "pmid": text(True),
            "pmc": text(True),
            "url": text(True),
            "note": text(True),
            **reading(),
        },
        "parameters": {
            "key": key(),
            "model": text(),  # tests/test_models.py holds it to the models that there are
            "symbol": text(),
            "label": text(),
            "value": number(False),
            "low": number(False),
            "high": number(False),
            "unit": link("units"),
            "scale": one_of("linear", "log"),
            "source": link("references"),
            "status": one_of(*STATUSES),
            "note": text(True),
            **reading(),
            "same_as": text(True),
        },
        "targets": {
            "key": key(),
            "model": text(),  # tests/test_models.py holds it to the models that there are
            "experiment": text(True),
            "arguments": json_object(True),
            "label": text(),
            **measured(),
            "tolerance": number(),
            "status": one_of(*STATUSES),
            "reproduced": one_of("yes", "partly", "no", optional=True),
            "source": link("references"),
            "note": text(True),
            **reading(),
        },
        "physiology": {
            "key": key(),
            "label": text(),
            "state": one_of("healthy", "cirrhosis", "threshold", "other"),
            **measured(),
            "spread": text(True),
            "as_printed": text(True),
            **origin(),
        },
        "zonation": {
            "key": key(),
            "label": text(),
            "kind": one_of("task", "injury"),
            "zone": one_of("periportal", "perivenous"),
            "source": link("references"),
            "status": one_of(*STATUSES),
            "note": text(True),
            **reading(),
        },
        "natural_history": {
            "key": key(),
            "label": text(),
            "from_state": text(True),
            "to_state": text(True),
            "population": text(),
            **measured(),
            "kind": text(),
            "as_printed": text(True),
            **origin(),
        },
        "scores": {
            "key": key(),
            "score": text(),
            "label": text(),
            "points": whole(),
            **measured(),
            **origin(),
        },
        "score_cases": {
            "key": key(),
            "score": text(),
            "inputs": json_object(),
            "value": number(),
            "category": text(True),
            "tolerance": number(False),
            "source": link("references"),
            "status": one_of(*STATUSES),
            "note": text(True),
            "read_at": text(True),
            **reading(),
        },
        "pbc": {"key": key(), "patient": whole(False), **_mayo_patient(), **_mayo_findings(True)},
        "pbcseq": {
            "key": key(),
            "patient": whole(False),
            "visit_day": whole(False),
            **_mayo_patient(),
            **_mayo_findings(False),
        },
        "mechanisms": {
            "key": key(),
            "mechanism": one_of(
                "1_immunomodulation",
                "2_tissue_repair_support",
                "3_microcirculation_angiogenesis",
                "4_host_hepatocyte_stimulation",
                "5_antifibrotic",
                "risk_or_limit",
            ),
            "claim": link("claims", True),
            "label": text(),
            "direction": text(),
            "evidence_level": one_of(
                "in_vitro", "animal", "human_biomarker", "human_pool_mixed", "human_rct"
            ),
            "finding": text(),
            **measured(),
            "effect_as_printed": text(True),
            "model_parameter_affected": text(True),
            "counter_evidence": text(True),
            **origin(),
        },
        "biodistribution": {
            "key": key(),
            "label": text(),
            "study": text(),
            "species": text(),
            "patients": whole(),
            "tracer": text(),
            "route": text(),
            "time_hours": number(),
            "organ": text(),
            **measured(),
            "basis": text(True),
            "cells": text(True),
            **origin(),
        },
        "trials": {
            "key": key(),
            "first_author": text(True),
            "called": text(True),
            "year": whole(),
            "journal": text(True),
            "country": text(True),
            "population": text(),
            "aetiology": text(True),
            "design": one_of("rct", "single_arm", "nonrandomised"),
            "blinded": one_of("yes", "no", "unclear"),
            "n_treated": whole(),
            "n_control": whole(),
            "intervention_class": one_of("cells", "extracorporeal_cells", "g_csf"),
            "cell_type": text(),
            "cell_source": one_of("autologous", "allogeneic", optional=True),
            "route": text(True),
            "cells_as_printed": text(True),
            "n_infusions": whole(),
            "infusions_as_printed": text(True),
            "control_treatment": text(True),
            "follow_up_months": number(),
            "primary_outcome": text(True),
            "primary_outcome_met": one_of("yes", "no", "unclear", optional=True),
            "headline_result": text(),
            "serious_adverse_events_note": text(True),
            "evidence_note": text(True),
            **origin(),
        },
        "trial_doses": {
            "key": key(),
            "label": text(),
            "trial": link("trials"),
            "cell_group": one_of("stromal", "unsorted", "selected", "macrophage"),
            "route_group": one_of("vein", "artery", "portal", optional=True),
            **measured(),
            "spread": text(True),
            **origin(),
        },
        "trial_outcomes": {
            "key": key(),
            "trial": link("trials"),
            "outcome": text(),
            "months": number(),
            "arm": text(),
            "patients": whole(),
            "patients_basis": text(),
            "value": number(),
            "sd": number(),
            "statistic": text(),
            "events": whole(),
            "events_basis": text(True),
            "value_estimated": number(),
            "sd_estimated": number(),
            "unit": link("units"),
            "as_printed": text(),
            "read_from": text(),
            **origin(),
        },
        # one way to count the deaths of one trial: what hepatica/analysis/specifications.py combines
        "death_counts": {
            "key": key(),
            "trial": link("trials"),
            "reading": text(),
            "events_treated": whole(False),
            "n_treated": whole(False),
            "events_control": whole(False),
            "n_control": whole(False),
            **origin(),
        },
        "meta_analyses": {
            "key": key(),
            "review": text(),
            "outcome": text(),
            "months": number(),
            "months_as_printed": text(True),
            "model": text(True),
            "n_trials": whole(),
            "trials_included": text(True),
            "effect_kind": text(),
            **measured(),
            "i2_percent": number(),
            "intervention": text(),
            "designs_pooled": text(True),
            **origin(),
        },
        "pools": {
            "key": key(),
            "label": text(),
            "outcome": one_of("deaths", "survival", "meld", "albumin", "bilirubin", optional=True),
            "measure": one_of("RR", "OR", "MD", "prediction", "percent", "count"),
            "months_low": number(),
            "months_high": number(),
            "trials": link("trials", True, True),
            "method": one_of("DL", "PM", "REML", "fixed", optional=True),
            **measured(),
            "i2_percent": number(),
            "published": link("meta_analyses", True),
            "verdict": one_of(
                "agrees",
                "same size",
                "same centre, wider",
                "not comparable",
                "exploratory",
                optional=True,
            ),
            "source": link("references"),
            "status": one_of(*STATUSES),
            "note": text(True),
            **reading(),
        },
        "claims": {
            "key": key(),
            "section": text(),
            "claim": text(),
            "type": text(),
            "verdict": one_of(
                "supported", "partly supported", "true but misleading", "uncertain", "not supported"
            ),
            # of the evidence, by GRADE's words; `sure`: of our verdict, `sure_because` where that is not
            # what evidence.sure_by_rule says; `as_of` the day when the verdict was given
            "certainty": one_of("high", "moderate", "low", "very_low"),
            "sure": one_of("high", "moderate", "low"),
            "sure_because": text(True),
            "key_numbers": text(),
            "evidence_summary": text(),
            "what_the_article_leaves_out": text(),
            "taught_in": link("notebooks", many=True),
            "source": link("references"),
            "other_sources": link("references", True, True),
            "as_of": day(False),
            "read_at": text(True),
            **reading(),
        },
        "rule_sets": {
            "key": key(),
            "label": text(),
            "completeness": text(),
            "trial": link("trials", True),
            "source": link("references"),
            **reading(),
        },
        "eligibility": {
            "key": key(),
            "rule_set": link("rule_sets"),
            "rule_type": one_of("include", "exclude"),
            "criterion": text(),
            "variable": text(),
            "operator": one_of("==", "between", ">", ">=", "<", "<="),
            "value": number(),
            "low": number(),
            "high": number(),
            "value_as_printed": text(),
            "unit": link("units"),
            "rationale": text(True),
            **origin(),
        },
        "patients": {
            "key": key(),
            "title": text(),
            "initials": text(),
            "sex": one_of("F", "M"),
            "age_years": whole(False),
            "spectrum": text(),
            "setting": text(),
            "aetiology_code": one_of("AIH", "ALD", "HBV", "HCV", "HH", "MASLD", "PBC"),
            "aetiology": text(),
            "vignette": text(),
            **dict.fromkeys(LABORATORY, number()),
            **dict.fromkeys(CODES, whole(False)),
            "alcohol_abstinence_months": number(False),
            "other_labs": text(True),
            "imaging_elastography": text(True),
            "endoscopy": text(True),
            "complications": text(True),
            "questions": text(),
            **dict.fromkeys(EXPECTED, whole(False)),
            "expected_child_pugh_class": one_of("A", "B", "C"),
            "coded_rules_met": text(),
            "coded_rules_failed": text(),
            "coded_rules_undetermined": text(),
            "predesci_comparator": one_of("meets", "fails", "undetermined"),
            "transplant_referral_due": text(),
            "transplant_reason": text(),
            "answer_stage": text(),
            "answer_stage_and_scores": text(),
            "answer_management": text(),
            "answer_cell_therapy": text(),
            "answer_what_to_tell": text(),
            "misconception_addressed": text(),
            "source": link("references"),
            "other_sources": link("references", True, True),
            "status": one_of(*STATUSES),
            "note": text(True),
            **reading(),
        },
        "guidelines": {
            "key": key(),
            "topic": one_of(*TREATMENTS),
            "label": text(),
            "statement": text(),
            "value": number(),
            "low": number(),
            "high": number(),
            "unit": link("units", True),
            **origin(),
        },
        "glossary": {
            "key": key(),
            "term": text(),
            "abbreviation": text(True),
            "definition": text(),
            "first_needed_in": link("notebooks"),
            "source": link("references"),
            "read_at": text(True),
            **reading(),
        },
        "misconceptions": {
            "key": key(),
            "misconception": text(),
            "instead": text(),
            "notebooks": link("notebooks", many=True),
        },
        # every package that the course uses; tests/test_licences.py holds it to the pins
        "dependencies": {
            "key": key(),
            "part": one_of("page", "read", "site", "test", "outside"),
            "licence": text(),
            "why": text(),
        },
    }
    | SCARRING
    | EVIDENCE
    | TEACHING
)


def key_column(name: str) -> str:
    """Name of the column that identifies a row of table ``name``."""
    return next(column for column, field in TABLES[name].items() if field.kind == "key")
