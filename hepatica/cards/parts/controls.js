// Native HTML controls, so that keyboard and screen reader work: sliders, choices, switches,
// presets, play head.

import { element, freshId, putText } from "./dom.js";

const MARKS = { published: "●", computed: "◐", teaching: "○", "model input": "◇" };
const MEANINGS = {
  published: "published value",
  computed: "computed from published values",
  teaching: "teaching simplification of this course",
  "model input": "assumption of a published model, not a measurement",
};

/** The mark that tells where a number comes from, with its meaning in words. */
export function statusMark(status) {
  return element(
    "small.hep-status",
    { "data-status": status, title: MEANINGS[status] },
    element("span", { "aria-hidden": "true" }, MARKS[status]),
    ` ${status}`,
  );
}

/** A slider's position for a value, and back; a logarithmic slider moves in 200 equal ratios. */
function sliderScale(control) {
  if (control.scale !== "log")
    return {
      min: control.min,
      max: control.max,
      step: control.step,
      toSlider: (v) => v,
      toValue: (x) => x,
    };
  const ratio = Math.log(control.max / control.min);
  const tidy = (v) => Number(v.toPrecision(3));
  return {
    min: 0,
    max: 200,
    step: 1,
    toSlider: (v) => Math.round((200 * Math.log(v / control.min)) / ratio),
    toValue: (x) =>
      x <= 0
        ? control.min
        : x >= 200
          ? control.max
          : tidy(control.min * Math.exp((ratio * x) / 200)),
  };
}

/** A value with as many digits as the step of its control shows. */
export function showValue(control, value) {
  if (control.scale === "log")
    return Number(value.toPrecision(3))
      .toLocaleString("en-GB", { maximumSignificantDigits: 3 })
      .replaceAll(",", "\u202f");
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(control.step) - 1e-9)));
  return value.toFixed(decimals).replace("-", "−");
}

const COUNTED = /^(cell|day|infusion|month|patient|point|year)s?$/;

/** A value with its unit as one says it: 3 years, 1 year, 0.5 %. */
export function withUnit(text, unit) {
  const noun = COUNTED.exec(unit)?.[1];
  if (noun) return `${text} ${noun}${Number(text) === 1 ? "" : "s"}`;
  return unit ? `${text}\u00a0${unit}` : text;
}

/** The units in which a control may show its value; `factor` is what the value is multiplied by. */
const unitsOf = (control) => control.units ?? [{ unit: control.unit, factor: 1 }];

/** A value of a control in one of its units. */
function inUnit(control, value, { unit, factor }) {
  const words = showValue({ ...control, step: control.step * factor }, value * factor);
  return withUnit(words, unit);
}

const MAKERS = {
  slider: sliderControl,
  choice: choiceControl,
  toggle: toggleControl,
  switches: switchesControl,
  scenes: scenesControl,
  given: givenControl,
};

/**
 * Make one control.
 * @param {object} control its JSON
 * @param {function} onInput onInput(name, value, settled), or onInput(values, null, settled) of a
 * control of several values
 * @returns {{node: HTMLElement, show: function}} show(value), or show(values), sets the control
 * without an event
 */
export function createControl(control, onInput) {
  return MAKERS[control.kind](control, onInput);
}

function provenance(control) {
  if (!control.status) return null;
  const link = control.link
    ? element(
        "a.hep-source",
        { href: control.link, target: "_blank", rel: "noopener" },
        control.source,
      )
    : null;
  return element("div.hep-provenance", {}, statusMark(control.status), link);
}

function sliderControl(control, onInput) {
  const id = freshId("slider");
  const scale = sliderScale(control);
  const output = element("output.hep-value", { for: id });
  const units = unitsOf(control);
  let shown = 0; // which of the units
  const words = (value) => inUnit(control, value, units[shown]);
  const input = element("input", {
    id,
    type: "range",
    min: scale.min,
    max: scale.max,
    step: scale.step,
    "data-name": control.name,
  });
  const read = () => scale.toValue(Number(input.value));
  const speak = (value) => {
    putText(output, words(value));
    input.setAttribute("aria-valuetext", words(value));
  };
  input.addEventListener("input", () => {
    speak(read());
    onInput(control.name, read(), false);
  });
  input.addEventListener("change", () => onInput(control.name, read(), true));
  let held = control.value; // the slider's own position is rounded
  const swap = element("button.hep-unit", {
    type: "button",
    onclick: () => {
      shown = (shown + 1) % units.length;
      label();
      speak(held);
    },
  });
  const label = () => {
    swap.textContent = `in ${units[(shown + 1) % units.length].unit}`;
  };
  label();
  input.addEventListener("input", () => {
    held = read();
  });
  const origin = provenance(control);
  if (units.length > 1) origin.append(swap);
  const node = element(
    "div.hep-control",
    {},
    element("label", { for: id }, control.label),
    output,
    input,
    origin,
  );
  return {
    node,
    show: (value) => {
      held = value;
      input.value = scale.toSlider(value);
      speak(value);
    },
  };
}

function choiceControl(control, onInput) {
  const name = freshId("choice");
  const options = control.options.map((option) => {
    const input = element("input", {
      type: "radio",
      name,
      value: option.value,
      "data-name": control.name,
    });
    input.addEventListener("change", () => onInput(control.name, option.value, true));
    return element("label.hep-segment", {}, input, element("span", {}, option.label));
  });
  const node = element(
    "fieldset.hep-control.hep-choice",
    {},
    element("legend", {}, control.label),
    ...options,
  );
  return {
    node,
    show: (value) => {
      for (const label of options)
        label.firstChild.checked = Number(label.firstChild.value) === Number(value);
    },
  };
}

function toggleControl(control, onInput) {
  const input = element("input", { type: "checkbox", "data-name": control.name });
  input.addEventListener("change", () =>
    onInput(control.name, input.checked ? control.on : control.off, true),
  );
  const node = element(
    "div.hep-control.hep-toggle",
    {},
    element("label", {}, input, element("span", {}, control.label)),
  );
  return {
    node,
    show: (value) => {
      input.checked = Number(value) === Number(control.on);
    },
  };
}

function switchesControl(control, onInput) {
  const inputs = control.items.map((item) => {
    const input = element("input", { type: "checkbox", "data-name": item.name });
    input.addEventListener("change", () =>
      onInput({ [item.name]: Number(input.checked) }, null, true),
    );
    return input;
  });
  const rows = control.items.map((item, i) =>
    element("label.hep-segment", {}, inputs[i], element("span", {}, item.label)),
  );
  const node = element(
    "fieldset.hep-control.hep-choice.hep-switches",
    {},
    element("legend", {}, control.label),
    ...rows,
  );
  return {
    node,
    show: (values) =>
      inputs.forEach((input, i) => {
        input.checked = Number(values[control.items[i].name]) === 1;
      }),
  };
}

function scenesControl(control, onInput) {
  const name = freshId("scene");
  const inputs = control.options.map((option, i) => {
    const input = element("input", { type: "radio", name, value: i, "data-name": control.name });
    input.addEventListener("change", () => onInput(option.values, null, true));
    return input;
  });
  const rows = control.options.map((option, i) =>
    element("label.hep-segment", {}, inputs[i], element("span", {}, option.label)),
  );
  const node = element(
    "fieldset.hep-control.hep-choice.hep-scenes",
    {},
    element("legend", {}, control.label),
    ...rows,
  );
  const holds = (option, values) =>
    Object.entries(option.values).every(([key, value]) => Number(values[key]) === value);
  return {
    node,
    show: (values) =>
      inputs.forEach((input, i) => {
        input.checked = holds(control.options[i], values);
      }),
  };
}

function givenControl(control) {
  const output = element("output.hep-value");
  const words = (value) =>
    control.words.find((item) => item.value === Number(value))?.word ??
    inUnit(control, value, unitsOf(control)[0]);
  const node = element("div.hep-control.hep-given", {}, element("span", {}, control.label), output);
  return {
    node,
    show: (value) => {
      putText(output, words(Number(value)));
    },
  };
}

/** Buttons that set several controls at once. */
export function createPresets(presets, onPick) {
  if (!presets.length) return null;
  const button = (preset) =>
    element(
      "button",
      { type: "button", title: preset.hint ?? "", onclick: () => onPick(preset.values) },
      preset.label,
    );
  return element(
    "div.hep-presets",
    { role: "group", "aria-label": "Examples to try" },
    ...presets.map(button),
  );
}

/**
 * A play head: a slider over the time of the run and a button that plays it.
 * @returns {{node: HTMLElement, show: function, stop: function}}
 */
export function createPlayHead(head, points, onMove) {
  const id = freshId("head");
  const input = element("input", {
    id,
    type: "range",
    min: 0,
    max: points - 1,
    step: 1,
    "data-name": "head",
  });
  const output = element("output.hep-value", { for: id });
  const button = element("button", { type: "button" }, "▶ Play");
  let playing = null;
  const stop = () => {
    if (playing) cancelAnimationFrame(playing);
    playing = null;
    button.textContent = "▶ Play";
  };
  const play = (began, from) => (now) => {
    // a frame may bear a time before the click that asked for it
    const share = Math.max(0, now - began) / (head.seconds * 1000);
    const index = Math.min(points - 1, Math.round(from + share * (points - 1)));
    onMove(index, index === points - 1);
    playing = index < points - 1 ? requestAnimationFrame(play(began, from)) : stop();
  };
  const begin = (from) => {
    button.textContent = "❚❚ Pause";
    playing = requestAnimationFrame(play(performance.now(), from));
  };
  button.addEventListener("click", () => {
    if (playing) return stop();
    begin(Number(input.value) >= points - 1 ? 0 : Number(input.value));
  });
  input.addEventListener("input", () => {
    stop();
    onMove(Number(input.value), false);
  });
  input.addEventListener("change", () => onMove(Number(input.value), true));
  const node = element(
    "div.hep-time",
    {},
    button,
    element("label.hep-hidden", { for: id }, head.label),
    input,
    output,
  );
  return {
    node,
    stop,
    /** From the beginning. */
    play() {
      stop();
      begin(0);
    },
    show(index, time) {
      input.value = index;
      putText(output, `${head.label} ${showValue({ step: Math.max(head.step, 0.1) }, time)}`);
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}
