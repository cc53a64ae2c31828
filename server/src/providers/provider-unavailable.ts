import type { FailureClass } from './provider.ts';

/** Thrown by `list` and `fetchMessage` when no trustworthy answer could be had. Nothing may be concluded from it. */
export class ProviderUnavailable extends Error {
  readonly class: FailureClass;
  readonly code: string | null;
  /** What the provider asks us to wait, milliseconds; null: it doesn't say. */
  readonly afterMs: number | null;

  constructor(
    message: string,
    details: { class: FailureClass; code?: string | null; afterMs?: number | null },
  ) {
    super(message);
    this.name = 'ProviderUnavailable';
    this.class = details.class;
    this.code = details.code ?? null;
    this.afterMs = details.afterMs ?? null;
  }
}
