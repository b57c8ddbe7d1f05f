import { events, type Id } from 'afpi-plugin';

/** Heard by others as `plugin.<this plugin's id>.late`. */
export function tooLate(opportunite: Id, days: number): void {
  events.emit('late', { days }, opportunite);
}
