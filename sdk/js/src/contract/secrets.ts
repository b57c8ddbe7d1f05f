// Made from wit/ by `afpi plugin types`; do not edit.

/**
 * “Uses secrets an administrator has entered.” No function returns a secret's value: it can only be spent in a
 * `secret-header` towards a declared host.
 */
export interface SecretsImports {
  /** Has an administrator entered this secret on this site? */
  has(name: string): boolean;
}
