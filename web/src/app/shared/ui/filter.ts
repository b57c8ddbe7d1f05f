/** The filters that a list offers. A file of its own, so that a list can load the bar that shows them on demand. */
import { Text } from '../../api/models/text';

/** A value that a filter may have. Its name: a text key, a text of the server, or as it is. */
export interface FilterOption {
  value: string;
  label?: string;
  text?: Text;
  name?: string;
}

export interface Filter {
  /** Its parameter in the address. */
  name: string;
  /** Text key. */
  label: string;
  /** Of a choice: its values. */
  options?: readonly FilterOption[];
  /** Of a choice: the text key of no choice; none where each of its values is one. */
  any?: string;
  /** Of a filter that is on or off: its value when it is on. */
  on?: string;
  /** The filter that loses its value when this one changes. */
  clears?: string;
  /** It is a day. */
  day?: boolean;
}
