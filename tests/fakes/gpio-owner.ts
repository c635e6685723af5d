/** An agent that holds a warning line and a button for ever, to be killed. Argument: `output` or `button`. */
import { configSchema } from '../../config/schema.ts';
import { gpioOutput, watchButton } from '../../hardware/gpio/index.ts';

const patterns = { notice: [10_000], warning: [10_000], critical: [10_000] };
const { warn, gpio } = configSchema.parse({
  warn: { gpio: { line: 17, patterns } },
  gpio: { button: { line: 27 } },
});
const silent = (): void => undefined;

if (process.argv[2] === 'output' && warn.gpio !== undefined) {
  const output = gpioOutput(warn.gpio, (fault) => {
    if (fault === null) void output.sound({ kind: 'microsleep', severity: 3 });
  });
} else if (gpio.button !== undefined) {
  const { signal } = new AbortController();
  void watchButton(gpio.button, { onPress: silent, onHealth: silent, signal });
}
setInterval(silent, 1000);
