"""Every control of every kind of card works by keyboard alone: Tab and Shift+Tab go there, its own
keys move it, and what it moves is seen to change. The focus can be seen and is never trapped."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import offline, wait_for_cards
from playwright.sync_api import Page

from hepatica.cards import bundle
from hepatica.site.build import PROJECT
from tools.browser import unfold

SPECS = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
FEW = 2  # of controls that look and work alike, so many are worked; all are reached
PATIENCE = 400  # ms until a card has followed a key
LOST = 60  # Tabs without coming to the card
IN_JUPYTERLAB_ONLY = {"welcome"}  # worked in test_keyboard_pages.py, on a page that is given it
# What a hand may point at, and the control of the card that does the same by keyboard.
SAME_BY_KEYBOARD = {
    ".hep-hundred": "input[type=range]",
    ".hep-pointable": "button.hep-part",
    "canvas.hep-map": "input[type=range]",
    ".hep-plot, .hep-plot *": ".hep-values summary",
    "td[data-patient]": "th button",
}

# Kept from before the first script: which elements listen to a pointer, what was asked of the browser.
LISTEN = """globalThis.pointed = new Set();
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  if (this instanceof Element && /^(click|mousedown|pointerdown)$/.test(type)) pointed.add(this);
  return add.call(this, type, ...rest);
};
globalThis.kb = {
  interactive: "button, input, select, textarea, summary, a[href], [tabindex]",
  card: () => document.querySelector(`article[data-card="${kb.id}"]`),
  shown: (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled &&
    !node.closest("[inert], [aria-hidden=true]") && !node.matches("[aria-disabled=true]"),
  kind: (node) => node.type === "radio" || node.type === "checkbox" || node.type === "range" ||
    node.type === "file" ? node.type
    : node.getAttribute("role") === "slider" ? "slider"
    : node.matches("a") ? "link"
    : node.matches("button, summary, [role=button], [type=submit]") ? "button"
    : node.matches("select") ? "select"
    : node.matches("textarea, input") ? "text" : "region",
  name: (node) => node.getAttribute("aria-label") || (node.labels?.[0] ?? node).textContent.trim(),
  // radios of a group are one stop; what looks alike is told apart by its place among its likes
  look: (node) => `${kb.kind(node)} ${node.tagName.toLowerCase()} ${node.dataset.name ?? ""} ${
    node.getAttribute("class") ?? ""}`.trim(),
  key: (node) => node.type === "radio" ? `radio ${node.name}` : `${kb.look(node)}: ${
    /^(text|file|region)$/.test(kb.kind(node)) ? "" : kb.name(node).slice(0, 60)}`,
  all: () => [...kb.card().querySelectorAll(kb.interactive)].filter(kb.shown),
  ring: (node) => {
    for (const one of [node, node.parentElement, node.nextElementSibling, node.closest("label")]) {
      if (!one) continue;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      if ((outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none") return true;
    }
    return false;
  },
  focus: () => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const inside = Boolean(kb.card()?.contains(node));
    return { inside, key: kb.key(node), look: kb.look(node), kind: kb.kind(node), ring: kb.ring(node),
      value: node.value ?? node.getAttribute("aria-valuenow"), stop: (kb.stops ??= new Map(),
      kb.stops.get(node) ?? (kb.stops.set(node, kb.stops.size), kb.stops.size - 1)),
      many: node.type === "radio" ? document.getElementsByName(node.name).length : 1,
      roving: [...node.parentElement.querySelectorAll(
        ":scope > button[tabindex='-1']:enabled")].map(kb.key),
      scrolls: kb.kind(node) === "region" ? [node.scrollWidth - node.clientWidth > 2,
        node.scrollHeight - node.clientHeight > 2] : null };
  },
  inventory: () => kb.all().map((node) => ({ key: kb.key(node), look: kb.look(node),
    kind: kb.kind(node), tab: node.tabIndex })),
  // what has changed on the card so far: all of it, and without what follows by itself a moment later
  watch: () => {
    kb.count = { all: 0, calm: 0 };
    kb.observer?.disconnect();
    kb.observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const node = target instanceof Element ? target : target.parentElement;
        if (!node || kb.own(node)) continue;
        kb.count.all += 1;
        if (!node.closest(".hep-plot, .hep-hidden, .hep-values > div, [hidden]")) kb.count.calm += 1;
      }
    });
    kb.observer.observe(kb.card(), { subtree: true, childList: true, attributes: true, characterData: true });
  },
  // a slider's own number says nothing of whether the card has followed
  own: (node) => {
    const { activeElement } = document;
    return activeElement?.type === "range" && node.closest(".hep-control") &&
      node.closest(".hep-control") === activeElement.closest(".hep-control");
  },
  print: (kind) => {
    const card = kb.card();
    const typed = [...card.querySelectorAll("textarea, input[type=text]")].map((n) => n.value);
    const scrolled = [...card.querySelectorAll("[tabindex]")].map((n) => [n.scrollLeft, n.scrollTop]);
    const many = /range|slider/.test(kind) ? kb.count.all : kb.count.calm;
    return JSON.stringify([many, typed, scrolled, location.hash, history.length]);
  },
  frame: () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
  settled: async (kind) => {
    for (let before = kb.print(kind), n = 0; ; n++) {
      await kb.frame();
      await kb.frame();
      const after = kb.print(kind);
      if (after === before || n > 20) return after;
      before = after;
    }
  },
  changes: async (kind, before, patience) => {
    for (const end = performance.now() + patience; performance.now() < end; ) {
      await kb.frame();
      if (kb.print(kind) !== before) return true;
    }
    return false;
  },
  // pointed at, yet neither a control nor around one
  deaf: (same) => [...pointed].filter((node) => kb.card().contains(node) && node !== kb.card())
    .filter((node) => !node.matches(kb.interactive + ", label, circle, form"))
    .filter((node) => !node.querySelector(kb.interactive) && !node.closest("button, label, summary"))
    .filter((node) => !Object.entries(same).some(([what, control]) =>
      node.matches(what) && kb.card().querySelector(control)))
    .map((node) => node.outerHTML.slice(0, 80)),
};"""


# ---- which cards ----


def specs(html: str) -> Iterator[dict]:
    """The cards of a page, as their JSON."""
    for found in SPECS.findall(html):
        spec = json.loads(found)
        if isinstance(spec, dict) and {"kind", "id"} <= spec.keys():
            yield spec


def features(spec: dict) -> set[tuple[str, ...]]:
    """What a card has to be worked: its kind, its way to predict, its types of control and view."""
    kind = spec["kind"]
    found = {("kind", kind)}
    if spec.get("predict"):
        found |= {("way", spec["predict"]["way"]), ("predicts", kind)}
    found |= {("control", kind, control.get("kind", "")) for control in spec.get("controls") or []}
    found |= {("units", kind) for control in spec.get("controls") or [] if control.get("units")}
    views = [view for view in spec.get("views") or [] if isinstance(view, dict)]
    found |= {("view", kind, view.get("type", "")) for view in views}
    found |= {("item", kind, "options" if "options" in item else "number") for item in items(spec)}
    return found | {
        (part, kind) for part in ("presets", "head", "mission", "why", "funnel") if spec.get(part)
    }


def items(spec: dict) -> list[dict]:
    return spec.get("items") or [] if spec["kind"] == "quiz" else []


def choose(cards: dict[tuple[str, str], set]) -> list[tuple[str, str]]:
    """The fewest cards (page, id) that have all that any card has, as greed finds them; a page that
    is opened already is preferred."""
    missing = set().union(*cards.values())
    chosen: list[tuple[str, str]] = []
    while missing:
        pages = {page for page, _ in chosen}
        best = max(
            cards, key=lambda card: (len(cards[card] & missing) + 0.5 * (card[0] in pages), card)
        )
        chosen.append(best)
        missing -= cards[best]
    return chosen


def course(site: Path) -> dict[tuple[str, str], set]:
    """What each card of the course has."""
    names = [path.stem for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))]
    names += [
        f"exercises/{path.stem[:2]}" for path in sorted((PROJECT / "exercises").glob("*.ipynb"))
    ]
    pages = {name: (site / f"{name}.html").read_text("utf-8") for name in [*names, "review"]}
    return {
        (name, spec["id"]): features(spec) for name, html in pages.items() for spec in specs(html)
    }


def test_no_kind_and_no_type_of_control_is_left_out(site):
    cards = course(site)
    chosen = choose(cards)
    kinds = {feature[1] for card in chosen for feature in cards[card] if feature[0] == "kind"}
    assert kinds == set(bundle.kinds()) - IN_JUPYTERLAB_ONLY
    ways = {feature[1] for card in chosen for feature in cards[card] if feature[0] == "way"}
    assert ways == {"choose", "draw", "share", "order"}
    for card in chosen:  # none is there for nothing
        others = set().union(*(cards[other] for other in chosen if other != card))
        assert not cards[card] <= others or len(chosen) < len(kinds) + 12, card
    riddle = {**cards, ("riddle", "riddle"): {("kind", "riddle")}}
    assert ("riddle", "riddle") in choose(riddle), "the sample: a kind that only one card has"


# ---- walking ----


class Walk:
    """A reader without a mouse at one card."""

    def __init__(self, page: Page, card: str):
        self.page, self.card = page, card
        self.worked: Counter[str] = Counter()  # by look
        self.done: set[str] = set()
        self.reached: set[str] = set()
        self.arrowed: set[str] = set()
        self.dead: dict[str, str] = {}
        page.evaluate("(id) => { kb.id = id; kb.stops = new Map(); kb.watch(); }", card)
        # a link of the page leads here: from now on Tab goes on from the card's beginning
        page.evaluate("(id) => { location.hash = ''; location.hash = id; }", card)
        self.asked = self.turns = 0
        self.at: int | None = None
        page.on("filechooser", lambda _: self._asked())
        page.on("download", lambda _: self._asked())

    def _asked(self) -> None:
        self.asked += 1

    def press(self, kind: str, *keys: str, most: int = PATIENCE) -> bool:
        """Whether one of these keys changes the card within `most` ms."""
        for key in keys:
            before, asked = self.page.evaluate("(kind) => kb.settled(kind)", kind), self.asked
            self.page.keyboard.press(key)
            patience = most if key == keys[-1] else most / 3
            if self.page.evaluate("(all) => kb.changes(...all)", [kind, before, patience]):
                return True
            if self.asked > asked:
                return True
        return False

    def go(self, key: str) -> dict | None:
        """The next stop; fails where the focus cannot be seen or does not move."""
        self.page.keyboard.press(key)
        now = self.page.evaluate("kb.focus()")
        if now and now["inside"]:
            assert now["stop"] != self.at, f"{self.card}: trapped at {now['key']}"
            assert now["ring"], f"{self.card}: the focus cannot be seen at {now['key']}"
        self.at = now and now["stop"]
        return now

    def walk(self, key: str = "Tab") -> None:
        """Through the card, once, working what has not been worked."""
        entered, steps = False, 0
        while True:
            now = self.go(key)
            steps += 1
            assert steps < 600, f"{self.card} has no end"
            if now and now["inside"]:
                entered = True
                self.visit(now)
            elif entered and now:
                return
            elif not entered:
                assert steps < LOST, f"{self.card} is not reached"
            elif steps > 500:
                return

    def visit(self, now: dict) -> None:
        self.reached.add(now["key"])
        # one stop, from which arrows lead on
        for _ in now["roving"] if set(now["roving"]) - self.arrowed else ():
            self.page.keyboard.press("ArrowRight")
            here = self.page.evaluate("kb.focus()")
            assert here["ring"], f"{self.card}: the focus cannot be seen at {here['key']}"
            self.arrowed.add(here["key"])
        stirs = now["kind"] in STIRS or now["look"] in self.dead.values()
        again = bool(self.dead) and self.turns > 1 and stirs  # what was as it is now changes later
        enough = now["key"] in self.done or self.worked[now["look"]] >= FEW
        if enough and not again:
            return
        if WORK[now["kind"]](self, now):
            self.worked[now["look"]] += not enough
            self.done.add(now["key"])
            self.dead.pop(now["key"], None)
        elif not enough:
            self.dead[now["key"]] = now["look"]


STIRS = ("range", "radio", "checkbox", "select")


def radios(walk: Walk, now: dict) -> bool:
    """Each option of the group; what is answered for good may close it."""
    moved = walk.press("radio", "Space")
    for _ in range(min(now["many"], 8) - 1):
        moved = walk.press("radio", "ArrowDown", most=PATIENCE // 4) or moved
        here = walk.page.evaluate("kb.focus()")
        if not here or here["key"] != now["key"]:
            break
    return moved


def scrolls(walk: Walk, now: dict) -> bool:
    sideways, down = now["scrolls"]
    keys = ["ArrowRight", "ArrowLeft"] * sideways + ["ArrowDown", "ArrowUp"] * down
    return walk.press("region", *keys) if keys else True


def keys(kind: str, *keys: str):
    """A way to work one kind of control: the first of these keys that changes the card."""
    return lambda walk, _: walk.press(kind, *keys)


WORK = {
    "radio": radios,
    "checkbox": keys("checkbox", "Space"),
    "range": keys("range", "ArrowRight", "ArrowLeft", "PageUp", "PageDown", "End", "Home"),
    "slider": keys("slider", "ArrowUp", "ArrowDown"),
    "select": keys("select", "ArrowDown", "ArrowUp"),
    "button": keys("button", "Enter", "Space"),
    "file": keys("file", "Enter", "Space"),
    "text": keys("text", "1"),
    "region": scrolls,
    "link": lambda *_: True,  # the browser's own; a link leads away
}


def work(page: Page, card: str) -> Walk:
    """Work a card from its beginning and back, until all has moved; fails with what has not."""
    walk = Walk(page, card)
    deaf = page.evaluate("(same) => kb.deaf(same)", SAME_BY_KEYBOARD)
    assert not deaf, f"{card}: only a pointer works {deaf}"
    if not page.evaluate("kb.inventory()"):  # it follows what is answered elsewhere
        return walk
    for turn, key in enumerate(("Tab", "Shift+Tab", "Tab", "Shift+Tab"), 1):
        walk.turns = turn
        walk.walk(key)
        left = page.evaluate("kb.inventory()")
        known = walk.reached | set(walk.worked)
        missed = [one for one in left if not {one["key"], one["look"]} & known]
        missed += [one for one in left if one["tab"] < 0 and one["key"] not in walk.arrowed]
        dead = {one["key"] for one in left} & walk.dead.keys()
        if not missed and not dead:
            break
    assert not missed, f"{card}: Tab does not come to {[one['key'] for one in missed]}"
    assert not dead, f"{card}: no key moves {sorted(dead)}"
    assert walk.worked, f"{card}: nothing was worked"
    return walk


def open_for_keys(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    unfold(page)
    wait_for_cards(page)


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        page.add_init_script(LISTEN)
        yield page


PAGES = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))


@pytest.mark.full
def test_every_control_of_every_kind_works_by_keyboard(site, page):
    """One page at a time, its chosen cards one after another."""
    chosen = choose(course(site))
    troubles = []
    for name in sorted({name for name, _ in chosen}):
        open_for_keys(page, site / f"{name}.html")
        for card in [card for where, card in chosen if where == name]:
            try:
                work(page, card)
            except AssertionError as trouble:
                troubles.append(str(trouble))
    assert troubles == []


LIGHT = ("02_from_injury_to_scar", "quiz-02-recall")
FAULTS = {
    "only a pointer works": """(card) => {
      const made = card.appendChild(document.createElement("div"));
      made.textContent = "press me";
      made.addEventListener("click", () => made.remove());
    }""",
    "Tab does not come to": """(card) => {
      const made = card.appendChild(document.createElement("button"));
      made.tabIndex = -1;
      made.textContent = "not reached";
      made.addEventListener("click", () => made.remove());
    }""",
    "no key moves": """(card) => {
      card.appendChild(document.createElement("button")).textContent = "dead";
    }""",
    "trapped at": """(card) => {
      const made = card.appendChild(document.createElement("button"));
      made.textContent = "no way out";
      made.addEventListener("click", () => made.append("!"));
      made.addEventListener("keydown", (event) => event.key === "Tab" && event.preventDefault());
    }""",
    "focus cannot be seen": """(card) => {
      const made = card.appendChild(document.createElement("button"));
      made.style.cssText = "all: unset";
      made.textContent = "unseen";
      made.addEventListener("click", () => made.append("!"));
    }""",
}


def test_a_light_card_works_by_keyboard_and_faults_are_noticed(site, page):
    name, card = LIGHT
    open_for_keys(page, site / f"{name}.html")
    assert work(page, card).worked
    for fault, script in FAULTS.items():
        page.reload()
        wait_for_cards(page)
        page.query_selector(f"article[data-card='{card}']").evaluate(script)
        with pytest.raises(AssertionError, match=fault):
            work(page, card)
