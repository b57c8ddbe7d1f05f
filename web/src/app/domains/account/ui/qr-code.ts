/** A QR code as the server draws it. Dark on white in every theme: a camera needs it. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Qr } from '../../../api/models/qr';

@Component({
  selector: 'afpi-qr-code',
  template: `
    <svg role="img" [attr.aria-label]="label()" [attr.viewBox]="'0 0 ' + qr().size + ' ' + qr().size">
      <rect width="100%" height="100%" fill="#fff" />
      <path [attr.d]="qr().path" fill="#000" shape-rendering="crispEdges" />
    </svg>
  `,
  styles: `
    svg {
      display: block;
      width: 200px;
      border-radius: var(--radius);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QrCode {
  readonly qr = input.required<Qr>();
  readonly label = input.required<string>();
}
