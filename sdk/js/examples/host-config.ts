import { defineNotifier, log, object, string } from 'afpi-plugin';

const settings = object({ room: string({ fr: 'Salle de discussion', en: 'Chat room' }) });

export default defineNotifier({
  settings,

  // They arrive read and typed, as the first argument of every function.
  notify({ room }, { name }) {
    log.info(`${name} for the room ${room}`);
    return [];
  },
});
