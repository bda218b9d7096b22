"""The stellate cell and its neighbourhood: what wakes it, what it lays, what keeps the scar."""

from __future__ import annotations

from functools import cache

from hepatica.cards import Diagram, Drawing, Layer, Predict
from hepatica.cards.views.pictures import texts
from hepatica.ledger import table

CELLS = ("hsc-quiescent", "hsc-primed", "hsc-activated")
EXITS = ("hsc-dead", "hsc-senescent", "hsc-inactivated")
SCAR = ("collagen1", "crosslink")
FAINT, AWAY = {"opacity": "0.14", "--words": "hidden"}, {"visibility": "hidden"}


def drawn() -> list[str]:
    """Everything that the drawing names, in its order; each is a row of data/fibrogenesis.csv."""
    return [part["id"] for part in texts("stellate")["parts"]]


def arrows() -> list[str]:
    """The arrows among them."""
    kind = table("fibrogenesis").set_index("key")["kind"]
    return [name for name in drawn() if kind[name] == "arrow"]


def _only(*shown: str, **more: dict[str, str]) -> dict[str, dict[str, str]]:
    """Styles that leave `shown` as it is, hide all other arrows and make other parts faint;
    `more` sets further properties, with _ for - in a part's name."""
    kept, hidden = set(shown), set(arrows())
    styles = {part: AWAY if part in hidden else FAINT for part in drawn() if part not in kept}
    return styles | {part.replace("_", "-"): style for part, style in more.items()}


def _card(id: str, title: str, question: str, parts: tuple[str, ...], *layers: Layer, predict):
    """A card with the drawing: before the answer its first layer, then the second."""
    drawing = Drawing("stellate", parts=parts)
    return Diagram(drawing, id=id, title=title, question=question, layers=layers, predict=predict)


SIGNALS = ("death-activates", "lps-primes", "capillarisation-permits", "mac-feeds-hsc")
AROUND = ("hepatocyte", "gut", "lsec", "monocyte")


@cache
def waking() -> Diagram:
    """Four signals that reach the resting cell, one at a time or together."""
    still = {"hsc-primed": FAINT, "hsc-activated": FAINT}
    one = lambda arrow, source: _only("hsc-quiescent", "hsc-primed", arrow, source)
    return _card(
        "hsc-wake",
        "Many signals, one cell",
        "A virus, fat and iron injure hepatocytes. Who tells the stellate cell?",
        (*AROUND, *CELLS, *SIGNALS, "lsec-keeps-rest"),
        Layer(
            "rest",
            "at rest",
            "A lining with pores keeps the cell at rest.",
            _only("hsc-quiescent", "lsec", "lsec-keeps-rest", *AROUND) | still,
        ),
        Layer(
            "death",
            "a dying neighbour",
            "The cell eats what the hepatocyte leaves, and wakes. ALT counts these deaths, not "
            "the scar.",
            one("death-activates", "hepatocyte"),
        ),
        Layer(
            "gut",
            "endotoxin",
            "In mice it takes a decoy receptor (BAMBI) away: the *same* TGF-β now does more.",
            one("lps-primes", "gut"),
        ),
        Layer(
            "lining",
            "the lining closes",
            "In rats the pores close before there is a scar, and activation becomes possible.",
            _only("hsc-primed", "hsc-activated", "capillarisation-permits", "lsec"),
        ),
        Layer(
            "blood",
            "macrophages",
            "They feed the cell that is awake. TNF and IL-1 keep it alive in mice and do not "
            "wake a resting one.",
            _only("hsc-primed", "hsc-activated", "mac-feeds-hsc", "monocyte"),
        ),
        Layer(
            "all",
            "all together",
            "None does it alone: each lowers the threshold for the others.",
            _only(*CELLS, *AROUND, *SIGNALS),
        ),
        predict=Predict(
            "Hepatocytes die of very different causes, and the scar is made by the same cell. "
            "How does the **resting stellate cell** learn of their death?",
            (
                (
                    "It eats what the dying cells leave.",
                    True,
                    (
                        "Stellate cells take up the remains of dead hepatocytes, and wake. "
                        "Now look at the other signals: none of them works alone."
                    ),
                ),
                (
                    "It was itself a dying hepatocyte.",
                    False,
                    (
                        "“The damaged cell turns into scar.” Tracing in mice says otherwise: "
                        "{fibrogenesis/hsc-makes-scar.low} to {fibrogenesis/hsc-makes-scar.high} % of "
                        "the scar makers come from stellate cells."
                    ),
                ),
                (
                    "Only macrophages can tell it so.",
                    False,
                    (
                        "“No scar without inflammation.” Macrophages feed a cell that is awake; "
                        "what dying neighbours leave reaches it without them."
                    ),
                ),
            ),
        ),
    )


@cache
def freeing() -> Diagram:
    """TGF-β lies bound in the matrix; αv integrins pull it free."""
    path = ("integrin-frees-tgfb", "tgfb-activates", "hsc-makes-scar")
    seen = (*CELLS, "tgfb-latent", "tgfb", "collagen1", *path)
    thin = {"opacity": "0.35"}
    return _card(
        "tgfb-free",
        "The master signal is there all the time",
        "TGF-β lies bound in the matrix. What happens when its key is missing?",
        ("tgfb-latent", "tgfb", "collagen1", *path),
        Layer(
            "bound",
            "bound",
            "TGF-β lies in the matrix, tied up and silent.",
            _only(*CELLS, "tgfb-latent"),
        ),
        Layer(
            "one",
            "one partner lost",
            "Mice without β3, β5, β6 or β8: TGF-β is freed all the same, and they scar.",
            _only(*seen),
        ),
        Layer(
            "alpha",
            "no αv chain",
            "Mice whose stellate cells lack αv scar less. A blocker helped them even when it "
            "came late.",
            _only(*seen, **dict.fromkeys(("tgfb", "collagen1", "hsc_makes_scar"), thin))
            | {"integrin-frees-tgfb": AWAY, "tgfb-activates": AWAY},
        ),
        Layer(
            "people",
            "in people",
            "Bexotegrast blocks αvβ6 and αvβ1. In primary sclerosing cholangitis two blood markers "
            "(ELF, PRO-C3) were lower after twelve weeks, by the company's report; no biopsy.",
            _only(*seen),
        ),
        predict=Predict(
            "Integrins with an αv chain pull TGF-β free. Each αv has a partner: β3, β5, β6, β8 … "
            "Mice are bred without **one** of these partners. Their scar is …",
            (
                (
                    "as large as in other mice.",
                    True,
                    (
                        "The others stand in. That is why one blocker of one partner may fail. "
                        "Take away the αv chain itself: press *no αv chain*."
                    ),
                ),
                (
                    "smaller, whichever is lost.",
                    False,
                    (
                        "“One lock, one key.” There are several keys for this lock: the loss of a "
                        "single one did not protect."
                    ),
                ),
                (
                    "gone, since TGF-β is needed.",
                    False,
                    (
                        "“The master signal has one switch.” TGF-β may be needed; a single partner "
                        "of αv is not."
                    ),
                ),
            ),
        ),
    )


@cache
def staying() -> Diagram:
    """TIMP-1 holds the scissors; cross-links make old scar hard to cut."""
    shield = ("timp1", "mmp-human", "timp-blocks", "mmp-cuts", *SCAR)
    made = ("hsc-activated", "hsc-makes-timp", "hsc-makes-scar", "crosslink-loxl2")
    cut = {"opacity": "0.3"}
    return _card(
        "shield",
        "The scissors lie in the scar",
        "Enzymes that cut collagen are there. Why does the scar stay?",
        ("timp1", "mmp-human", *SCAR, *made[1:], "timp-blocks", "mmp-cuts", "crosslink-resists"),
        Layer(
            "laid",
            "laid down",
            "The active cell lays collagen. The scissors lie beside it.",
            _only("hsc-activated", "hsc-makes-scar", "collagen1", "mmp-human"),
        ),
        Layer(
            "held",
            "held",
            "The cell that lays collagen also makes TIMP-1, which holds the scissors.",
            _only(*made, *shield, mmp_cuts=FAINT),
        ),
        Layer(
            "young",
            "cause gone, scar young",
            "In rats the active cells go and TIMP-1 with them; collagenase was there all the time.",
            _only(*shield, collagen1=cut, timp1=FAINT, timp_blocks=AWAY, crosslink=FAINT),
        ),
        Layer(
            "old",
            "cause gone, scar old",
            "Fibres tied for long resist: in rats cross-linked septa were left a year later.",
            _only(*shield, "crosslink-resists", timp1=FAINT, timp_blocks=AWAY, mmp_cuts=FAINT),
        ),
        predict=Predict(
            "Collagen-cutting enzymes (MMP) are made even at the height of the scar. "
            "Why does nothing happen?",
            (
                (
                    "Another protein holds them.",
                    True,
                    (
                        "TIMP-1, and the active cell makes it itself. In livers of people with scarred "
                        "bile ducts there was {fibrogenesis/timp1.low} to {fibrogenesis/timp1.high} % of the normal "
                        "amount."
                    ),
                ),
                (
                    "They cannot cut any scar.",
                    False,
                    (
                        "“Scar is dead cement.” When TIMP-1 falls in recovering rats, the same "
                        "enzymes clear the scar."
                    ),
                ),
                (
                    "They lie in other organs.",
                    False,
                    (
                        "“The liver has no cleaners of its own.” Their messenger RNA is found in "
                        "the scarred liver itself."
                    ),
                ),
            ),
        ),
    )


@cache
def leaving() -> Diagram:
    """Three ways out for active cells once the cause has gone."""
    ways = ("hsc-apoptosis", "hsc-senesces", "hsc-reverts")
    start = ("hsc-activated",)
    one = lambda arrow, cell: _only(*start, arrow, cell)
    return _card(
        "exits",
        "Three ways out",
        "The cause has gone. Where do the active cells go?",
        (*start, *EXITS, *ways),
        Layer("active", "active", "The cause has just gone.", _only(*start)),
        Layer(
            "all",
            "all three",
            "All three ways have been seen in animals. None has been followed over time in people.",
            _only(*start, *EXITS, *ways),
        ),
        Layer(
            "die",
            "they die",
            "In rats active cells fell {fibrogenesis/hsc-apoptosis}-fold in 28 days.",
            one("hsc-apoptosis", "hsc-dead"),
        ),
        Layer(
            "age",
            "they age",
            "They stop dividing, make less matrix, and NK cells can kill them.",
            one("hsc-senesces", "hsc-senescent"),
        ),
        Layer(
            "rest",
            "back to rest",
            "About half, in mice; they resemble resting cells but react faster the next time.",
            one("hsc-reverts", "hsc-inactivated"),
        ),
        predict=Predict(
            "In mice and rats the injury is stopped. What becomes of the active stellate cells?",
            (
                (
                    "Some die, some age, some rest.",
                    True,
                    (
                        "All three ways are there at once. One of them matters for K.: those back at "
                        "rest react faster the next time."
                    ),
                ),
                (
                    "They stay active for good.",
                    False,
                    (
                        "“A scar maker is made for life.” In rats their number fell "
                        "{fibrogenesis/hsc-apoptosis}-fold within 28 days."
                    ),
                ),
                (
                    "All go back to what they were.",
                    False,
                    (
                        "“Healing turns the film back.” Only about half escape death in mice, and "
                        "these keep a memory."
                    ),
                ),
            ),
        ),
    )
