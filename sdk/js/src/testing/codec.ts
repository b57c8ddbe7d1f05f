//! Converts values between TypeScript and the harness (`sdk/testing/src/protocol.rs`): snake case for fields, Rust's
//! names for enums and variants. `contract/shapes.ts` describes the types.

import { shapes } from '../contract/shapes.js';

/** The shape of a type. */
export type Shape =
  | 'plain'
  | 'enum'
  /** A type of the same interface. */
  | { named: string }
  /** A type of this name in another interface. */
  | { use: string }
  | { record: Record<string, Shape> }
  | { variant: Record<string, Shape | null> }
  | { list: Shape }
  | { option: Shape }
  | { tuple: Shape[] };

/** Types and functions by interface, under their names in `wit/`. */
export type Shapes = Record<
  string,
  { types: Record<string, Shape>; functions: Record<string, { params: Shape[]; result: Shape | null }> }
>;

/** TypeScript → harness. `of` is the interface in which the shape stands. */
export function encode(shape: Shape, of: string, value: any): unknown {
  return turn(shape, of, value, {
    word: pascal,
    record: (fields, of) => entries(fields, (name, field) => [snake(name), encode(field, of, value[camel(name)])]),
    variant: (cases, of) => {
      const field = cases[value.tag];
      if (field === undefined)
        throw new TypeError(`there is no case \`${value.tag}\`; there are ${Object.keys(cases).join(', ')}`);
      return field === null ? pascal(value.tag) : { [pascal(value.tag)]: encode(field, of, value.val) };
    },
    part: encode,
  });
}

/** Harness → TypeScript. */
export function decode(shape: Shape, of: string, value: any): unknown {
  return turn(shape, of, value, {
    word: kebab,
    record: (fields, of) => entries(fields, (name, field) => [camel(name), decode(field, of, value[snake(name)])]),
    variant: (cases, of) => {
      const [name, inner] = typeof value === 'string' ? [value, undefined] : Object.entries(value)[0]!;
      const field = cases[kebab(name)];
      return field ? { tag: kebab(name), val: decode(field, of, inner) } : { tag: kebab(name) };
    },
    part: decode,
  });
}

interface Turn {
  word(word: string): string;
  record(fields: Record<string, Shape>, of: string): unknown;
  variant(cases: Record<string, Shape | null>, of: string): unknown;
  part(shape: Shape, of: string, value: unknown): unknown;
}

function turn(shape: Shape, of: string, value: any, how: Turn): unknown {
  if (shape === 'plain') return value;
  if (shape === 'enum') return how.word(value);
  if ('named' in shape) {
    const type = shapes[of]!.types[shape.named]!;
    if (typeof type !== 'object' || !('use' in type)) return how.part(type, of, value);
    return how.part(shapes[type.use]!.types[shape.named]!, type.use, value);
  }
  if ('record' in shape) return how.record(shape.record, of);
  if ('variant' in shape) return how.variant(shape.variant, of);
  if ('list' in shape) return (value as unknown[]).map((item) => how.part(shape.list, of, item));
  if ('option' in shape) return value === null || value === undefined ? null : how.part(shape.option, of, value);
  if ('tuple' in shape) return shape.tuple.map((part, at) => how.part(part, of, value[at]));
  throw new TypeError(`\`${shape.use}\` is lent under a name only`);
}

function entries(
  fields: Record<string, Shape>,
  make: (name: string, field: Shape) => [string, unknown],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => make(name, field)));
}

const snake = (name: string): string => name.replaceAll('-', '_');
const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(`-${name}`);
const kebab = (name: string): string => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
