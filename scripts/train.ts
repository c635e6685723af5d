/**
 * `npm run train -- NETWORK [--smoke] ...`: trains one network, or goes on where it stopped.
 * Input: the arguments of models/training/train.py. Output: its weights and metrics; its exit code.
 *
 * Training runs in Python (models/training), the rest of the project needs none. `PYTHON` names another
 * one than Debian's, for instance that of an environment with CUDA.
 */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const DEBIAN_PYTHON = '/usr/bin/python3';

/** Modules that every training imports, and the Debian packages that hold them. */
const NEEDED = {
  torch: 'python3-torch',
  onnx: 'python3-onnx',
  scipy: 'python3-scipy',
  PIL: 'python3-pil',
  cv2: 'python3-opencv',
};

/** One training alone measures MFCCs by torchaudio. */
const NEEDED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'source-voice': { torchaudio: 'python3-torchaudio' },
};

const FIND_MISSING =
  'import importlib.util, sys; print(*[m for m in sys.argv[1:] if importlib.util.find_spec(m) is None])';

/** One sentence when Python or a module is missing, else null. */
function missing(python: string, modules: Readonly<Record<string, string>>): string | null {
  const asked = spawnSync(python, ['-c', FIND_MISSING, ...Object.keys(modules)], { encoding: 'utf8' });
  const absent = asked.status === 0 ? asked.stdout.trim().split(/\s+/).filter(Boolean) : Object.keys(modules);
  if (absent.length === 0) return null;
  const what = asked.status === 0 ? `${python} has no ${absent.join(', ')}` : `${python} cannot be run`;
  const packages = absent.map((name) => modules[name] ?? name).join(' ');
  const python3 = asked.status === 0 ? '' : 'python3 ';
  return `training needs PyTorch: ${what}; run 'sudo apt-get install --no-install-recommends ${python3}${packages}'`;
}

const given = process.argv.slice(2);
const python = process.env['PYTHON'] ?? DEBIAN_PYTHON;
const own = given.flatMap((word) => Object.entries(NEEDED_BY[word] ?? {}));
const fault = missing(python, { ...NEEDED, ...Object.fromEntries(own) });
if (fault !== null) {
  console.error(fault);
  process.exitCode = 1;
} else {
  const training = spawn(python, ['-m', 'models.training.train', ...given], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
  });
  // Ctrl-C reaches Python by the terminal; it is Python that says how far it came.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => training.kill(signal));
  training.on('close', (code) => (process.exitCode = code ?? 1));
}
