import { Command } from 'commander';
import { nearest, quoted, UsageError } from '../model/diagnostic.ts';

const BILLING = 'billing';

/** `tiercast help [topic]`: of the program, of a command, or of the rules of billing. */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .summary('help for a command, or every rule of billing (help billing)')
    .description(
      'Shows the help of a command; `help billing` lists every rule of billing with its source and assumption.',
    )
    .argument('[topic]', `a command, or ${BILLING}`)
    .addHelpText('after', HELP)
    .action(async (topic?: string) => {
      if (topic === undefined) return program.outputHelp();
      if (topic === BILLING) {
        const { renderBillingHelp } = await import('../reports/billing-help.ts');
        process.stdout.write(renderBillingHelp());
        return;
      }
      const command = program.commands.find((one) => one.name() === topic);
      if (!command) throw unknown(topic, program);
      command.outputHelp();
    });
}

function unknown(topic: string, program: Command): UsageError {
  const topics = [...program.commands.map((command) => command.name()), BILLING];
  const near = nearest(topic, topics);
  return new UsageError(
    `no help on ${quoted(topic)}; ${near ? `did you mean '${near}'?` : `there is ${topics.join(', ')}`}`,
  );
}

const HELP = `
Examples:
  tiercast help compare
  tiercast help billing
`;
