/**
 * The shape of a dictionary with any words in it: what the English one must share with the French one, checked by the
 * compiler.
 */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
