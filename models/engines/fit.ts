/**
 * Fits a network of the user's own to the ports of the one whose place it takes.
 * Input: any network with one input and one output. Output: the same network under the manifest's port
 * names and shapes, so that no stage knows the difference.
 *
 * Layout: our ports have channels first (NCHW). A Keras network with channels last gets them transposed.
 * Output: probabilities become their logarithms, which a softmax turns back into the same probabilities.
 */
import type { Port, TrainedFacts } from '../manifest.ts';
import { floatsOf, sizeOf } from './engine.ts';
import type { Network, Shape, Tensors } from './engine.ts';

/** What `fitNetwork` needs to know besides the network. */
export interface FitOptions {
  /** Of the network, for messages. */
  readonly file: string;
  readonly facts: Pick<TrainedFacts, 'name' | 'inputs' | 'outputs'>;
  readonly gives: 'logits' | 'probabilities';
}

/** A probability below this counts as this, so that its logarithm stays a number (float32 epsilon). */
const LEAST_PROBABILITY = 1.2e-7;

/**
 * @throws Error with one sentence naming file, place, shapes found and shapes wanted
 */
export function fitNetwork(network: Network, options: FitOptions): Network {
  const [input, output] = [options.facts.inputs[0]!, options.facts.outputs[0]!];
  const order = inputOrder(network, input, options);
  const repeats = outputRepeats(network, output, options);
  const [theirInput, theirOutput] = [network.inputNames[0]!, network.outputNames[0]!];
  return {
    inputNames: [input.name],
    outputNames: [output.name],
    inputShapes: [input.dims],
    outputShapes: [output.dims],
    async run(feeds: Tensors): Promise<Tensors> {
      const data = floatsOf(feeds, input.name);
      const fed =
        order === 'same'
          ? { data, dims: input.dims }
          : { data: channelsLast(data, input.dims), dims: lastDims(input.dims) };
      const found = floatsOf(await network.run({ [theirInput]: fed }), theirOutput);
      const logits = options.gives === 'logits' ? found : found.map(logOf);
      return { [output.name]: { data: repeated(logits, repeats), dims: output.dims } };
    },
    close: () => network.close(),
  };
}

const logOf = (probability: number): number => Math.log(Math.max(probability, LEAST_PROBABILITY));

function inputOrder(network: Network, port: Port, options: FitOptions): 'same' | 'channels-last' {
  const [shape, ...more] = network.inputShapes;
  if (shape && more.length === 0) {
    if (fits(shape, port.dims)) return 'same';
    if (port.dims.length > 2 && fits(shape, lastDims(port.dims))) return 'channels-last';
  }
  const or = port.dims.length > 2 ? ` or ${written(lastDims(port.dims))}` : '';
  throw misfit(options, 'takes', network.inputShapes, `${written(port.dims)}${or}`);
}

/** How often the output is repeated to fill the port: once, or once for each of its equal heads. */
function outputRepeats(network: Network, port: Port, options: FitOptions): number {
  const [shape, ...more] = network.outputShapes;
  const heads = port.heads ?? 1;
  const oneHead = [...port.dims.slice(0, -1), port.dims.at(-1)! / heads];
  if (shape && more.length === 0) {
    if (fits(shape, port.dims)) return 1;
    if (fits(shape, oneHead)) return heads;
  }
  const or = heads > 1 ? ` or ${written(oneHead)}` : '';
  throw misfit(options, 'gives', network.outputShapes, `${written(port.dims)}${or}`);
}

function misfit(options: FitOptions, verb: string, found: readonly Shape[], wanted: string): Error {
  const { facts, file } = options;
  return new Error(
    `network ${file} in the place of ${facts.name} ${verb} ${found.map(written).join(' and ')}, wanted ${wanted}`,
  );
}

const written = (shape: Shape): string => `[${shape.map((size) => size ?? '?').join(',')}]`;

const fits = (shape: Shape, dims: readonly number[]): boolean =>
  shape.length === dims.length && shape.every((size, axis) => size === null || size === dims[axis]);

/** [n, c, ...rest] -> [n, ...rest, c]. */
const lastDims = (dims: readonly number[]): number[] => [dims[0]!, ...dims.slice(2), dims[1]!];

/** The same numbers with channels last; batches of one, as all our networks have. */
function channelsLast(data: Float32Array, dims: readonly number[]): Float32Array {
  const channels = dims[1]!;
  if (channels === 1) return data;
  const pixels = sizeOf(dims.slice(2));
  const out = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel += 1)
    for (let pixel = 0; pixel < pixels; pixel += 1)
      out[pixel * channels + channel] = data[channel * pixels + pixel]!;
  return out;
}

function repeated(data: Float32Array, times: number): Float32Array {
  if (times === 1) return data;
  const out = new Float32Array(data.length * times);
  for (let time = 0; time < times; time += 1) out.set(data, time * data.length);
  return out;
}
