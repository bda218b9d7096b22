"""Cards of notebook 12: trials on virtual patients, where the truth is known because we set it."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.analysis import virtual_trial as engine
from hepatica.cards import Choice, Mission, Predict, Preset, Slider, VirtualTrial

CLINIC = 7  # the people that the second card shows first
FIRST = 21  # the trial that the first card shows: neither lucky nor unlucky
PEOPLE = ("meld_mean", "meld_sd", "noise", "drift")
COURSE = (
    "abstinent",
    "recovery",
    "recovery_months",
    "risk_15",
    "risk_slope",
    "transplant",
    "months",
)
FEELING = ("wellbeing_sd", "wellbeing_per_point", "expectation")


@cache
def one_trial() -> VirtualTrial:
    """The same patients and the same useless cells in three designs, once and two hundred times."""
    alone = engine.significant(4000, "before-after")
    return VirtualTrial(
        "designs",
        id="three-designs",
        seed=FIRST,
        title="Same patients, same useless cells, three designs",
        question="Twenty-five get cells, twenty-five do not. What does each design report after "
        "six months?",
        controls=[
            Slider("benefit", "true fall of MELD by the cells", low=0, high=5, step=0.1),
            Slider("entry", "MELD needed to enter", low=0, high=20, step=1),
            Slider(
                "abstinent",
                "share who have just stopped drinking",
                low=0,
                high=1,
                step=0.01,
            ),
            Choice("asked", {"MELD": 0, "how the patients feel": 1}, "compare"),
        ],
        presets=[
            Preset("nobody stops drinking", {"abstinent": 0, "entry": 15}),
            Preset("and everybody may enter", {"abstinent": 0, "entry": 0}),
            Preset("cells that work: three points", {"benefit": 3, "abstinent": 0.54, "entry": 15}),
        ],
        predict=Predict(
            (
                "The cells do **nothing**. A hundred trials *without control group*, twenty-five "
                "people with alcohol-related cirrhosis each. In how many does MELD “improve significantly”?"
            ),
            [
                (
                    "About five.",
                    alone < 10,
                    (
                        "That is what p below 0.05 promises, when the two groups compared differ in "
                        "nothing else. Before and after differ in half a year."
                    ),
                ),
                (
                    "About fifty.",
                    30 < alone < 70,
                    (
                        "Half and half, as if it were luck. It is no luck: most people who enter such a "
                        "trial are on their way to better days."
                    ),
                ),
                (
                    "More than ninety.",
                    alone > 90,
                    (
                        "{targets/vt-before-after-significant:.0f} of a hundred. "
                        "Press **Run 200 trials** and compare the three panels; "
                        "then ask where the improvement comes from with the buttons below."
                    ),
                ),
            ],
            ladder=True,
        ),
        mission=_useless_and_significant(),
        uses=("n", "entry", "benefit", *PEOPLE, *COURSE, *FEELING),
    )


def _useless_and_significant() -> Mission:
    """Make useless cells significantly better against a control group."""
    return Mission(
        "Make this useless therapy significant in at least a third of the *randomised* trials. "
        "It must stay useless.",
        reached="(benefit < 0.05) & (many >= 50) & (3 * wins_1 >= many)",
        done="Of {many:0f} randomised and open trials {wins_1:0f} are “significantly better”, of "
        "blinded ones {wins_2:0f}. Nobody lied: those who knew felt better.",
        fails=[
            ("benefit >= 0.05", "Now the cells work: {benefit:1f} points. That is no art."),
            ("many < 50", "One trial can be luck. Run two hundred and count again."),
        ],
        far="Only {wins_1:0f} of {many:0f} randomised trials. Without a control group it would be "
        "easy: {wins_0:0f}. What else can be asked of people who know?",
    )


@cache
def regression() -> VirtualTrial:
    """Regression to the mean: who enters by a noisy value, and what the next value is."""
    fall = engine.regression_to_the_mean(entry=18)
    return VirtualTrial(
        "regression",
        id="regression-to-the-mean",
        seed=CLINIC,
        title="Chosen at their worst, they look better the next time",
        question="Nobody is treated and nobody changes. What happens between screening and infusion?",
        controls=[
            Slider("entry", "MELD needed to enter", low=0, high=22, step=1, value=18),
            Slider("noise", "noise of one MELD", low=0, high=6, step=0.1),
            Slider("meld_sd", "true spread between people", low=1, high=8, step=0.1),
            Choice(
                "measurements",
                {"one value": 1, "mean of three": 3, "mean of five": 5},
                "entry goes by",
            ),
        ],
        presets=[
            Preset("laboratories only", {"noise": 1.8, "measurements": 1}),
            Preset("no noise", {"noise": 0, "measurements": 1}),
            Preset("enter by the mean of three", {"noise": 2.5, "measurements": 3}),
        ],
        predict=Predict(
            (
                "Only people with a measured MELD of **eighteen or more** enter. "
                "On the day of the infusion, before it, untreated and unchanged, their mean MELD is:"
            ),
            [
                (
                    "the same: nobody has changed.",
                    fall < 0.5,
                    (
                        "“What is unchanged measures the same.” True of people, not of measurements: "
                        "whoever was measured too high got in, whoever too low did not."
                    ),
                ),
                (
                    "lower by one or two points.",
                    1 < fall < 2,
                    (
                        "Some entered because of a bad day or a bad laboratory. "
                        "Their luck does not repeat itself. Take the noise away, "
                        "then raise the threshold."
                    ),
                ),
                (
                    "higher: the sick get sicker.",
                    False,
                    (
                        "“It can only get worse.” In patients it may; here nobody changes, and the "
                        "mean moves all the same, the other way."
                    ),
                ),
            ],
        ),
        uses=("entry", "noise", "meld_mean", "meld_sd", "measurements"),
    )


def real_trials() -> list[dict]:
    """The randomised cell trials of the ledger with readable sizes, for the power card."""
    table = ledger.table("trials").set_index("key")
    names = {
        key: ledger.reference(table.loc[key, "source"]).short for key in engine.trial_sizes()["key"]
    }
    return [
        {
            "name": names[row.key],
            "treated": row.treated,
            "control": row.control,
            "perArm": row.per_arm,
        }
        for row in engine.trial_sizes().itertuples()
    ]


@cache
def power() -> VirtualTrial:
    """How many trials of a size find an effect that is really there."""
    found = engine.power_percent(25, 1, 1.93)
    return VirtualTrial(
        "power",
        id="power-of-a-trial",
        title="A small trial misses what is true",
        question="The cells work a little. How large must a trial be to notice?",
        controls=[
            Slider("n", "patients per arm", low=5, high=400),
            Slider("benefit", "true fall of MELD by the cells", low=0.2, high=5, step=0.1, value=1),
            Slider("sd_change", "spread of the change of MELD", low=1, high=7, step=0.05),
        ],
        presets=[
            Preset("quiet patients (REALISTIC)", {"sd_change": 1.93, "benefit": 1}),
            Preset("our virtual clinic", {"sd_change": 4.25, "benefit": 1}),
            Preset("an effect of three points", {"sd_change": 4.25, "benefit": 3}),
        ],
        predict=Predict(
            (
                "The cells truly lower MELD by **one point**, "
                "in patients as quiet as those of REALISTIC. A hundred trials with twenty-five in "
                "each arm. How many are significant?"
            ),
            [
                (
                    "About ninety-five.",
                    found > 85,
                    (
                        "“What is real is found.” The five per cent guard against false alarms only; "
                        "what is true can be missed much more often."
                    ),
                ),
                (
                    "About forty-five.",
                    35 < found < 55,
                    (
                        "So most of these trials report “no significant effect” of a treatment "
                        "that works. Not significant is not the same as no effect. "
                        "Now take the virtual clinic, where MELD jumps more."
                    ),
                ),
                (
                    "About five.",
                    found < 10,
                    (
                        "That is the rate of false alarms, of cells that do nothing. These work, and "
                        "are found more often than that."
                    ),
                ),
            ],
        ),
        data={"trials": real_trials()},
        uses=("n", "benefit", "sd_change"),
    )


@cache
def league() -> VirtualTrial:
    """A hundred trials with the sizes of real ones, and what is published of them."""
    misses = ledger.number("targets/vt-publication-excludes").value
    return VirtualTrial(
        "league",
        id="league-of-trials",
        data={"sizes": [list(pair) for pair in engine.real_sizes()]},
        title="Printed trials can agree on an effect that is not there",
        question="A hundred honest, blinded trials, and some get printed: what do the printed say?",
        controls=[
            Slider(
                "publish",
                "chance that any other trial is published",
                low=0,
                high=1,
                step=0.01,
            ),
            Choice(
                "strict",
                {"any improvement": 0, "only a significant one": 1},
                "sure to be published",
            ),
            Slider("benefit", "true fall of MELD by the cells", low=0, high=5, step=0.1),
        ],
        presets=[
            Preset("everything is published", {"publish": 1, "strict": 0, "benefit": 0}),
            Preset("a harsher drawer", {"publish": 0.2, "strict": 0, "benefit": 0}),
            Preset("only significant trials", {"publish": 0, "strict": 1, "benefit": 0}),
            Preset("cells that work: one point", {"benefit": 1, "publish": 0.56, "strict": 1}),
        ],
        predict=Predict(
            "The cells do **nothing**. Every improvement is printed, of the rest only "
            "{parameters/virtual_trial.publish}: the ratio measured in registered trials. In ten "
            "such worlds you pool all that is printed. How often does the interval miss zero?",
            [
                (
                    "In none of ten.",
                    misses < 10,
                    (
                        "“Many trials cancel their errors.” Chance errors cancel; a filter does not: "
                        "the pool settles beside the truth, and ever more certainly."
                    ),
                ),
                (
                    "In five of ten.",
                    30 < misses < 70,
                    (
                        "Every trial was honest, and a mild filter suffices for "
                        "{targets/vt-publication-excludes:.0f} of a hundred worlds. A harsher one, one "
                        "in five, does it in all."
                    ),
                ),
                (
                    "In all of ten.",
                    misses > 90,
                    (
                        "“Print is worth nothing.” The measured filter is milder: it moves the pool by "
                        "a quarter of a point, which sixty or seventy small trials miss half of the time."
                    ),
                ),
            ],
            ladder=True,
        ),
        uses=("publish", "strict", "benefit", *PEOPLE, *COURSE),
    )
