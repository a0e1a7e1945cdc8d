import { formatBytes, formatCount, formatHours } from '../reports/format.ts';
import type { RunProgress } from './reading.ts';

const STEPS: Readonly<Record<RunProgress['step'], string>> = {
  reading: 'Reading',
  simulating: 'Simulating',
  explaining: 'Explaining',
  writing: 'Writing',
  profiling: 'Looking',
};

/**
 * A line on a terminal that says how far a run is, how fast it goes and how long it will take; silent when the stream
 * is no terminal.
 */
export function progressLine(stream: NodeJS.WriteStream): { show(progress: RunProgress): void; clear(): void } {
  let step: RunProgress['step'] | undefined;
  let began = 0;
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) stream.write('\r\u001b[2K');
    shown = 0;
  };
  return {
    show(progress) {
      if (!stream.isTTY) return;
      const now = performance.now();
      if (progress.step !== step) [step, began] = [progress.step, now];
      else if (now - shown < 100) return;
      shown = now;
      stream.write(`\r\u001b[2K${progressText(progress, (now - began) / 1000)}`);
    },
    clear,
  };
}

/** `Reading 42% of 612 MiB, 280 MiB/s, 2 seconds left` */
function progressText({ step, done, total }: RunProgress, seconds: number): string {
  const amount = step === 'reading' ? formatBytes(total) : `${formatCount(total)} requests`;
  const text = `${STEPS[step]} ${Math.floor(done * 100)}% of ${amount}`;
  if (done === 0 || seconds < 0.5) return text;
  const perSecond = (total * done) / seconds;
  const rate = step === 'reading' ? `${formatBytes(perSecond)}/s` : `${formatCount(Math.round(perSecond))}/s`;
  const left = (seconds / done) * (1 - done);
  return `${text}, ${rate}, ${left < 60 ? `${Math.ceil(left)} s` : formatHours(left / 3600)} left`;
}
