import { metrics } from 'afpi-plugin';

export function count(rooms: string[]): void {
  metrics.add('messages_sent', rooms.length);
  metrics.set('rooms', rooms.length);
}
