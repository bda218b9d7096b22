"""Four emergencies whose first steps are put in order."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Case, Rule, Step, Steps

from .mash import read


def rules(*keys: str) -> list[Rule]:
    """Rows of data/guidelines.csv, or of another table named before the slash, as rules."""
    found = []
    for key in keys:
        table, _, name = f"guidelines/{key}".rpartition("/")
        rows = ledger.table(table.rpartition("/")[2]).set_index("key")
        row = rows.loc[name]
        dated = f" ({row['guideline']})" if "guideline" in row else ""
        found.append(Rule(f"{row['statement']}{dated}", row["source"], row["status"], read(row)))
    return found


@cache
def first_hour() -> Steps:
    """Bleeding, infected ascites, failing kidneys, confusion: order saves lives."""
    return Steps(
        [bleeding(), infection(), kidneys(), confusion()],
        id="first-hour",
        title="The first hour: four emergencies",
        question="Press what you would do, in your order. More than one order is right; some offers "
        "are no help at all.",
    )


def bleeding() -> Case:
    """P.G. and his varices."""
    return Case(
        "bleeding",
        "Blood in the bowl",
        "P.G. (V08), 60, untreated hepatitis C, vomits fresh blood. Pulse 118, blood pressure 92/58 "
        "mmHg, a little slow, oriented. Haemoglobin {patients/V08.hb_g_l} g/L, INR "
        "{patients/V08.inr}, platelets {patients/V08.platelets_10e9_l}.",
        [
            Step(
                "airway",
                "Airway, oxygen, two large cannulas.",
                "He must live long enough to be treated, and vomiting with encephalopathy threatens "
                "the airway.",
                done="Airway, cannulas, blood for cross-matching.",
            ),
            Step(
                "drug",
                "Terlipressin, octreotide or somatostatin.",
                "In cirrhosis it is most likely a varix, and the drug works before anyone has "
                "looked.",
                done="Vasoactive drug running.",
                early={
                    "airway": "The cause before the man. A drug needs a vein, and he needs air."
                },
            ),
            Step(
                "antibiotic",
                "An antibiotic: ceftriaxone, {guidelines/bleeding-antibiotic} g a day.",
                "Infection comes with the bleeding; the antibiotic belongs to its treatment.",
                done="Antibiotic given.",
                early={"airway": "Right, and not as the first thing: it has no vein to go into."},
            ),
            Step(
                "blood",
                "Blood, once haemoglobin is {guidelines/bleeding-haemoglobin.low} g/L or less.",
                "The first value lags behind the loss: measure again soon. With a low threshold "
                "{guidelines/bleeding-survival-restrictive} % were alive after six weeks, with a "
                "higher one {guidelines/bleeding-survival-liberal} % (Villanueva 2013; fewer than a "
                "third had cirrhosis). Massive bleeding follows other rules.",
                done="Blood ready, given with restraint.",
                early={
                    "airway": "Blood is taken for the first aid. Without a sample and a vein "
                    "there is none to give."
                },
            ),
            Step(
                "endoscopy",
                "Endoscopy within {guidelines/bleeding-endoscopy} hours, and banding.",
                "The circulation is stable now. A varix spurts, and is banded.",
                done="Banded.",
                early={
                    "airway": "First the source, one thinks. Sedated in shock, with a stomach full "
                    "of blood, he may choke on it.",
                    "drug": "No treatment without a diagnosis, one learns. Here the drug goes "
                    "before the look.",
                    "antibiotic": "The antibiotic is taken for an afterthought. It is best given "
                    "before the endoscopy.",
                    "blood": "Looking is taken for treating. Without blood at hand nobody goes "
                    "into this stomach.",
                },
            ),
            Step(
                "tips",
                "The talk about a pre-emptive stent (TIPS), within {guidelines/bleeding-tips} hours.",
                "Child-Pugh B with {patients/V08.expected_child_pugh_points} points and active "
                "bleeding at endoscopy: such bleeding often starts again. The thrombosis in his "
                "portal vein is assessed first.",
                done="The TIPS team knows him.",
                early={
                    "endoscopy": "The strongest first, one thinks. In class B the stent is for "
                    "eight or nine points with active bleeding *at endoscopy*."
                },
            ),
            Step(
                "plasma",
                "Fresh plasma, until the INR is normal.",
                "A high INR is taken for a tendency to bleed. In cirrhosis the factors that stop "
                "clotting are missing too. He bleeds from pressure, and plasma adds volume, and with "
                "it pressure.",
            ),
            Step(
                "carvedilol",
                "Carvedilol, against the portal pressure.",
                "The right drug at the wrong hour: it prevents the next bleed. In shock it lowers "
                "his blood pressure further.",
            ),
        ],
        "He lives through the first hour. Of a hundred such people {guidelines/bleeding-death.low} "
        "to {guidelines/bleeding-death.high} still die within six weeks. So the weeks matter: "
        "β-blocker and banding, antivirals, the transplant team.",
        rules(
            "bleeding-vasoactive",
            "bleeding-antibiotic",
            "bleeding-haemoglobin",
            "bleeding-endoscopy",
            "bleeding-tips",
            "bleeding-inr",
        ),
    )


def infection() -> Case:
    """S.V. on the day of his admission."""
    return Case(
        "infection",
        "Fever and ascites",
        "S.V. (V11), 55, alcohol-related cirrhosis, tense ascites, comes with fever and pain. INR "
        "{patients/V11.inr}, platelets {patients/V11.platelets_10e9_l}.",
        [
            Step(
                "tap",
                "A diagnostic tap, now, with a count of neutrophils.",
                "Fever with ascites is reason enough: 820 per µL; the limit is "
                "{guidelines/sbp-neutrophils}. The INR does not forbid it: it predicts bleeding "
                "poorly.",
                done="Tapped: spontaneous bacterial peritonitis.",
            ),
            Step(
                "antibiotic",
                "An antibiotic: a third-generation cephalosporin.",
                "The count is the diagnosis. Broader, where resistance or the course demands it.",
                done="Antibiotic given.",
                early={
                    "tap": "A guess is taken for speed. The tap takes minutes; only where nobody can "
                    "do it at once, the antibiotic goes first."
                },
            ),
            Step(
                "albumin",
                "Albumin, {guidelines/sbp-albumin-1} g per kilogram.",
                "With the antibiotic alone {guidelines/sbp-kidney-antibiotic} % had kidney failure "
                "and {guidelines/sbp-death-antibiotic} % died in hospital; with albumin as well "
                "{guidelines/sbp-kidney-albumin} and {guidelines/sbp-death-albumin} % (Sort 1999). "
                "On day 3 again, {guidelines/sbp-albumin-3} g per kilogram.",
                done="Albumin given.",
                early={
                    "tap": "Albumin is taken for food. In hospital it helps with a peritonitis or "
                    "a large tap: has he one?"
                },
            ),
            Step(
                "prevent",
                "After this one: an antibiotic against the next.",
                "It came back in {guidelines/sbp-recurrence-norfloxacin} % on norfloxacin and in "
                "{guidelines/sbp-recurrence-placebo} % on placebo (Ginès 1990). The price is "
                "resistance, so the drug is chosen anew today.",
                done="The next one prevented.",
                early={
                    "antibiotic": "The next infection before this one. It has to be treated first.",
                    "albumin": "Half a treatment is taken for a whole one: the albumin is missing.",
                },
            ),
            Step(
                "germ",
                "Wait for the name of the germ.",
                "First the germ, one learns. Cultures are often negative, and hours count.",
            ),
            Step(
                "plasma",
                "Plasma before any needle.",
                "The INR is taken for the risk of the needle. It sees one half of clotting only.",
            ),
            Step(
                "scan",
                "A contrast scan of the belly.",
                "More picture is taken for more knowledge. Contrast may hurt kidneys that are about "
                "to fail, and it counts no neutrophils.",
            ),
        ],
        "The infection is treated, and the kidneys are given what we have to protect them.",
        rules(
            "sbp-tap",
            "sbp-neutrophils",
            "sbp-antibiotic",
            "sbp-albumin-1",
            "sbp-albumin-3",
            "sbp-recurrence-norfloxacin",
        ),
    )


def kidneys() -> Case:
    """S.V. on the third day."""
    return Case(
        "kidneys",
        "The kidneys fail",
        "Day 3. S.V.'s creatinine has risen from 80 to {patients/V11.creatinine_umol_l} µmol/L. He is "
        "not in shock; he makes little urine.",
        [
            Step(
                "stop",
                "Stop diuretics and NSAIDs; think about the β-blocker.",
                "What takes volume or pressure from the kidney goes first.",
                done="What harms is stopped.",
            ),
            Step(
                "look",
                "Urine, ultrasound of the kidneys, another tap.",
                "Bland urine, normal kidneys, the infection answering: no other explanation.",
                done="Other causes looked for.",
            ),
            Step(
                "volume",
                "Volume where it is missing; then judge again.",
                "By the rule of 2015 two days of albumin; by that of 2024 enough volume, where any "
                "is needed. He has had his, and creatinine still rises: hepatorenal syndrome.",
                done="Volume judged: it is not that.",
                early={
                    "look": "A rising creatinine is taken for thirst. First look whether volume "
                    "is missing: too much drowns the lungs."
                },
            ),
            Step(
                "vasoconstrictor",
                "A vasoconstrictor, with albumin.",
                "The kidneys are healthy and starved: wide vessels in the gut take the blood, and the "
                "drug narrows them. On terlipressin the lungs failed in "
                "{guidelines/hrs-terlipressin-lungs-grade-3} % of those in grade three, in "
                "{guidelines/hrs-terlipressin-lungs-grades-1-2} % in grades one and two (CONFIRM "
                "2022). He is on the way to three: benefit is weighed, oxygen and fluid are watched.",
                done="Vasoconstrictor with albumin.",
                early={
                    "stop": "One adds before taking away. What harms is still running.",
                    "look": "The name is taken for the diagnosis. Hepatorenal is what remains when "
                    "nothing else explains it.",
                    "volume": "Starved and dry look alike. First volume, where it is missing.",
                },
            ),
            Step(
                "centre",
                "The transplant centre, on the same day.",
                "Kidney, liver and soon the brain: grade three. A transplant can cure; without one "
                "deaths are very frequent, though recovery is possible. Whether he is too sick is "
                "for the centre to say; palliative care may begin beside it.",
                done="The centre called, the family heard.",
            ),
            Step(
                "furosemide",
                "More furosemide, so that he makes urine.",
                "Little urine looks like water held back. It takes volume from kidneys that already "
                "get too little blood.",
            ),
            Step(
                "cells",
                "Cells into the liver artery, abroad: “he has nothing to lose”.",
                "The sicker, the more there is to lose. In a trial by that road one of four people "
                "had kidney failure after the contrast and died; it was stopped (Mohamadnejad 2007).",
            ),
        ],
        "A vasoconstrictor may turn the kidney injury back; what cures the disease behind it is a "
        "transplant.",
        rules(
            "staging/hrs-aki-2015",
            "staging/hrs-aki-2024",
            "hrs-treat",
            "hrs-terlipressin",
            "nsaid-ascites",
            "nsbb-caution",
            "aclf-grade3",
        ),
    )


def confusion() -> Case:
    """S.V. that evening."""
    return Case(
        "confusion",
        "Somnolent, confused",
        "The same evening S.V. is somnolent and confused, grade three, for the first time.",
        [
            Step(
                "airway",
                "Airway first: somebody watches him.",
                "Who cannot guard his airway chokes on what is given to help.",
                done="Airway guarded.",
            ),
            Step(
                "trigger",
                "Look for the trigger.",
                "Infection, bleeding, constipation, a sedative, salts. Here it is the peritonitis, "
                "and it is being treated.",
                done="Trigger found.",
            ),
            Step(
                "lactulose",
                "Lactulose, to {guidelines/he-lactulose.low} or {guidelines/he-lactulose.high} soft "
                "stools a day.",
                "By tube or from below, as long as he cannot swallow.",
                done="Lactulose begun.",
                early={"airway": "The drug before the man. By mouth it ends in his lungs."},
            ),
            Step(
                "food",
                "Food with all its protein.",
                "{guidelines/nutrition-protein.low} to {guidelines/nutrition-protein.high} g a "
                "kilogram, as for everybody with cirrhosis: muscle clears ammonia when the liver "
                "does not.",
                done="Fed, protein included.",
                early={
                    "airway": "Food is taken for harmless. Right, and not into an unguarded airway."
                },
            ),
            Step(
                "ammonia",
                "An ammonia level, to prove it.",
                "Ammonia is taken for the diagnosis. It is made at the bed: a normal value casts "
                "doubt, a high one proves nothing.",
            ),
            Step(
                "sedative",
                "A sedative, so that he sleeps.",
                "Confusion is taken for unrest. Sedatives deepen encephalopathy.",
            ),
            Step(
                "rifaximin",
                "Rifaximin from the first day on.",
                "The newer is taken for the first. It is added if another episode follows within "
                "{guidelines/he-rifaximin} months; then {guidelines/he-recurrence-rifaximin} instead "
                "of {guidelines/he-recurrence-placebo} % had one more (Bass 2010).",
            ),
        ],
        "Infection, kidney, brain: each has a treatment, and none of them waits.",
        rules(
            "he-clinical",
            "he-lactulose",
            "he-lactulose-tube",
            "he-rifaximin",
            "he-recurrence-rifaximin",
            "nutrition-protein",
            "he-refer",
        ),
    )
