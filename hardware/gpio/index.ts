/** Lines of a GPIO chip: a warning output, a button, the ignition. */
export { watchButton } from './button.ts';
export { watchIgnition } from './ignition.ts';
export { gpioOutput } from './output.ts';
