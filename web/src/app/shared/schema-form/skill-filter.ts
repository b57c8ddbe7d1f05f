/** Which skill the trainers on offer must have: chosen once for a whole list of half-days. */
import { Injectable, signal } from '@angular/core';

@Injectable()
export class SkillFilter {
  /** Empty for all. */
  readonly skill = signal('');
}
