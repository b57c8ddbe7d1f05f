// Made from wit/ by `afpi plugin types`; do not edit.

/** “Draws random numbers.” */
export interface RandomImports {
  /** `count` bytes, at most 1024, from the system's generator. */
  bytes(count: number): Uint8Array;
}
