import { log } from 'afpi-plugin';

export function tell(status: number): void {
  log.debug('looking for the room');
  if (status < 300) log.info('the room was told');
  else if (status < 500) log.warn(`the chat answers ${status}`);
  else log.error('there is no such room');
}
