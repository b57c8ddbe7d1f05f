/** Labels of the fields that a run can fill. Pure. */

/** The dictionary's key of a field: `address.city` and `entreprise.address.city` are `entreprises.field.city`. */
export function fieldKey(field: string): string {
  return 'entreprises.field.' + (field.split('.').at(-1) ?? field);
}
