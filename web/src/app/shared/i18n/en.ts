/** All English texts, one file per part of the application. */
import { admin } from './en/admin';
import { common } from './en/common';
import { opportunites } from './en/opportunites';
import { pages } from './en/pages';

export const en = { ...admin, ...common, ...opportunites, ...pages };
