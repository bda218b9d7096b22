// One protocol for every kind of model, so that no card asks what kind it has.

import { compileChain } from "./chain.js";
import { compileCrowd } from "./crowd.js";
import { compileField } from "./field.js";
import { compileModel } from "./solver.js";

const ENGINES = {
  equations: compileModel,
  chain: compileChain,
  field: compileField,
  crowd: compileCrowd,
};

/**
 * Turn the JSON of a model (`javascript()` in Python) into something to run.
 *
 * The result has the JSON's data and, whatever the kind, `series(values, times)`: one series per
 * reported name, at rising times of the model's own `clock` ("days", "years", or "" for a model
 * without time). A model without clock also has `evaluate(values)` and `sweep(values, parameter,
 * grid)`. Values are in published units; missing ones keep those of the ledger.
 */
export function compile(spec) {
  const engine = ENGINES[spec.kind];
  if (!engine) throw new Error(`There is no engine for models of the kind ${spec.kind}.`);
  return engine(spec);
}
