/** English texts of the drop box. */

export const en = {
  dropBox: {
    title: 'Your mails in the CRM',
    text: 'Put this address in blind copy (Bcc) of a mail to a client, or forward a mail that you received to it: it appears in the follow-up of the record that its addresses or the number of a file in its subject name, and whoever sees the record reads it. Nothing else is read in your mailbox.',
    address: 'Address for blind copies',
    copy: 'Copy',
    copied: 'Address copied',
  },
};
