import { hoursOf, quantityOf } from './quantity';

describe('the quantity of a product on a quote', () => {
  it('is its hours, its days, or one', () => {
    const durationMinutes = 35 * 60;
    expect(quantityOf({ durationMinutes, priceUnit: 'hour' })).toBe(35);
    expect(quantityOf({ durationMinutes, priceUnit: 'day' })).toBe(5);
    expect(quantityOf({ durationMinutes, priceUnit: 'group' })).toBe(1);
    expect(quantityOf({ durationMinutes, priceUnit: 'trainee' })).toBe(1);
    expect(quantityOf({ durationMinutes: null, priceUnit: 'hour' })).toBe(1);
  });

  it('has the hours that documents print: 3 h 20 is 3.33', () => {
    expect(hoursOf({ durationMinutes: 200 })).toBe(3.33);
    expect(quantityOf({ durationMinutes: 200, priceUnit: 'hour' })).toBe(3.33);
  });
});
