/** The panels of a company's page. They are shown together, and loaded as one file. */
export { Contacts } from './contacts';
export { Identity } from './identity';
export { Invoices } from './invoices';
export { Notes } from './notes';
export { Origin } from './origin';
export { Sessions } from './sessions';
