import { clock, type Instant } from 'afpi-plugin';

export function inAnHour(): Instant {
  return clock.now() + 3_600_000;
}
