/** What the dialog of a view is opened with. A file of its own, so that the bar loads the dialog on demand. */
import { Vue } from '../../../api/models/vue';
import { VueColumn } from '../../../api/models/vue-column';
import { VueList } from '../../../api/models/vue-list';
import { VueParam } from '../../../api/models/vue-param';

export interface VueQuestion {
  list: VueList;
  /** The view to change; `null` for a new one. */
  vue: Vue | null;
  /** What a new one shows. */
  query: VueParam[];
  /** The columns that the list shows; `null` where nobody chooses them. */
  columns: VueColumn[] | null;
}
