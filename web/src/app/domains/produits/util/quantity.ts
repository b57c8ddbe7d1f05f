/** Hours of a product, and how many of its price units make the whole training. */
import { Produit } from '../../../api/models/produit';

/** The hours of a training day. */
const DAY = 7;

/** Hours with two decimals, as documents print them. */
export function hoursOf({ durationMinutes }: Pick<Produit, 'durationMinutes'>): number | null {
  return typeof durationMinutes === 'number' ? hundredths(durationMinutes / 60) : null;
}

export function quantityOf(one: Pick<Produit, 'durationMinutes' | 'priceUnit'>): number {
  const hours = hoursOf(one);
  if (hours === null) return 1;
  switch (one.priceUnit) {
    case 'hour':
      return hours;
    case 'day':
      return hundredths(hours / DAY);
    default:
      return 1;
  }
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
