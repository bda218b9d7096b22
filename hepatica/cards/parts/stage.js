// Where the parts of a card stand.

import { element } from "./dom.js";

/** The usual order: prediction, then views and sentence beside the controls. */
export function layStage({ prediction, runs, views, sentence, controls }) {
  const pictures = element("div.hep-views", {}, ...views.filter(Boolean), ...sentence);
  return [prediction, element("div.hep-stage", {}, runs, pictures, controls)];
}
