/** The shape of a dictionary with any texts: the compiler checks that English has the keys of French. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
