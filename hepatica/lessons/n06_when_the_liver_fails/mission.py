"""The mission of the portal circuit."""

from __future__ import annotations

from hepatica.cards import Mission


def below_twelve() -> Mission:
    """A safe gradient that does not cost the liver its blood."""
    return Mission(
        "Bring the gradient below 12 mmHg and keep more than 0.5 L/min of portal blood in the liver.",
        reached="(PSG < 12) & (flow_liver > 0.5)",
        done="{PSG:1f} mmHg and {flow_liver:2f} L/min: less scar does what no treatment of the "
        "pressure does alone. That is what treating the cause is for.",
        fails=[
            (
                "(tips > 0.5) & (flow_liver <= 0.5)",
                "The stent brings {PSG:1f} mmHg, and only {flow_liver:2f} L/min still pass the liver.",
            ),
            (
                "flow_liver <= 0.5",
                (
                    "{PSG:1f} mmHg, but the blood that is missing is missing in the liver as well: "
                    "{flow_liver:2f} L/min."
                ),
            ),
        ],
        far="{PSG:1f} mmHg and {flow_liver:2f} L/min: the liver has its blood, and the varices "
        "have their pressure.",
    )
