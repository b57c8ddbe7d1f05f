//! Objectives: figures over facts. Pure: the same question gets the same answer.

import type {
  Attainment,
  Fact,
  Figure,
  Grouping,
  Metric,
  ObjectivesExports,
  Query,
  Score,
  Target,
  Unit,
} from './contract/objectives.js';
import { type Common, type Plugin, type Settings, nothing, plugin, told } from './define.js';
import { answer } from './errors.js';
import type { Infer } from './schema.js';

export type { Attainment, Fact, Figure, Grouping, Metric, Query, Score, Target, Unit };

/** The index that means “no word” in a fact, and “the total” in a score. */
export const NONE = 0xffff_ffff;

/** One calculation: gets facts in any number of batches, finishes once. */
export interface Calculation {
  /** Adds facts. Their division into batches must not matter. */
  add(facts: Fact[]): void;
  /**
   * The figures.
   *
   * @throws when the question cannot be answered, e.g. a period that ends before it begins
   */
  finish(): Score[];
}

/** What an objectives plugin does. */
export interface Objectives<S extends Settings> extends Common<S> {
  /** The metrics it can compute. */
  metrics(settings: Infer<S>): Metric[];
  /** Begins a calculation. */
  calculation(settings: Infer<S>, query: Query): Calculation;
  /** The attainment of targets. */
  attain(settings: Infer<S>, targets: Target[]): Attainment[];
}

/** The class of the contract's resource. */
type CalculationClass = new (query: Query) => Calculation;

/** Makes an objectives plugin. `afpi plugin new NAME --kind objectives --lang ts` writes a whole one. */
export function defineObjectives<S extends Settings = typeof nothing>(
  definition: Objectives<S>,
): Plugin & { objectives: ObjectivesExports & { Calculation: CalculationClass } } {
  return plugin(definition, (settings) => {
    class Shared implements Calculation {
      readonly #calculation: Calculation;
      constructor(query: Query) {
        this.#calculation = told(() => definition.calculation(settings(), query));
      }
      add(facts: Fact[]): void {
        told(() => this.#calculation.add(facts));
      }
      finish(): Score[] {
        return answer(() => this.#calculation.finish());
      }
    }
    return {
      objectives: {
        metrics: () => told(() => definition.metrics(settings())),
        attain: (targets) => told(() => definition.attain(settings(), targets)),
        Calculation: Shared,
      },
    };
  });
}
