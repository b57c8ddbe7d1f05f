/** The panels of an opportunité's page. They are shown together, and loaded as one file. */
export { Bookings } from './bookings';
export { Decision } from './decision';
export { Facts } from './facts';
export { Step } from './step';
