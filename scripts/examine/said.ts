/** What a network said of one file. */
import type { Probabilities } from '../../models/networks/classifier.ts';

/** By head; `null` = no answer: eye not visible, no speech. */
export type Said = Readonly<Record<string, Probabilities | null>>;
