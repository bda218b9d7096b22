/*
 * The page around the cards: colours, plain charts, scrollable boxes. No dependency.
 */
(() => {
  "use strict";
  const root = document.documentElement;

  /** Run a function on the storage of this page; a page opened from disk may have none. */
  const remembered = (use) => {
    try {
      return use(window.localStorage);
    } catch {
      return null;
    }
  };

  /** Three states: the system's colours, light, dark. */
  function startTheme(button) {
    if (!button) return;
    const states = ["auto", "light", "dark"];
    let state = root.dataset.theme || "auto";
    const show = () => {
      button.querySelector("span").textContent = state;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      state = states[(states.indexOf(state) + 1) % states.length];
      if (state === "auto") delete root.dataset.theme;
      else root.dataset.theme = state;
      remembered((store) =>
        state === "auto"
          ? store.removeItem("hepatica-theme")
          : store.setItem("hepatica-theme", state),
      );
      show();
      document.dispatchEvent(new CustomEvent("hepatica:theme"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      document.dispatchEvent(new CustomEvent("hepatica:theme")),
    );
    show();
  }

  /** A box that scrolls sideways must be reachable by keyboard, and only while it scrolls. */
  function startScrollers() {
    const boxes = document.querySelectorAll(".scroll");
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const scrolls = target.scrollWidth > target.clientWidth + 1;
        if (scrolls) {
          target.tabIndex = 0;
          target.setAttribute("role", "group");
          target.setAttribute("aria-label", target.dataset.label || "Scrolls sideways");
        } else {
          target.removeAttribute("tabindex");
          target.removeAttribute("role");
          target.removeAttribute("aria-label");
        }
      }
    });
    boxes.forEach((box) => watch.observe(box));
  }

  /** The colour a token has now, as rgb() text. */
  function token(name) {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }

  /** Colours of the page for a chart: no background of its own, the page's ink and lines. */
  function chartColours(layout) {
    const ink = token("--ink"),
      line = token("--line"),
      none = "rgba(0,0,0,0)";
    const changes = { paper_bgcolor: none, plot_bgcolor: none, "font.color": ink };
    const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
    for (const axis of new Set(["xaxis", "yaxis", ...axes])) {
      Object.assign(changes, {
        [`${axis}.gridcolor`]: line,
        [`${axis}.zerolinecolor`]: line,
        [`${axis}.linecolor`]: token("--muted"),
      });
    }
    return changes;
  }

  /** Draw the plain charts, those that are not cards. */
  function startCharts() {
    const charts = [...document.querySelectorAll("figure.plot")];
    if (!charts.length || !window.Plotly) return;
    const config = {
      responsive: true,
      displaylogo: false,
      displayModeBar: false,
      showSendToCloud: false,
    };
    for (const figure of charts) {
      const spec = JSON.parse(figure.querySelector("script").textContent);
      const area = figure.querySelector(".plot-area");
      const layout = { ...spec.layout, autosize: true };
      delete layout.width;
      const paint = () => window.Plotly.relayout(area, chartColours(spec.layout));
      window.Plotly.newPlot(area, spec.data, layout, config).then(paint);
      document.addEventListener("hepatica:theme", paint);
    }
  }

  /** Paper is white: what is drawn with the page's colours is drawn again in the light ones. */
  function startPrint() {
    let kept;
    const recolour = (theme) => {
      if (theme) root.dataset.theme = theme;
      else delete root.dataset.theme;
      document.dispatchEvent(new CustomEvent("hepatica:theme"));
    };
    addEventListener("beforeprint", () => {
      kept = root.dataset.theme;
      recolour("light");
    });
    addEventListener("afterprint", () => recolour(kept));
  }

  /** A click elsewhere, Escape or the focus gone elsewhere closes the list of notebooks. */
  function startMenu(menu) {
    if (!menu) return;
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  startTheme(document.querySelector("button.theme"));
  startMenu(document.querySelector("details.menu"));
  startScrollers();
  startPrint();
  addEventListener(
    "load",
    startCharts,
  ); /* plotly.js comes last, so that the cards need not wait for it */
})();
