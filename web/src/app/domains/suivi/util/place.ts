/** A record with which a mail can be filed. */
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { SearchHit } from '../../../api/models/search-hit';

export interface Place {
  kind: AttachmentRecordKind;
  id: string;
  hit: SearchHit;
}
