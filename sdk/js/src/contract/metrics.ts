// Made from wit/ by `afpi plugin types`; do not edit.

/** “Publishes figures for operations.” Only names declared in the manifest; the host adds plugin and site. */
export interface MetricsImports {
  /** Adds to a counter; ignored and counted when the name is not declared. */
  add(name: string, value: number): void;
  /** Sets a gauge. */
  set(name: string, value: number): void;
}
