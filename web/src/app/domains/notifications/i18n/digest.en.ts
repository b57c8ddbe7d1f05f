/** English texts of the digest. */

export const en = {
  digest: {
    on: 'Gather mails into a digest',
    text: 'The digest says what happened, what waits for you and which of your tasks are due. Nothing is sent when there is nothing to say. Messages in the application always come at once.',
    day: 'When',
    days: {
      '0': 'every day',
      '1': 'on Monday',
      '2': 'on Tuesday',
      '3': 'on Wednesday',
      '4': 'on Thursday',
      '5': 'on Friday',
      '6': 'on Saturday',
      '7': 'on Sunday',
    },
    hour: 'from',
    at: '{{hour}}:00',
    atOnce: 'At once',
  },
};
