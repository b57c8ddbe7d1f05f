/** A section of an opportunité, as the workflow names it. */
import { Text } from '../../../api/models/text';

export interface Section {
  id: string;
  label: Text;
}
